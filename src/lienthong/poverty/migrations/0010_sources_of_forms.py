"""What a version of a form was compiled from, to be changed and published again; only added."""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE TRIGGER poverty_formsource_append_only BEFORE UPDATE OR DELETE ON poverty_formsource
    FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();
CREATE TRIGGER poverty_formsource_never_emptied BEFORE TRUNCATE ON poverty_formsource
    FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();
"""

DROP = """
DROP TRIGGER poverty_formsource_append_only ON poverty_formsource;
DROP TRIGGER poverty_formsource_never_emptied ON poverty_formsource;
"""


class Migration(migrations.Migration):
    dependencies = [("poverty", "0009_lists_by_two_people"), ("infra", "0004_never_emptied_log")]

    operations = [
        migrations.CreateModel(
            name="FormSource",
            fields=[
                (
                    "form_version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="source",
                        serialize=False,
                        to="poverty.formversion",
                        verbose_name="phiên bản",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="tệp nguồn")),
                ("warnings", models.JSONField(default=list, verbose_name="lưu ý của công cụ biên dịch")),
            ],
            options={"verbose_name": "tệp nguồn của phiên bản phiếu"},
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
