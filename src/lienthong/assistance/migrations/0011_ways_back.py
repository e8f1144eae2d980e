"""Ways back from a wrong stop, a wrong death and its funeral support; what of a recovery came back otherwise."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("grant", "hưởng"),
    ("adjust", "điều chỉnh mức hưởng"),
    ("suspend", "tạm dừng"),
    ("resume", "hưởng trở lại"),
    ("stop", "thôi hưởng"),
    ("move", "chuyển nơi hưởng"),
    ("change_payee", "thay người nhận"),
    ("recover", "thu hồi tiền hưởng thừa"),
    ("merit_claim", "công nhận diện người có công, thân nhân"),
    ("certificate", "ghi giấy xác nhận khuyết tật"),
    ("emergency", "trợ giúp khẩn cấp"),
    ("reinstate", "phục hồi hưởng"),
    ("not_dead", "rút ghi nhận đã chết"),
    ("funeral_back", "thu hồi quyết định hỗ trợ mai táng"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0010_findings_of_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("proposal", "kind", models.CharField("loại", max_length=12, choices=KINDS)),
        migrations.AddField("funeralsupport", "withdrawn_at", models.DateTimeField("thu hồi lúc", null=True)),
        migrations.AddField(
            "funeralsupport",
            "withdrawn_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                on_delete=django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                verbose_name="người thu hồi",
            ),
        ),
        migrations.AddField(
            "funeralsupport",
            "withdrawn_because",
            models.CharField("vì sao thu hồi", max_length=500, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField("recovery", "elsewhere", models.BigIntegerField("đã thu cách khác", default=0)),
        migrations.AddConstraint(
            "recovery",
            models.CheckConstraint(
                condition=Q(elsewhere__gte=0) & Q(elsewhere__lte=models.F("amount")),
                name="recovery_elsewhere",
                violation_error_message="Số đã thu cách khác không thể âm hay quá tổng số phải thu.",
            ),
        ),
        migrations.RemoveConstraint("funeralsupport", "funeral_support_once_per_death"),
        migrations.AddConstraint(
            "funeralsupport",
            models.UniqueConstraint(
                fields=["deceased_number"],
                condition=~Q(deceased_number="") & Q(withdrawn_at=None),
                name="funeral_support_once_per_death",
                violation_error_message="Người này đã được hỗ trợ chi phí mai táng.",
            ),
        ),
        migrations.AddConstraint(
            "funeralsupport",
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="funeral_support_withdrawn_in_full",
                violation_error_message="Thu hồi hỗ trợ mai táng phải ghi người thu hồi và lý do.",
            ),
        ),
    ]
