"""Tables of accounts, mandates and sign-ins."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.states import AccountKind, Role
from lienthong.people.models import Organization, Person
from lienthong.units.models import Agency, DatedQuerySet


class User(AbstractBaseUser):
    """An account: a member of staff, a citizen, or a firm. Tài khoản.

    Rights come only from mandates; there is no superuser.
    """

    username = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    kind = models.CharField(_("loại tài khoản"), max_length=12, choices=AccountKind.choices)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="accounts")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="accounts")
    is_active = models.BooleanField(_("đang dùng"), default=True)
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
            )
        ]
        indexes = [models.Index(fields=["agency", "role"], name="mandate_by_agency")]

    def __str__(self) -> str:
        return f"{self.user} – {self.role} – {self.agency}"


class SignIn(models.Model):
    """One session of one account, from sign-in to its end. Phiên đăng nhập."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(_("địa chỉ mạng"), null=True)
    device = models.CharField(_("thiết bị"), max_length=200, blank=True)
    began_at = models.DateTimeField(_("bắt đầu"))
    seen_at = models.DateTimeField(_("hoạt động gần nhất"))
    ended_at = models.DateTimeField(_("kết thúc"), null=True)
    ended_because = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("phiên đăng nhập")

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%d/%m/%Y %H:%M}"
