"""Existing lists of poor and near-poor households that came as files."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_people"),
        ("poverty", "0004_figures_by_class"),
        ("units", "0002_unit_boundaries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255, verbose_name="tệp")),
                ("sha256", models.CharField(max_length=64)),
                ("valid_from", models.DateField(verbose_name="phân loại từ ngày")),
                (
                    "class_of_all",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("poor", "hộ nghèo"),
                            ("near_poor", "hộ cận nghèo"),
                            ("average", "hộ có mức sống trung bình"),
                            ("not_poor", "hộ không nghèo"),
                        ],
                        max_length=10,
                        verbose_name="phân loại của mọi dòng",
                    ),
                ),
                ("signature", models.CharField(max_length=32)),
                ("mapping", models.JSONField(default=dict, verbose_name="cột")),
                ("reading", models.JSONField(default=dict, verbose_name="đã đọc")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("read", "chờ xác nhận cột"),
                            ("staged", "chờ ghi"),
                            ("committed", "đã ghi"),
                            ("cancelled", "đã bỏ"),
                        ],
                        default="read",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("loaded_at", models.DateTimeField(verbose_name="nhập lúc")),
                ("committed_at", models.DateTimeField(null=True, verbose_name="ghi lúc")),
                (
                    "committed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "loaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhập",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.administrativeunit",
                        verbose_name="xã, phường",
                    ),
                ),
            ],
            options={
                "verbose_name": "danh sách nhập",
                "indexes": [
                    models.Index(fields=["signature", "-loaded_at"], name="list_import_by_signature"),
                    models.Index(fields=["unit", "-loaded_at"], name="list_import_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "committed"), _negated=True),
                            models.Q(("committed_at__isnull", False), ("committed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="list_import_committed_by_somebody",
                        violation_error_message="Danh sách đã ghi phải có người ghi và lúc ghi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_number", models.PositiveIntegerField(verbose_name="dòng")),
                ("household_code", models.CharField(blank=True, max_length=60, verbose_name="mã hộ trong tệp")),
                ("head_name", models.CharField(blank=True, max_length=200, verbose_name="chủ hộ")),
                (
                    "household_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("poor", "hộ nghèo"),
                            ("near_poor", "hộ cận nghèo"),
                            ("average", "hộ có mức sống trung bình"),
                            ("not_poor", "hộ không nghèo"),
                        ],
                        max_length=10,
                        verbose_name="phân loại",
                    ),
                ),
                ("details", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("matched", "khớp với hộ đã có"),
                            ("created", "lập hộ mới"),
                            ("unchanged", "không có gì đổi"),
                            ("refused", "không nhận"),
                        ],
                        max_length=10,
                        verbose_name="kết quả",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=600, verbose_name="vì sao")),
                (
                    "notes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), default=list, size=None, verbose_name="cần xem"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.household"
                    ),
                ),
                (
                    "list_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="poverty.listimport"
                    ),
                ),
            ],
            options={
                "verbose_name": "dòng của danh sách nhập",
                "indexes": [
                    models.Index(fields=["household_code"], name="list_import_row_by_code"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("list_import", "row_number"), name="list_import_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="list_import_refusal_says_why",
                        violation_error_message="Dòng không nhận phải ghi vì sao.",
                    ),
                ],
            },
        ),
    ]
