"""What was decided to be paid once: one decision, those of a person, how each is told, and the payment line that pays it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import DeathGrant, EmergencyGrant, FuneralSupport, Revocable
from lienthong.assistance.queries.people import Acts
from lienthong.assistance.states import EmergencyGrantState, OnceKind
from lienthong.infra.missing import NotFound
from lienthong.kernel.money import format_dong
from lienthong.payments.models import PaymentLine
from lienthong.people.models import Person

RECORDS: Final[Mapping[OnceKind, type[Revocable]]] = {
    model.what: model for model in (FuneralSupport, DeathGrant, EmergencyGrant)
}

LineKey = tuple[str, str, int]


class OnceNotFound(NotFound):
    """There is no such decision, or none that this user may see."""


def get_once(kind: str, grant_id: int, *, as_: User, on: date) -> Any:
    """Load a decision of a person whom the registers know, which a commune that the user may see pays.

    Raises:
        OnceNotFound: There is none.
    """
    if kind not in set(OnceKind):
        raise OnceNotFound
    model: Any = RECORDS[OnceKind(kind)]
    seen = policies.visible_of(as_, model.programme, on=on)
    row = model.objects.filter(seen, pk=grant_id).select_related("payee").first()
    if row is None or row.subject_id is None:
        raise OnceNotFound
    return row


def once_of(person: Person, acts: Acts) -> list[Any]:
    """Return what was decided once because somebody died, or is paid to them for a death; taken back or not, oldest first.

    What was given in an emergency is told by ``queries.emergency``.
    """
    number = person.personal_id_number
    mine = Q(deceased=person) | Q(payee=person)
    found: list[Any] = []
    if acts.sees_social:
        by_number = Q(deceased_number=number) if number else Q(pk__in=[])
        found += FuneralSupport.objects.filter(mine | by_number).select_related("payee")
    if acts.sees_merit:
        found += DeathGrant.objects.filter(mine).select_related("payee")
    return sorted(found, key=lambda one: (one.granted_at, one.pk))


def lines_of(found: Iterable[Any]) -> dict[LineKey, PaymentLine]:
    """Return the payment line of each decision that a run has taken up, by programme, benefit and the decision's id."""
    wanted = {key_of(one): one.subject_id for one in found if one.subject_id is not None and one.amount}
    if not wanted:
        return {}
    sources, benefits, _pks = zip(*wanted, strict=True)
    mine = PaymentLine.objects.filter(
        source__in=set(sources), benefit__in=set(benefits), person__in=set(wanted.values())
    )
    lines: dict[LineKey, PaymentLine] = {}
    # What counts before what failed; a grant was first in the line that paid it, what came later in the month names it too.
    for line in mine.order_by("-is_live", "pk"):
        for pk in (*line.basis.get("supports", ()), line.basis.get("death_grant")):
            lines.setdefault((line.source, line.benefit, pk), line)
    return {key: lines[key] for key in wanted if key in lines}


def key_of(one: Any) -> LineKey:
    """Return by what ``lines_of`` tells a decision apart."""
    return str(one.programme.value), str(one.benefit.value), one.pk


def is_settled(one: Any) -> bool:
    """Tell whether nothing can be taken back or paid to somebody else any more: it was taken back, or the rice is eaten."""
    return one.withdrawn_at is not None or getattr(one, "state", "") == EmergencyGrantState.HANDED_OUT


def may_propose_of(one: Any, *, as_: User, on: date) -> bool:
    """Tell whether a user proposes where a decision is paid: it stands still, of a person whom the registers know."""
    if one.subject_id is None or one.unit_id is None or is_settled(one):
        return False
    return policies.proposes(as_, one.unit_id, on=on, programme=one.programme)


def given_words(one: Any) -> str:
    """Word what is given: money, or rice."""
    rice = getattr(one, "rice_kg", 0)
    return _("%(n)s kg gạo") % {"n": rice} if rice else format_dong(one.amount)


def ground_words(one: Any) -> str:
    """Word by which dossier or decision it is given."""
    if one.dossier_code:
        return _("hồ sơ %(code)s") % {"code": one.dossier_code}
    return (_("quyết định %(number)s") % {"number": one.decision_number}).strip()


def subject_name(one: Any) -> str:
    """Return the name of whom a decision is about."""
    if isinstance(one, FuneralSupport):
        return one.deceased_name
    return one.deceased.full_name if isinstance(one, DeathGrant) else one.person.full_name
