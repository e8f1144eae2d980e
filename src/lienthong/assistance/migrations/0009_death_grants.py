"""What the death of somebody with merit brings once; a grant is never edited or deleted."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE TRIGGER assistance_deathgrant_kept BEFORE UPDATE OR DELETE ON assistance_deathgrant
    FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();
CREATE TRIGGER assistance_deathgrant_never_emptied BEFORE TRUNCATE ON assistance_deathgrant
    FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();
"""
DROPPED = """
DROP TRIGGER assistance_deathgrant_never_emptied ON assistance_deathgrant;
DROP TRIGGER assistance_deathgrant_kept ON assistance_deathgrant;
"""
BENEFIT = [
    ("personal", "trợ cấp xã hội, trợ cấp hưu trí xã hội hằng tháng"),
    ("own_support", "hỗ trợ người khuyết tật mang thai, nuôi con nhỏ"),
    ("carer", "hỗ trợ nhận chăm sóc, nuôi dưỡng"),
    ("funeral", "hỗ trợ chi phí mai táng"),
    ("emergency", "trợ giúp xã hội khẩn cấp"),
    ("monthly", "trợ cấp ưu đãi hằng tháng"),
    ("supplement", "phụ cấp ưu đãi hằng tháng"),
    ("attendant", "trợ cấp người phục vụ"),
    ("extra", "trợ cấp nuôi dưỡng"),
    ("study", "ưu đãi trong giáo dục, đào tạo"),
    ("yearly", "trợ cấp, hỗ trợ hằng năm"),
    ("one_off", "trợ cấp một lần"),
    ("at_death", "trợ cấp khi người có công từ trần"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0008_emergency_grants"),
        ("people", "0001_people"),
        ("units", "0002_unit_boundaries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entitlement",
            name="benefit",
            field=models.CharField(choices=BENEFIT, max_length=20, verbose_name="khoản hưởng"),
        ),
        migrations.AlterField(
            model_name="finding",
            name="benefit",
            field=models.CharField(choices=BENEFIT, max_length=20, verbose_name="khoản hưởng"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="benefit",
            field=models.CharField(blank=True, choices=BENEFIT, max_length=20, verbose_name="khoản hưởng"),
        ),
        migrations.CreateModel(
            name="DeathGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dossier_code", models.CharField(max_length=60, unique=True, verbose_name="số hồ sơ")),
                ("died_on", models.DateField(verbose_name="ngày chết")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("relatives", "trợ cấp một lần đối với thân nhân"),
                            ("funeral", "trợ cấp mai táng"),
                            ("both", "trợ cấp một lần và trợ cấp mai táng"),
                        ],
                        max_length=10,
                        verbose_name="phần được hưởng",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="số tiền")),
                ("lines", models.JSONField(verbose_name="các khoản")),
                ("reasons", models.JSONField(verbose_name="lý do")),
                ("granted_at", models.DateTimeField(verbose_name="quyết định lúc")),
                ("granted_by", models.BigIntegerField()),
                (
                    "deceased",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="người chết",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="người nhận tiền",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.administrativeunit",
                        verbose_name="nơi chi trả",
                    ),
                ),
            ],
            options={
                "verbose_name": "trợ cấp khi người có công từ trần",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="death_grant_positive",
                        violation_error_message="Số tiền phải lớn hơn 0.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part", "funeral"), _negated=True),
                        fields=("deceased",),
                        name="death_grant_once_for_relatives",
                        violation_error_message="Trợ cấp một lần khi người này từ trần đã được quyết định.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part", "relatives"), _negated=True),
                        fields=("deceased",),
                        name="death_grant_once_for_funeral",
                        violation_error_message="Trợ cấp mai táng khi người này từ trần đã được quyết định.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, DROPPED),
    ]
