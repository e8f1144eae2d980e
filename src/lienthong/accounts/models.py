"""Tables of accounts, mandates and sign-ins."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.states import AccountKind, EndReason, Role
from lienthong.kernel.days import Span
from lienthong.people.models import Organization, Person
from lienthong.units.models import Agency, DatedQuerySet, ValidSpan


class User(AbstractBaseUser):
    """An account: a member of staff, a citizen, or a firm. Tài khoản.

    Rights come only from mandates; there is no superuser. ``name_key`` is the folded name that search compares,
    ``sort_key`` puts names in Vietnamese order; whoever writes ``full_name`` writes both.
    """

    username = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    kind = models.CharField(_("loại tài khoản"), max_length=12, choices=AccountKind.choices)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C")
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="accounts")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="accounts")
    is_active = models.BooleanField(_("đang dùng"), default=True)
    must_change_password = models.BooleanField(_("phải đổi mật khẩu"), default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager["User"]()

    class Meta:
        verbose_name = _("tài khoản")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind=AccountKind.STAFF, organization=None)
                    | Q(kind=AccountKind.CITIZEN, person__isnull=False, organization=None)
                    | Q(kind=AccountKind.ORGANIZATION, organization__isnull=False)
                ),
                name="user_is_linked_to_whom_it_speaks_for",
                violation_error_message=_(
                    "Tài khoản công dân phải gắn với một người, tài khoản tổ chức với một tổ chức."
                ),
            )
        ]
        indexes = [models.Index(fields=["kind", "sort_key", "id"], name="user_by_name")]

    def __str__(self) -> str:
        return self.full_name

    def mandates_on(self, day: date) -> list[Mandate]:
        """Return the mandates that hold on ``day``, read once per day and instance."""
        cache: dict[date, list[Mandate]] = self.__dict__.setdefault("_mandates_by_day", {})
        if day not in cache:
            cache[day] = list(self.mandates.valid_on(day).select_related("agency").order_by("id"))
        return cache[day]


class Mandate(models.Model):
    """An officer may act in one role for one agency between two days. Phân công, ủy quyền.

    ``fields`` narrows the mandate to some fields of work; empty means all of the agency's.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(_("vai trò"), max_length=20, choices=Role.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("cơ quan"))
    fields = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("chỉ các lĩnh vực"))
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phân công")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="mandate_span",
                violation_error_message=_("Ngày kết thúc phân công phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("user")),
                name="mandate_is_granted_by_somebody_else",
                violation_error_message=_("Không ai tự phân công cho chính mình."),
            ),
            ExclusionConstraint(
                name="mandate_once_a_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Người này đã được phân công vai trò đó ở cơ quan đó trong những ngày đó."),
            ),
        ]
        indexes = [models.Index(fields=["agency", "role"], name="mandate_by_agency")]

    def __str__(self) -> str:
        return f"{self.user} – {self.role} – {self.agency}"

    @property
    def span(self) -> Span:
        """The days on which it counts."""
        return Span(self.valid_from, self.valid_until)

    @property
    def role_words(self) -> str:
        """The role as people call it."""
        return str(Role(self.role).label)


class SignIn(models.Model):
    """One session of one account, from sign-in to its end. Phiên đăng nhập.

    ``session_key`` names Django's own session; ending a sign-in deletes that session, so that it is refused at once.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(_("địa chỉ mạng"), null=True)
    device = models.CharField(_("thiết bị"), max_length=200, blank=True)
    began_at = models.DateTimeField(_("bắt đầu"))
    seen_at = models.DateTimeField(_("hoạt động gần nhất"))
    ended_at = models.DateTimeField(_("kết thúc"), null=True)
    ended_because = models.CharField(_("lý do kết thúc"), max_length=20, choices=EndReason.choices, blank=True)

    class Meta:
        verbose_name = _("phiên đăng nhập")
        indexes = [models.Index(fields=["user", "-seen_at"], name="sign_in_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%d/%m/%Y %H:%M}"
