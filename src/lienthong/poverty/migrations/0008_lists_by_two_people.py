"""Who loads a list does not also write it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("poverty", "0007_versions_and_standings_kept")]

    operations = [
        migrations.AddConstraint(
            model_name="listimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("committed_by", None),
                    models.Q(("committed_by", models.F("loaded_by")), _negated=True),
                    _connector="OR",
                ),
                name="list_import_four_eyes",
                violation_error_message="Người ghi danh sách phải khác người nạp.",
            ),
        )
    ]
