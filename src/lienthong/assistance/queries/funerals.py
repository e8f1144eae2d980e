"""What was given for one funeral, by whichever of the three ways: only the highest of them is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from lienthong.assistance.models import DeathGrant, EmergencyGrant, FuneralSupport, standing_top_ups
from lienthong.assistance.states import EmergencyGrantKind
from lienthong.kernel.money import Dong
from lienthong.kernel.text import fold
from lienthong.people.models import Person
from lienthong.rules.merit.at_death import FUNERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenForFuneral:
    """One sum for the costs of a funeral that stands. Khoản mai táng đã quyết định."""

    amount: Dong
    dossier_code: str


def by_article_eleven(deceased: Person | None, number: str) -> list[GivenForFuneral]:
    """Return the supports that stand, of somebody found in the registers or by the number of the papers."""
    rows = FuneralSupport.objects.filter(_of(deceased, number), withdrawn_at=None).order_by("pk")
    return [given for one in rows for given in _with_top_ups(one, one.amount)]


def after_emergency(deceased: Person | None, number: str) -> list[GivenForFuneral]:
    """Return what was given after a disaster or an accident and stands."""
    rows = EmergencyGrant.objects.filter(
        _of(deceased, number), kind=EmergencyGrantKind.DEATH, withdrawn_at=None
    ).order_by("pk")
    return [given for one in rows for given in _with_top_ups(one, one.amount)]


def with_merit(deceased: Person | None, number: str) -> list[GivenForFuneral]:
    """Return the costs of the funeral of somebody with merit; the sum for the relatives is no part of them."""
    mine = Q(deceased=deceased) if deceased else Q(pk__in=[])
    if number:
        mine |= Q(deceased__personal_id_number=number)
    return [
        given
        for one in DeathGrant.objects.filter(mine, withdrawn_at=None).order_by("pk")
        for line in one.lines
        if line["code"] == FUNERAL
        for given in _with_top_ups(one, line["amount"], of=FUNERAL)
    ]


def _with_top_ups(grant: Any, amount: int, *, of: str = "") -> list[GivenForFuneral]:
    """Return what was decided and what was added to it since, of one code or in all."""
    added = (line["amount"] for one in standing_top_ups(grant) for line in one.lines if not of or line["code"] == of)
    return [GivenForFuneral(amount=Dong(one), dossier_code=grant.dossier_code) for one in (amount, *added)]


def supported_namesakes(name: str, number: str, died_on: date) -> list[FuneralSupport]:
    """Return the supports that stand for somebody of the same name who died on the same day, by another number or none."""
    rows = FuneralSupport.objects.filter(died_on=died_on, withdrawn_at=None).order_by("pk")
    others = rows.exclude(deceased_number=number) if number else rows
    return [one for one in others if fold(one.deceased_name) == fold(name)]


def _of(deceased: Person | None, number: str) -> Q:
    mine = Q(deceased=deceased) if deceased else Q(pk__in=[])
    return mine | Q(deceased_number=number) if number else mine
