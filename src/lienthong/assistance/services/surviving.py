"""What a death changes for those who live: the support for whoever cared ends, a parent's allowance is looked at.

Nothing else of theirs is touched: what was only paid through somebody who died goes on, and waits for another payee.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.assistance.models import Entitlement, EntitlementRate, Finding
from lienthong.assistance.services.changing import stop
from lienthong.assistance.services.death_offers import single_parents_of
from lienthong.assistance.states import (
    LIVE_STATES,
    Benefit,
    EntitlementState,
    FindingKind,
    FindingState,
    Programme,
)
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.people.models import Person
from lienthong.rules.social_assistance.timing import month_of

_CARER_DIED: Final = "Người nhận chăm sóc đã chết"
_STOPS: Final = LegalReference(document="02/2021/TT-BLĐTBXH", article="2")


def end_support_of_carer(carer: Person, *, acting_user_id: int | None, now: datetime) -> list[Entitlement]:
    """End the support that somebody who died received for caring, and put whoever they cared for on the list.

    Thôi hưởng hỗ trợ nhận chăm sóc. The month of the death is paid, to the heirs once they are named.

    Returns:
        What has ended.

    Legal source:
        02/2021/TT-BLĐTBXH, Điều 2.
    """
    assert carer.died_on is not None
    last_month = month_of(carer.died_on)
    reason = Reason(f"{_CARER_DIED} (ngày {format_day(carer.died_on)})", True, _STOPS)
    cared = Entitlement.objects.select_for_update().filter(benefit=Benefit.CARER, payee=carer, state__in=LIVE_STATES)
    ended = list(cared.exclude(person=carer).order_by("pk"))
    for row in ended:
        paid = _paid_in(row, last_month)
        stop(row, last_month=last_month, reason=str(reason), acting_user_id=acting_user_id, now=now)
        _put(
            row, FindingKind.NOT_RECEIVING, carer, now=now, amount=paid, is_certain=True,
            reasons=[f"{reason}.", _("Nếu có người khác nhận chăm sóc, hãy đề xuất cho người đó hưởng.")],
        )  # fmt: skip
    return ended


def ended_with_carer(carer: Person) -> QuerySet[Entitlement]:
    """Return what the recorded death of whoever cared has ended."""
    ended = Entitlement.objects.filter(benefit=Benefit.CARER, payee=carer, state=EntitlementState.ENDED)
    return ended.filter(ended_because__startswith=_CARER_DIED).order_by("pk")


def ask_of_parents(child: Person, *, now: datetime) -> None:
    """Put the poor single parents of a child who died on the list: their allowance counts the children they bring up.

    The child is not struck off by itself: which of those recorded it is, an officer says.

    Legal source:
        20/2021/NĐ-CP, Điều 5 khoản 4, Điều 6 khoản 1.
    """
    assert child.died_on is not None
    paid = Entitlement.objects.filter(programme=Programme.SOCIAL, benefit=Benefit.PERSONAL, state__in=LIVE_STATES)
    for row in paid.filter(person__in=single_parents_of(child, child.died_on)).order_by("pk"):
        if Finding.objects.filter(person=row.person_id, ground=_ground(child)).exists():
            continue
        told = {"name": child.full_name, "day": format_day(child.died_on)}
        _put(
            row, FindingKind.AMOUNT_DIFFERS, child, now=now, amount=None, is_certain=False,
            paid=_paid_in(row, month_of(local_day(now))),
            reasons=[
                _("%(name)s, con trong hộ, đã chết ngày %(day)s; trợ cấp của người đơn thân nghèo tính theo số con đang nuôi.") % told,
            ],
            missing=[_("những người con còn đang nuôi từ ngày %(day)s (ghi lại thông tin các con)") % told],
        )  # fmt: skip


def settle_asked_of_parent(person_id: int, *, decided_by_id: int, now: datetime) -> None:
    """Settle what was asked of a parent because a child died: the children were recorded anew."""
    asked = Finding.objects.filter(
        person=person_id, kind=FindingKind.AMOUNT_DIFFERS, ground__startswith=_BECAUSE_OF, state=FindingState.OPEN
    )
    asked.update(state=FindingState.SETTLED, decided_by=decided_by_id, decided_at=now)


def because_of(died: Person) -> Q:
    """Tell apart the findings about others that somebody's death brought."""
    return Q(ground=_ground(died))


def is_because_of_death(row: Finding) -> bool:
    """Tell whether a finding about somebody follows another's death, which a review does not look for."""
    return row.kind == FindingKind.AMOUNT_DIFFERS and row.ground.startswith(_BECAUSE_OF)


_BECAUSE_OF: Final = "death-of:"


def _ground(died: Person) -> str:
    return f"{_BECAUSE_OF}{died.pk}"


def _paid_in(row: Entitlement, month: date) -> int:
    rates = EntitlementRate.objects.filter(entitlement=row, superseded_at=None, first_month__lte=month)
    found = rates.exclude(end_month__lte=month).values_list("amount", flat=True).first()
    return found or 0


def _put(row: Entitlement, kind: FindingKind, died: Person, *, now: datetime, **said: object) -> None:
    """Open a finding about whose benefit it is; one that is open already says what is known now."""
    Finding.objects.update_or_create(
        person_id=row.person_id, kind=kind, programme=row.programme, benefit=row.benefit, state=FindingState.OPEN,
        defaults={
            "unit_id": row.unit_id, "entitlement": row if kind == FindingKind.AMOUNT_DIFFERS else None,
            "ground": _ground(died), "found_on": local_day(now), "run_id": f"death:{died.pk}", "missing": [], **said,
        },
    )  # fmt: skip
