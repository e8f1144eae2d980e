"""What is paid once after a death: support with the costs of a funeral, and what the death of somebody with merit brings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.assistance.models.revocable import Revocable, withdrawn_in_full
from lienthong.assistance.states import Benefit, DeathGrantPart, OnceKind, Programme
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class FuneralSupport(Revocable):
    """Support with the costs of one funeral, granted once for one death. Hỗ trợ chi phí mai táng.

    ``reasons`` keeps the decision as it was explained on the day, with its articles.
    """

    what = OnceKind.FUNERAL
    programme = Programme.SOCIAL
    benefit = Benefit.FUNERAL

    dossier_code = models.CharField(_("số hồ sơ"), max_length=60, unique=True)
    deceased = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người chết")
    )
    deceased_name = models.CharField(_("họ tên người chết"), max_length=120)
    deceased_number = models.CharField(_("số định danh người chết"), max_length=12, blank=True)
    deceased_key = models.CharField(_("họ tên không dấu của người chết"), max_length=120, blank=True)
    died_on = models.DateField(_("ngày chết"))
    payee_name = models.CharField(_("người nhận"), max_length=255)
    payee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người nhận trong dữ liệu dân cư")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("nơi chi trả")
    )
    amount = models.BigIntegerField(_("số tiền"))
    reasons = models.JSONField(_("lý do"))
    granted_at = models.DateTimeField(_("quyết định lúc"))
    granted_by = models.BigIntegerField()

    class Meta:
        verbose_name = _("hỗ trợ chi phí mai táng")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="funeral_support_positive", violation_error_message=_("Mức hỗ trợ phải lớn hơn 0.")
            ),
            models.UniqueConstraint(
                fields=["deceased_number"], condition=~Q(deceased_number="") & Q(withdrawn_at=None),
                name="funeral_support_once_per_death",
                violation_error_message=_("Người này đã được hỗ trợ chi phí mai táng."),
            ),
            models.UniqueConstraint(
                fields=["deceased_key", "died_on"],
                condition=Q(deceased_number="", withdrawn_at=None) & ~Q(deceased_key=""),
                name="funeral_support_once_per_name",
                violation_error_message=_("Người cùng họ tên, chết cùng ngày đã được hỗ trợ chi phí mai táng."),
            ),
            withdrawn_in_full("funeral_support_withdrawn_in_full"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.dossier_code

    @property
    def stream(self) -> str:
        """Name of the support's event stream."""
        return f"funeral-support:{self.pk}"

    @property
    def subject_id(self) -> int | None:
        """Whose it is: who died, where the registers know them, else who is paid."""
        return self.deceased_id or self.payee_id

    @property
    def receiver(self) -> str:
        """Who receives it, by name."""
        return self.payee_name


class DeathGrant(Revocable):
    """What is paid once after the death of somebody with merit: for the relatives, and for the funeral. Trợ cấp khi từ trần.

    ``lines`` keep words, amount and article of each sum, ``reasons`` the decision as it was explained on the day. Each part is
    granted once for a death: whoever arranged the funeral may be another than who receives the sum of the relatives.
    """

    what = OnceKind.AT_DEATH
    programme = Programme.MERIT

    dossier_code = models.CharField(_("số hồ sơ"), max_length=60, unique=True)
    deceased = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người chết"))
    died_on = models.DateField(_("ngày chết"))
    payee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người nhận tiền"))
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi chi trả")
    )
    part = models.CharField(_("phần được hưởng"), max_length=10, choices=DeathGrantPart.choices)
    amount = models.BigIntegerField(_("số tiền"))
    lines = models.JSONField(_("các khoản"))
    reasons = models.JSONField(_("lý do"))
    granted_at = models.DateTimeField(_("quyết định lúc"))
    granted_by = models.BigIntegerField()

    class Meta:
        verbose_name = _("trợ cấp khi người có công từ trần")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="death_grant_positive", violation_error_message=_("Số tiền phải lớn hơn 0.")
            ),
            models.UniqueConstraint(
                fields=["deceased"], condition=~Q(part=DeathGrantPart.FUNERAL) & Q(withdrawn_at=None),
                name="death_grant_once_for_relatives",
                violation_error_message=_("Trợ cấp một lần khi người này từ trần đã được quyết định."),
            ),
            models.UniqueConstraint(
                fields=["deceased"], condition=~Q(part=DeathGrantPart.RELATIVES) & Q(withdrawn_at=None),
                name="death_grant_once_for_funeral",
                violation_error_message=_("Trợ cấp mai táng khi người này từ trần đã được quyết định."),
            ),
            withdrawn_in_full("death_grant_withdrawn_in_full"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.dossier_code

    @property
    def stream(self) -> str:
        """Name of the event stream in which the grant is told: that of who died."""
        return f"assistance-person:{self.deceased_id}"

    @property
    def benefit(self) -> Benefit:
        """Under which name it is paid: the funeral alone may have another payee."""
        return Benefit.FUNERAL if self.part == DeathGrantPart.FUNERAL else Benefit.AT_DEATH

    @property
    def subject_id(self) -> int:
        """Whose it is: who died."""
        return self.deceased_id

    @property
    def receiver(self) -> str:
        """Who receives it, by name."""
        return self.payee.full_name
