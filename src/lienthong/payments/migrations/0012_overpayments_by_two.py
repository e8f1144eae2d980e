"""An overpayment is settled by two: one says how, another confirms it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What one person settled was said by that person, and confirmed by nobody.
BY_ONE = """
UPDATE payments_overpayment SET proposed_by_id = settled_by_id, proposed_at = settled_at, settled_by_id = NULL
WHERE settled_by_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0011_templates_by_two"),
        ("people", "0001_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="overpayment",
            name="proposed_at",
            field=models.DateTimeField(null=True, verbose_name="đề nghị lúc"),
        ),
        migrations.AddField(
            model_name="overpayment",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunSQL(BY_ONE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="overpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by", None),
                    models.Q(
                        ("proposed_by__isnull", False), models.Q(("settled_by", models.F("proposed_by")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="overpayment_settled_by_two",
                violation_error_message="Người xác nhận khoản chi thừa đã xử lý phải khác người đề nghị.",
            ),
        ),
    ]
