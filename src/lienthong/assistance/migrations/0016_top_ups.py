"""A law that reaches back lists what was paid once, too; two people decide what is added to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Every row so far is of a benefit with months.
FILL = """
UPDATE assistance_lawchangerow AS row SET benefit = entitlement.benefit
FROM assistance_entitlement AS entitlement WHERE entitlement.id = row.entitlement_id;
"""
BACK = "'withdrawn_at', 'withdrawn_by_id', 'withdrawn_because', 'payee_id', 'payee_named_at'"
CREATE = f"""
CREATE TRIGGER assistance_topup_never_deleted BEFORE DELETE ON assistance_topup
    FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();
CREATE TRIGGER assistance_topup_never_emptied BEFORE TRUNCATE ON assistance_topup
    FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();
CREATE TRIGGER assistance_topup_kept BEFORE UPDATE ON assistance_topup
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_recorded({BACK});
"""
DROP = """
DROP TRIGGER assistance_topup_kept ON assistance_topup;
DROP TRIGGER assistance_topup_never_emptied ON assistance_topup;
DROP TRIGGER assistance_topup_never_deleted ON assistance_topup;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0015_sheets_of_all"),
        ("people", "0001_people"),
        ("units", "0002_unit_boundaries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TopUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_paid_apart", models.BooleanField(default=True, verbose_name="được chi riêng")),
                ("payee_named_at", models.DateTimeField(null=True, verbose_name="thay người nhận lúc")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="thu hồi lúc")),
                ("withdrawn_because", models.CharField(blank=True, max_length=500, verbose_name="vì sao thu hồi")),
                (
                    "programme",
                    models.CharField(
                        choices=[("social-assistance", "trợ giúp xã hội"), ("merit", "ưu đãi người có công")],
                        max_length=30,
                        verbose_name="chương trình",
                    ),
                ),
                (
                    "benefit",
                    models.CharField(
                        choices=[
                            ("personal", "trợ cấp hằng tháng"),
                            ("own_support", "hỗ trợ người khuyết tật mang thai, nuôi con nhỏ"),
                            ("carer", "hỗ trợ nhận chăm sóc, nuôi dưỡng"),
                            ("institution", "trợ cấp nuôi dưỡng trong cơ sở trợ giúp xã hội"),
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
                        ],
                        max_length=20,
                        verbose_name="khoản hưởng",
                    ),
                ),
                ("before", models.BigIntegerField(verbose_name="mức đã ghi")),
                ("amount", models.BigIntegerField(verbose_name="số tiền bổ sung")),
                ("lines", models.JSONField(verbose_name="các khoản")),
                ("reasons", models.JSONField(verbose_name="lý do")),
                ("decision_number", models.CharField(blank=True, max_length=60, verbose_name="số quyết định")),
                ("granted_at", models.DateTimeField(verbose_name="quyết định lúc")),
            ],
            options={
                "verbose_name": "bổ sung chênh lệch",
            },
        ),
        migrations.AddField(
            model_name="lawchangerow",
            name="benefit",
            field=models.CharField(
                choices=[
                    ("personal", "trợ cấp hằng tháng"),
                    ("own_support", "hỗ trợ người khuyết tật mang thai, nuôi con nhỏ"),
                    ("carer", "hỗ trợ nhận chăm sóc, nuôi dưỡng"),
                    ("institution", "trợ cấp nuôi dưỡng trong cơ sở trợ giúp xã hội"),
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
                ],
                default="",
                max_length=20,
                verbose_name="khoản hưởng",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="lawchangerow",
            name="death_grant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.deathgrant",
                verbose_name="trợ cấp khi người có công từ trần",
            ),
        ),
        migrations.AddField(
            model_name="lawchangerow",
            name="emergency_grant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.emergencygrant",
                verbose_name="trợ giúp xã hội khẩn cấp",
            ),
        ),
        migrations.AddField(
            model_name="lawchangerow",
            name="funeral_support",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.funeralsupport",
                verbose_name="hỗ trợ chi phí mai táng",
            ),
        ),
        migrations.AlterField(
            model_name="decisionsheet",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("top_up", "bổ sung chênh lệch khoản chi một lần"),
                ],
                max_length=12,
                verbose_name="loại",
            ),
        ),
        migrations.AlterField(
            model_name="lawchangerow",
            name="entitlement",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.entitlement",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("top_up", "bổ sung chênh lệch khoản chi một lần"),
                ],
                max_length=12,
                verbose_name="loại",
            ),
        ),
        migrations.AddConstraint(
            model_name="lawchangerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("death_grant__isnull", True),
                        ("emergency_grant__isnull", True),
                        ("entitlement__isnull", False),
                        ("funeral_support__isnull", True),
                    ),
                    models.Q(
                        ("death_grant__isnull", True),
                        ("emergency_grant__isnull", True),
                        ("entitlement__isnull", True),
                        ("funeral_support__isnull", False),
                    ),
                    models.Q(
                        ("death_grant__isnull", False),
                        ("emergency_grant__isnull", True),
                        ("entitlement__isnull", True),
                        ("funeral_support__isnull", True),
                    ),
                    models.Q(
                        ("death_grant__isnull", True),
                        ("emergency_grant__isnull", False),
                        ("entitlement__isnull", True),
                        ("funeral_support__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="law_row_of_one",
                violation_error_message="Mỗi dòng thuộc đúng một khoản hưởng, hoặc một quyết định chi một lần.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lawchangerow",
            constraint=models.UniqueConstraint(
                fields=("change", "funeral_support"),
                name="law_row_once_funeral",
                violation_error_message="Mỗi quyết định chi một lần chỉ có một dòng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lawchangerow",
            constraint=models.UniqueConstraint(
                fields=("change", "death_grant"),
                name="law_row_once_death",
                violation_error_message="Mỗi quyết định chi một lần chỉ có một dòng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lawchangerow",
            constraint=models.UniqueConstraint(
                fields=("change", "emergency_grant"),
                name="law_row_once_emergency",
                violation_error_message="Mỗi quyết định chi một lần chỉ có một dòng.",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="death_grant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.deathgrant",
                verbose_name="trợ cấp khi người có công từ trần",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="emergency_grant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.emergencygrant",
                verbose_name="trợ giúp xã hội khẩn cấp",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="funeral_support",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.funeralsupport",
                verbose_name="hỗ trợ chi phí mai táng",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="granted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người quyết định",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="law_row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="top_ups",
                to="assistance.lawchangerow",
                verbose_name="dòng chênh lệch theo mức mới",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
                verbose_name="người nhận tiền",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
                verbose_name="người được xét",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="prepared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người đề xuất",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="proposal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assistance.proposal",
                verbose_name="đề xuất",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.administrativeunit",
                verbose_name="nơi chi trả",
            ),
        ),
        migrations.AddField(
            model_name="topup",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người thu hồi",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("death_grant__isnull", True),
                        ("emergency_grant__isnull", True),
                        ("funeral_support__isnull", False),
                    ),
                    models.Q(
                        ("death_grant__isnull", False),
                        ("emergency_grant__isnull", True),
                        ("funeral_support__isnull", True),
                    ),
                    models.Q(
                        ("death_grant__isnull", True),
                        ("emergency_grant__isnull", False),
                        ("funeral_support__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="top_up_of_one",
                violation_error_message="Mỗi lần bổ sung thuộc đúng một quyết định chi một lần.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("before__gte", 0)),
                name="top_up_positive",
                violation_error_message="Số tiền bổ sung phải lớn hơn 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.CheckConstraint(
                condition=models.Q(("prepared_by", models.F("granted_by")), _negated=True),
                name="top_up_by_two",
                violation_error_message="Người đề xuất không được tự quyết định đề xuất của mình.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="top_up_withdrawn_in_full",
                violation_error_message="Thu hồi quyết định phải ghi người thu hồi và lý do.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("before", "funeral_support"),
                name="top_up_once_funeral",
                violation_error_message="Chênh lệch này đã được bổ sung rồi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("before", "death_grant"),
                name="top_up_once_death",
                violation_error_message="Chênh lệch này đã được bổ sung rồi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("before", "emergency_grant"),
                name="top_up_once_emergency",
                violation_error_message="Chênh lệch này đã được bổ sung rồi.",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
