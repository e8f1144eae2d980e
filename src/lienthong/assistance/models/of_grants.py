"""What belongs to one decision that is paid once, of whichever of the three kinds: exactly one reference is set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.assistance.models.emergency import EmergencyGrant
from lienthong.assistance.models.funeral import DeathGrant, FuneralSupport
from lienthong.assistance.states import OnceKind

REFERENCES: Final[Mapping[OnceKind, str]] = {
    OnceKind.FUNERAL: "funeral_support", OnceKind.AT_DEATH: "death_grant", OnceKind.EMERGENCY: "emergency_grant",
}  # fmt: skip
"""In which column each kind is referred to."""


class OfGrant(models.Model):
    """A row about one decision that is paid once. Dòng thuộc một quyết định chi một lần."""

    funeral_support = models.ForeignKey(
        FuneralSupport, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("hỗ trợ chi phí mai táng")
    )
    death_grant = models.ForeignKey(
        DeathGrant, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("trợ cấp khi người có công từ trần"),
    )  # fmt: skip
    emergency_grant = models.ForeignKey(
        EmergencyGrant,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("trợ giúp xã hội khẩn cấp"),
    )

    class Meta:
        abstract = True

    @property
    def grant(self) -> Any:
        """The decision; None where the row is about something else."""
        return self.funeral_support or self.death_grant or self.emergency_grant


def of(grant: Any) -> dict[str, Any]:
    """Return the reference to a decision, as a column and its value."""
    return {REFERENCES[OnceKind(grant.what)]: grant}


def exactly_one(*names: str) -> Q:
    """Return the condition that one of some references is set and no other."""
    return reduce(or_, (Q(**{f"{other}__isnull": other != name for other in names}) for name in names))


def once_each(*fields: str, name: str, message: Any, condition: Q | None = None) -> list[models.UniqueConstraint]:
    """Return the constraints that some fields are there once for each decision, whatever its kind."""
    return [
        models.UniqueConstraint(
            fields=[*fields, reference],
            condition=condition,
            name=f"{name}_{reference.partition('_')[0]}",
            violation_error_message=message,
        )
        for reference in REFERENCES.values()
    ]
