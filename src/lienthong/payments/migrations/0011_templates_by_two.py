"""A template of a bank counts once a second person approved it; those that one person put down wait."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0010_accounts_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="banktemplate",
            name="bank_template_one_in_use",
        ),
        migrations.AddField(
            model_name="banktemplate",
            name="approved_at",
            field=models.DateTimeField(null=True, verbose_name="duyệt lúc"),
        ),
        migrations.AddField(
            model_name="banktemplate",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="banktemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at__isnull", False), ("superseded_at", None)),
                fields=("bank_code",),
                name="bank_template_one_in_use",
                violation_error_message="Mỗi ngân hàng chỉ dùng một mẫu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="banktemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at", None), ("superseded_at", None)),
                fields=("bank_code",),
                name="bank_template_one_waiting",
                violation_error_message="Mỗi ngân hàng chỉ có một mẫu chờ duyệt.",
            ),
        ),
        migrations.AddConstraint(
            model_name="banktemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_at", None),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("recorded_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="bank_template_four_eyes",
                violation_error_message="Người duyệt mẫu tệp phải khác người ghi.",
            ),
        ),
    ]
