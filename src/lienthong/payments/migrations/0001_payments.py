import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lienthong.units.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_files"),
        ("people", "0001_people"),
        ("units", "0002_unit_boundaries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("bank", "tài khoản ngân hàng"),
                            ("wallet", "ví điện tử"),
                            ("mobile_money", "tiền di động"),
                            ("post", "bưu điện"),
                            ("cash", "tiền mặt"),
                        ],
                        max_length=12,
                        verbose_name="kênh chi trả",
                    ),
                ),
                ("bank_code", models.CharField(blank=True, max_length=6, verbose_name="mã ngân hàng")),
                ("number", models.CharField(blank=True, max_length=34, verbose_name="số tài khoản")),
                ("holder_name", models.CharField(blank=True, max_length=140, verbose_name="tên chủ tài khoản")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("vneid", "tài khoản an sinh trên VNeID"),
                            ("declared", "người hưởng khai"),
                            ("post", "bưu điện cung cấp"),
                        ],
                        max_length=10,
                        verbose_name="nguồn",
                    ),
                ),
                (
                    "name_check",
                    models.CharField(
                        choices=[
                            ("same", "trùng tên"),
                            ("similar", "gần giống"),
                            ("different", "khác tên"),
                            ("unknown", "chưa biết tên chủ tài khoản"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="đối chiếu tên",
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True, verbose_name="xác minh lúc")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="xác nhận lúc")),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_until", models.DateField(null=True, verbose_name="đến trước ngày")),
                ("recorded_at", models.DateTimeField(verbose_name="ghi lúc")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác nhận",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_accounts",
                        to="people.person",
                        verbose_name="người nhận",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác minh",
                    ),
                ),
            ],
            options={
                "verbose_name": "tài khoản nhận tiền",
                "indexes": [
                    models.Index(fields=["channel", "bank_code", "number"], name="payment_account_by_number"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="payment_account_span",
                        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel__in", ("bank", "wallet", "mobile_money")), _negated=True),
                            models.Q(("number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_account_has_a_number",
                        violation_error_message="Phải ghi số tài khoản, số ví hoặc số điện thoại nhận tiền.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "bank"), _negated=True),
                            ("bank_code__regex", "^[0-9]{6}$"),
                            _connector="OR",
                        ),
                        name="payment_account_has_a_bank",
                        violation_error_message="Mã ngân hàng gồm đúng 6 chữ số.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                                models.Q(
                                    ("verified_by", None),
                                    models.Q(("confirmed_by", models.F("verified_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="payment_account_second_person",
                        violation_error_message="Người xác nhận phải khác người ghi và người xác minh.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), (lienthong.units.models.ValidSpan(), "&&")],
                        name="payment_account_once_a_day",
                        violation_error_message="Mỗi ngày một người chỉ nhận tiền ở một nơi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="số thứ tự")),
                ("source", models.CharField(max_length=40, verbose_name="chương trình")),
                ("benefit", models.CharField(max_length=60, verbose_name="khoản hưởng")),
                ("for_month", models.DateField(verbose_name="của tháng")),
                ("part", models.PositiveSmallIntegerField(default=0, verbose_name="lần")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("regular", "tháng này"),
                            ("arrears", "truy lĩnh"),
                            ("carried", "chi lại khoản chưa nhận"),
                        ],
                        max_length=10,
                        verbose_name="lý do",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="số tiền")),
                ("deducted", models.BigIntegerField(default=0, verbose_name="khấu trừ")),
                ("owed", models.BigIntegerField(verbose_name="phải chi của tháng")),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="cách tính")),
                ("basis", models.JSONField(default=dict, verbose_name="căn cứ")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bank", "tài khoản ngân hàng"),
                            ("wallet", "ví điện tử"),
                            ("mobile_money", "tiền di động"),
                            ("post", "bưu điện"),
                            ("cash", "tiền mặt"),
                        ],
                        max_length=12,
                        verbose_name="kênh chi trả",
                    ),
                ),
                ("bank_code", models.CharField(blank=True, max_length=6, verbose_name="mã ngân hàng")),
                ("account_number", models.CharField(blank=True, max_length=34, verbose_name="số tài khoản")),
                ("holder_name", models.CharField(blank=True, max_length=140, verbose_name="tên chủ tài khoản")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "chờ chuyển"),
                            ("held", "tạm giữ"),
                            ("sent", "đã chuyển, chờ kết quả"),
                            ("paid", "đã nhận"),
                            ("failed", "chuyển không thành công"),
                            ("returned", "bị hoàn trả"),
                            ("uncollected", "chưa đến nhận"),
                            ("cancelled", "đã hủy"),
                        ],
                        max_length=12,
                        verbose_name="trạng thái",
                    ),
                ),
                ("is_live", models.BooleanField(verbose_name="đang giữ tiền của tháng")),
                ("why", models.CharField(blank=True, max_length=500, verbose_name="vì sao chưa nhận")),
                ("why_code", models.CharField(blank=True, max_length=30)),
                ("paid_on", models.DateField(null=True, verbose_name="ngày nhận")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.paymentaccount",
                        verbose_name="tài khoản",
                    ),
                ),
                (
                    "carried_from",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_to",
                        to="payments.paymentline",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="người nhận",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="người hưởng",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.administrativeunit",
                        verbose_name="xã, phường",
                    ),
                ),
            ],
            options={
                "verbose_name": "khoản chi trả",
                "indexes": [
                    models.Index(fields=["person", "-for_month"], name="payment_line_by_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("source", "person", "benefit", "for_month", "part"),
                        name="payment_line_paid_once",
                        violation_error_message="Người này, khoản này, tháng này đã có trong một đợt chi trả khác.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_live", True), ("state__in", ("planned", "sent", "paid"))),
                            models.Q(
                                ("is_live", False), models.Q(("state__in", ("planned", "sent", "paid")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="payment_line_live_while_it_holds_money",
                        violation_error_message="Khoản chờ chuyển, đã chuyển hoặc đã nhận phải được tính; khoản khác thì không.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            ("deducted__gte", 0),
                            ("deducted__lte", models.F("amount")),
                            ("owed__gte", 0),
                        ),
                        name="payment_line_amounts",
                        violation_error_message="Số tiền phải lớn hơn 0, khấu trừ không vượt quá số tiền.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("for_month__day", 1)),
                        name="payment_line_month",
                        violation_error_message="Tháng được ghi bằng ngày mồng một.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_on__isnull", False), ("state", "paid")),
                            models.Q(models.Q(("state", "paid"), _negated=True), ("paid_on", None)),
                            _connector="OR",
                        ),
                        name="payment_line_paid_on_a_day",
                        violation_error_message="Khoản đã nhận phải ghi ngày nhận; khoản khác thì không.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("held", "failed", "returned", "uncollected")), _negated=True),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_line_says_why",
                        violation_error_message="Khoản chưa nhận được phải ghi vì sao.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("held", "cancelled")),
                            models.Q(("channel", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_line_goes_somewhere",
                        violation_error_message="Khoản được chi phải có kênh chi trả.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentComplaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=2000, verbose_name="nội dung")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "chờ trả lời"), ("answered", "đã trả lời"), ("closed", "đã đóng")],
                        default="open",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="gửi lúc")),
                ("answer", models.CharField(blank=True, max_length=2000, verbose_name="trả lời")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="trả lời lúc")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="đóng lúc")),
                ("client_key", models.UUIDField(null=True, unique=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_complaints",
                        to="people.person",
                        verbose_name="người hưởng",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.administrativeunit",
                        verbose_name="xã, phường",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="payments.paymentline",
                        verbose_name="khoản chi",
                    ),
                ),
            ],
            options={
                "verbose_name": "phản ánh về chi trả",
                "indexes": [
                    models.Index(fields=["unit", "state"], name="complaint_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="complaint_answered_in_full",
                        violation_error_message="Phản ánh đã trả lời phải ghi nội dung và thời điểm trả lời.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="tháng")),
                ("number", models.PositiveSmallIntegerField(verbose_name="đợt số")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collecting", "đang tổng hợp"),
                            ("prepared", "đã lập, chờ kiểm tra"),
                            ("checked", "đã kiểm tra, chờ duyệt"),
                            ("approved", "đã duyệt, chờ chuyển tiền"),
                            ("released", "đã chuyển chi trả"),
                            ("closed", "đã khóa sổ"),
                            ("cancelled", "đã hủy"),
                        ],
                        default="collecting",
                        max_length=12,
                        verbose_name="trạng thái",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("since", models.DateField(verbose_name="tính lại từ tháng")),
                ("changed_since", models.DateTimeField(null=True, verbose_name="tính các thay đổi từ lúc")),
                ("started_at", models.DateTimeField(verbose_name="bắt đầu lúc")),
                ("collected_at", models.DateTimeField(null=True, verbose_name="tổng hợp lúc")),
                ("rule_version", models.CharField(blank=True, max_length=64, verbose_name="phiên bản quy định")),
                ("progress", models.JSONField(default=dict, verbose_name="tiến độ")),
                ("stopped", models.CharField(blank=True, max_length=2000, verbose_name="vì sao dừng")),
                ("shortfalls", models.JSONField(default=list, verbose_name="thiếu dự toán")),
                ("notices", models.JSONField(default=list, verbose_name="lưu ý")),
                ("lines_total", models.PositiveIntegerField(default=0, verbose_name="số khoản")),
                ("amount_total", models.BigIntegerField(default=0, verbose_name="số tiền")),
                ("deducted_total", models.BigIntegerField(default=0, verbose_name="khấu trừ")),
                ("held_lines", models.PositiveIntegerField(default=0, verbose_name="số khoản tạm giữ")),
                ("held_amount", models.BigIntegerField(default=0, verbose_name="số tiền tạm giữ")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("prepared_at", models.DateTimeField(null=True, verbose_name="lập lúc")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="kiểm tra lúc")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="duyệt lúc")),
                ("released_at", models.DateTimeField(null=True, verbose_name="chuyển chi trả lúc")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="khóa sổ lúc")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="hủy lúc")),
                ("cancelled_reason", models.CharField(blank=True, max_length=500, verbose_name="lý do hủy")),
                ("client_key", models.UUIDField(null=True, unique=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người duyệt",
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người kiểm tra",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người chuyển chi trả",
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt chi trả",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "number"),
                        name="payment_run_once",
                        violation_error_message="Tháng này đã có đợt chi trả với số đó.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("collecting", "prepared", "checked", "approved"))),
                        fields=("month",),
                        name="payment_run_one_open",
                        violation_error_message="Tháng này đang có một đợt chi trả chưa chuyển.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1), ("since__day", 1), ("since__lte", models.F("month"))),
                        name="payment_run_months",
                        violation_error_message="Tháng được ghi bằng ngày mồng một; tháng tính lại không thể sau tháng chi trả.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("prepared_by", None),
                                ("checked_by", None),
                                models.Q(("prepared_by", models.F("checked_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("prepared_by", None),
                                ("approved_by", None),
                                models.Q(("prepared_by", models.F("approved_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("prepared_by", None),
                                ("released_by", None),
                                models.Q(("prepared_by", models.F("released_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("checked_by", None),
                                ("approved_by", None),
                                models.Q(("checked_by", models.F("approved_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("checked_by", None),
                                ("released_by", None),
                                models.Q(("checked_by", models.F("released_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("approved_by", None),
                                ("released_by", None),
                                models.Q(("approved_by", models.F("released_by")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="payment_run_four_people",
                        violation_error_message="Người lập, người kiểm tra, người duyệt và người chuyển chi trả phải khác nhau.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("collecting", "cancelled")),
                            models.Q(
                                ("collected_at__isnull", False),
                                ("prepared_at__isnull", False),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="payment_run_prepared_in_full",
                        violation_error_message="Đợt đã lập phải ghi lúc tổng hợp, lúc lập và mã của danh sách.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("collecting", "prepared", "cancelled")),
                            models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_run_checked_in_full",
                        violation_error_message="Đợt đã kiểm tra phải ghi người và lúc kiểm tra.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("approved", "released", "closed")), _negated=True),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_run_approved_in_full",
                        violation_error_message="Đợt đã duyệt phải ghi người và lúc duyệt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("released", "closed")), _negated=True),
                            models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_run_released_in_full",
                        violation_error_message="Đợt đã chuyển chi trả phải ghi người và lúc chuyển.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("cancelled_by__isnull", False),
                                models.Q(("cancelled_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="payment_run_cancelled_in_full",
                        violation_error_message="Đợt đã hủy phải ghi người hủy, lúc hủy và lý do.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="paymentline",
            name="resumed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.paymentrun",
            ),
        ),
        migrations.AddField(
            model_name="paymentline",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="payments.paymentrun",
                verbose_name="đợt",
            ),
        ),
        migrations.CreateModel(
            name="PaymentFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("bank", "tài khoản ngân hàng"),
                            ("wallet", "ví điện tử"),
                            ("mobile_money", "tiền di động"),
                            ("post", "bưu điện"),
                            ("cash", "tiền mặt"),
                        ],
                        max_length=12,
                        verbose_name="kênh chi trả",
                    ),
                ),
                ("bank_code", models.CharField(blank=True, max_length=6, verbose_name="mã ngân hàng")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pain001", "lệnh chuyển tiền ISO 20022"),
                            ("csv", "danh sách CSV"),
                            ("xlsx", "danh sách Excel theo mẫu của ngân hàng"),
                            ("list", "danh sách ký nhận"),
                        ],
                        max_length=10,
                        verbose_name="loại tệp",
                    ),
                ),
                ("part", models.PositiveSmallIntegerField(default=1, verbose_name="phần")),
                ("sha256", models.CharField(max_length=64)),
                ("lines", models.PositiveIntegerField(verbose_name="số khoản")),
                ("amount", models.BigIntegerField(verbose_name="số tiền")),
                ("message_id", models.CharField(blank=True, max_length=35, verbose_name="mã lệnh")),
                ("made_at", models.DateTimeField(verbose_name="lập lúc")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                        verbose_name="tệp",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="payments.paymentrun",
                        verbose_name="đợt",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp chi trả",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "channel", "bank_code", "kind", "part"),
                        name="payment_file_once",
                        violation_error_message="Tệp này của đợt đã được lập.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=("message_id",),
                        name="payment_file_message_once",
                        violation_error_message="Mã lệnh này đã dùng.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Overpayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, verbose_name="chương trình")),
                ("benefit", models.CharField(max_length=60, verbose_name="khoản hưởng")),
                ("for_month", models.DateField(verbose_name="của tháng")),
                ("amount", models.BigIntegerField(verbose_name="số tiền thừa")),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="vì sao")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "chờ xử lý"), ("settled", "đã xử lý"), ("withdrawn", "không còn thừa")],
                        default="open",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="phát hiện lúc")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="xử lý lúc")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="cách xử lý")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="người hưởng",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overpayments",
                        to="payments.paymentrun",
                        verbose_name="đợt phát hiện",
                    ),
                ),
            ],
            options={
                "verbose_name": "khoản chi thừa",
                "indexes": [
                    models.Index(fields=["source", "person", "benefit", "for_month"], name="overpayment_by_month"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="overpayment_positive",
                        violation_error_message="Số tiền thừa phải lớn hơn 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), _negated=True),
                            models.Q(("settled_at__isnull", False), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="overpayment_settled_in_full",
                        violation_error_message="Khoản chi thừa đã xử lý phải ghi cách xử lý và thời điểm.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("source", "person", "benefit", "for_month"),
                        name="overpayment_open_once",
                        violation_error_message="Tháng này đã có một khoản chi thừa đang chờ xử lý.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank_code", models.CharField(blank=True, max_length=6, verbose_name="mã ngân hàng")),
                ("account_number", models.CharField(blank=True, max_length=34, verbose_name="số tài khoản chi")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("camt053", "sao kê ISO 20022 (camt.053)"),
                            ("pain002", "báo kết quả ISO 20022 (pain.002)"),
                            ("mt940", "sao kê SWIFT MT940"),
                            ("csv", "tệp CSV của ngân hàng"),
                            ("xlsx", "tệp Excel của ngân hàng"),
                        ],
                        max_length=10,
                        verbose_name="định dạng",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=70, verbose_name="số sao kê")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("opening", models.BigIntegerField(null=True, verbose_name="số dư đầu")),
                ("closing", models.BigIntegerField(null=True, verbose_name="số dư cuối")),
                ("from_day", models.DateField(null=True, verbose_name="từ ngày")),
                ("to_day", models.DateField(null=True, verbose_name="đến ngày")),
                ("lines_total", models.PositiveIntegerField(default=0, verbose_name="số dòng")),
                ("amount_total", models.BigIntegerField(default=0, verbose_name="tổng tiền")),
                ("progress", models.JSONField(default=dict, verbose_name="tiến độ")),
                ("imported_at", models.DateTimeField(verbose_name="nhập lúc")),
                ("reconciled_at", models.DateTimeField(null=True, verbose_name="đối soát lúc")),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="payments.paymentrun",
                        verbose_name="đợt",
                    ),
                ),
            ],
            options={
                "verbose_name": "sao kê",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_day", None), ("to_day", None), ("to_day__gte", models.F("from_day")), _connector="OR"
                        ),
                        name="statement_span",
                        violation_error_message="Ngày cuối của sao kê không thể trước ngày đầu.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="số thứ tự")),
                ("reference", models.CharField(blank=True, max_length=70, verbose_name="mã tham chiếu")),
                ("amount", models.BigIntegerField(verbose_name="số tiền")),
                ("booked_on", models.DateField(null=True, verbose_name="ngày hạch toán")),
                ("account_number", models.CharField(blank=True, max_length=34, verbose_name="tài khoản đối ứng")),
                ("name", models.CharField(blank=True, max_length=140, verbose_name="tên đối ứng")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="nội dung")),
                ("outcome", models.CharField(blank=True, max_length=20, verbose_name="kết quả")),
                (
                    "match",
                    models.CharField(
                        choices=[
                            ("reference", "theo mã tham chiếu"),
                            ("account", "theo tài khoản và số tiền"),
                            ("by_hand", "do cán bộ khớp"),
                            ("none", "chưa khớp"),
                            ("not_ours", "không thuộc chi trả"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="khớp",
                    ),
                ),
                ("matched_at", models.DateTimeField(null=True, verbose_name="khớp lúc")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                (
                    "matched_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement_lines",
                        to="payments.paymentline",
                        verbose_name="khoản chi",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.statement",
                        verbose_name="sao kê",
                    ),
                ),
            ],
            options={
                "verbose_name": "dòng sao kê",
                "indexes": [
                    models.Index(
                        condition=models.Q(("match", "none")), fields=["statement"], name="statement_line_unmatched"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "number"),
                        name="statement_line_once",
                        violation_error_message="Dòng này của sao kê đã được nhập.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("match__in", ("none", "not_ours")), ("payment_line", None)),
                            models.Q(
                                models.Q(("match__in", ("none", "not_ours")), _negated=True),
                                ("payment_line__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="statement_line_matched_in_full",
                        violation_error_message="Dòng đã khớp phải ghi khoản chi của nó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank_code", models.CharField(max_length=6, verbose_name="mã ngân hàng")),
                ("name", models.CharField(max_length=140, verbose_name="tên mẫu")),
                ("columns", models.JSONField(default=list, verbose_name="các cột")),
                ("first_row", models.PositiveSmallIntegerField(default=2, verbose_name="dòng đầu")),
                ("sheet", models.CharField(blank=True, max_length=31, verbose_name="tên trang tính")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="phiên bản")),
                ("recorded_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("superseded_at", models.DateTimeField(null=True, verbose_name="thay lúc")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mẫu danh sách của ngân hàng",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bank_code", "version"),
                        name="bank_template_once",
                        violation_error_message="Ngân hàng này đã có mẫu với phiên bản đó.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("bank_code",),
                        name="bank_template_one_in_use",
                        violation_error_message="Mỗi ngân hàng chỉ dùng một mẫu.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, verbose_name="chương trình")),
                ("quarter", models.DateField(verbose_name="quý")),
                ("amount", models.BigIntegerField(verbose_name="số tiền")),
                ("reference", models.CharField(max_length=200, verbose_name="quyết định giao dự toán")),
                ("prepared_at", models.DateTimeField(verbose_name="lập lúc")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="duyệt lúc")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người duyệt",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
            ],
            options={
                "verbose_name": "dự toán chi trả",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="budget_says_an_amount",
                        violation_error_message="Dự toán phải có số tiền.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__day", 1), ("quarter__month__in", (1, 4, 7, 10))),
                        name="budget_of_a_quarter",
                        violation_error_message="Quý được ghi bằng ngày đầu quý.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="budget_four_eyes",
                        violation_error_message="Người duyệt dự toán phải khác người lập.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="budget_approved_in_full",
                        violation_error_message="Dự toán đã duyệt phải ghi người duyệt và thời điểm duyệt.",
                    ),
                    models.UniqueConstraint(
                        fields=("source", "quarter", "reference"),
                        name="budget_once",
                        violation_error_message="Quyết định này đã giao dự toán cho chương trình và quý đó.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayingAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank_code", models.CharField(max_length=6, verbose_name="mã ngân hàng")),
                ("bank_name", models.CharField(blank=True, max_length=140, verbose_name="tên ngân hàng")),
                ("number", models.CharField(max_length=34, verbose_name="số tài khoản")),
                ("holder_name", models.CharField(max_length=140, verbose_name="tên chủ tài khoản")),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_until", models.DateField(null=True, verbose_name="đến trước ngày")),
                ("recorded_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="duyệt lúc")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "tài khoản chi",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("bank_code__regex", "^[0-9]{6}$")),
                        name="paying_account_has_a_bank",
                        violation_error_message="Mã ngân hàng gồm đúng 6 chữ số.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="paying_account_span",
                        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="paying_account_four_eyes",
                        violation_error_message="Người duyệt tài khoản chi phải khác người ghi.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(fields=["run", "unit", "state"], name="payment_line_by_unit"),
        ),
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(
                condition=models.Q(
                    ("resumed_by", None), ("state__in", ("held", "failed", "returned", "uncollected", "cancelled"))
                ),
                fields=["source", "person", "benefit", "for_month"],
                name="payment_line_to_resume",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="payment_line_number"),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_live", False), ("resumed_by", None), _connector="OR"),
                name="payment_line_resumed_is_not_live",
                violation_error_message="Khoản đã được một đợt sau xét chi lại thì không thể coi là đã nhận.",
            ),
        ),
    ]
