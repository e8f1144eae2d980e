"""Whoever prepared a dossier does not decide it, and whoever decided it does not hand the result over."""

import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_due_as_of")]

    operations = [
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.IsNull(
                    models.Func(
                        models.F("preparer_ids"),
                        models.F("decided_by"),
                        function="array_position",
                        output_field=models.IntegerField(),
                    ),
                    True,
                ),
                name="dossier_decided_by_another",
                violation_error_message="Người quyết định phải khác người đã thụ lý hồ sơ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("returned_by", None),
                    ("decided_by", None),
                    models.Q(("returned_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="dossier_returned_by_another",
                violation_error_message="Người trả kết quả phải khác người quyết định.",
            ),
        ),
    ]
