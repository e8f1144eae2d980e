"""What is paid once may be taken back by two people, and be paid to somebody else than was decided first."""

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
    ("funeral_back", "thu hồi quyết định chi một lần"),
    ("once_payee", "thay người nhận khoản chi một lần"),
]
STATES = [("granted", "đã quyết định"), ("handed_out", "đã phát gạo"), ("revoked", "đã thu hồi quyết định")]
ONCE = ("funeralsupport", "deathgrant", "emergencygrant")
BACK = "'withdrawn_at', 'withdrawn_by_id', 'withdrawn_because', 'payee_id', 'payee_named_at'"
RICE = "'state', 'handed_out_on', 'handed_out_by_id'"

# A grant is kept as it was decided; that it was taken back, and who receives it now, is noted once more.
CREATE = f"""
DROP TRIGGER assistance_deathgrant_kept ON assistance_deathgrant;
CREATE TRIGGER assistance_deathgrant_never_deleted BEFORE DELETE ON assistance_deathgrant
    FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();
CREATE TRIGGER assistance_deathgrant_kept BEFORE UPDATE ON assistance_deathgrant
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_recorded({BACK});
DROP TRIGGER assistance_emergencygrant_kept ON assistance_emergencygrant;
CREATE TRIGGER assistance_emergencygrant_kept BEFORE UPDATE ON assistance_emergencygrant
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_recorded({RICE}, {BACK}, 'payee_ground');
"""
DROP = f"""
DROP TRIGGER assistance_emergencygrant_kept ON assistance_emergencygrant;
CREATE TRIGGER assistance_emergencygrant_kept BEFORE UPDATE ON assistance_emergencygrant
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_recorded({RICE});
DROP TRIGGER assistance_deathgrant_kept ON assistance_deathgrant;
DROP TRIGGER assistance_deathgrant_never_deleted ON assistance_deathgrant;
CREATE TRIGGER assistance_deathgrant_kept BEFORE UPDATE OR DELETE ON assistance_deathgrant
    FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();
"""


def withdrawn(model: str) -> list[migrations.AddField]:
    """Return the fields that say that a decision was taken back."""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=django.db.models.deletion.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người thu hồi",
    )
    because = models.CharField("vì sao thu hồi", max_length=500, blank=True, default="")
    return [
        migrations.AddField(model, "withdrawn_at", models.DateTimeField("thu hồi lúc", null=True)),
        migrations.AddField(model, "withdrawn_by", user),
        migrations.AddField(model, "withdrawn_because", because, preserve_default=False),
    ]


def in_full(name: str) -> models.CheckConstraint:
    """Return the constraint that whoever takes a decision back is named, with the reason."""
    return models.CheckConstraint(
        condition=Q(withdrawn_at=None, withdrawn_by=None)
        | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
        name=name,
        violation_error_message="Thu hồi quyết định phải ghi người thu hồi và lý do.",
    )


def instead(model: str, constraint: models.BaseConstraint) -> list[migrations.operations.base.Operation]:
    """Return what puts a constraint in the place of one of the same name."""
    return [migrations.RemoveConstraint(model, constraint.name), migrations.AddConstraint(model, constraint)]


def once(name: str, fields: list[str], condition: Q, words: str) -> models.UniqueConstraint:
    """Return that something stands once only; what was taken back stands in the way of nothing."""
    return models.UniqueConstraint(fields=fields, condition=condition, name=name, violation_error_message=words)


STANDS = Q(withdrawn_at=None)
BURIED = "Người chết này đã được hỗ trợ mai táng khẩn cấp."


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0012_decision_sheets"),
        ("payments", "0006_each_decision_for_itself"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("proposal", "kind", models.CharField("loại", max_length=12, choices=KINDS)),
        migrations.AlterField("decisionsheet", "kind", models.CharField("loại", max_length=12, choices=KINDS)),
        migrations.AlterField(
            "emergencygrant",
            "state",
            models.CharField("trạng thái", max_length=10, choices=STATES, default="granted"),
        ),
        *withdrawn("deathgrant"),
        *withdrawn("emergencygrant"),
        *(
            migrations.AddField(model, "payee_named_at", models.DateTimeField("thay người nhận lúc", null=True))
            for model in ONCE
        ),
        # What was decided before stays together in the lines that paid it.
        *(
            migrations.AddField(model, "is_paid_apart", models.BooleanField("được chi riêng", default=False))
            for model in ONCE
        ),
        *(
            migrations.AlterField(model, "is_paid_apart", models.BooleanField("được chi riêng", default=True))
            for model in ONCE
        ),
        *instead("funeralsupport", in_full("funeral_support_withdrawn_in_full")),
        migrations.AddConstraint("deathgrant", in_full("death_grant_withdrawn_in_full")),
        migrations.AddConstraint("emergencygrant", in_full("emergency_grant_withdrawn_in_full")),
        *instead(
            "deathgrant",
            once(
                "death_grant_once_for_relatives", ["deceased"], ~Q(part="funeral") & STANDS,
                "Trợ cấp một lần khi người này từ trần đã được quyết định.",
            ),
        ),
        *instead(
            "deathgrant",
            once(
                "death_grant_once_for_funeral", ["deceased"], ~Q(part="relatives") & STANDS,
                "Trợ cấp mai táng khi người này từ trần đã được quyết định.",
            ),
        ),
        *instead(
            "emergencygrant",
            models.CheckConstraint(
                condition=Q(state__in=["granted", "revoked"], handed_out_on=None, handed_out_by=None)
                | Q(state="handed_out", kind="rice", handed_out_on__isnull=False, handed_out_by__isnull=False),
                name="emergency_grant_handed_out",
                violation_error_message="Chỉ gạo được ghi đã phát, kèm ngày phát và người ghi.",
            ),
        ),
        migrations.AddConstraint(
            "emergencygrant",
            models.CheckConstraint(
                condition=Q(state="revoked", withdrawn_at__isnull=False) | (~Q(state="revoked") & STANDS),
                name="emergency_grant_revoked",
                violation_error_message="Quyết định đã thu hồi phải ghi lúc thu hồi.",
            ),
        ),
        *instead(
            "emergencygrant",
            once(
                "emergency_grant_once_per_person", ["person", "kind", "happened_on"], ~Q(kind="death") & STANDS,
                "Người này đã được hỗ trợ khoản này vì cùng sự việc.",
            ),
        ),
        *instead(
            "emergencygrant",
            once(
                "emergency_grant_once_per_household", ["household", "kind", "happened_on"],
                Q(household__isnull=False, kind__in=["rice", "house"], withdrawn_at=None),
                "Hộ này đã được hỗ trợ khoản này vì cùng sự việc.",
            ),
        ),
        *instead(
            "emergencygrant",
            once(
                "emergency_grant_once_per_deceased", ["deceased"], Q(deceased__isnull=False, withdrawn_at=None), BURIED,
            ),
        ),
        *instead(
            "emergencygrant",
            once(
                "emergency_grant_once_per_number", ["deceased_number"], ~Q(deceased_number="") & STANDS,
                "Người chết mang số này đã được hỗ trợ mai táng khẩn cấp.",
            ),
        ),
        *instead(
            "emergencygrant",
            once(
                "emergency_grant_once_per_name", ["person", "deceased_name", "happened_on"],
                Q(kind="death", deceased=None, deceased_number="", withdrawn_at=None), BURIED,
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]  # fmt: skip
