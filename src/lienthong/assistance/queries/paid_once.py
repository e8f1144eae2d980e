"""What was decided to be paid once: one decision, those of a person, how each is told, and the payment line that pays it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import REFERENCES, DeathGrant, EmergencyGrant, FuneralSupport, Revocable, TopUp
from lienthong.assistance.queries.people import Acts
from lienthong.assistance.states import EmergencyGrantState, OnceKind
from lienthong.infra.missing import NotFound
from lienthong.kernel.money import format_dong
from lienthong.payments.models import PaymentLine
from lienthong.people.models import Person

RECORDS: Final[Mapping[OnceKind, type[Revocable]]] = {
    model.what: model for model in (FuneralSupport, DeathGrant, EmergencyGrant, TopUp)
}

LineKey = tuple[str, str, str, int]


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
    row = model.objects.filter(_seen(model, as_, on=on), pk=grant_id).select_related("payee").first()
    if row is None or row.subject_id is None:
        raise OnceNotFound
    return row


def _seen(model: Any, user: User, *, on: date) -> Q:
    if model is TopUp:
        return policies.visible_to(user, on=on)
    return policies.visible_of(user, model.programme, on=on)


def once_of(person: Person, acts: Acts) -> list[Any]:
    """Return what was decided once because somebody died, or is paid to them for a death; taken back or not, oldest first.

    With what a new law added to any of it. What was given in an emergency is told by ``queries.emergency``.
    """
    number = person.personal_id_number
    mine = Q(deceased=person) | Q(payee=person)
    found: list[Any] = []
    if acts.sees_social:
        by_number = Q(deceased_number=number) if number else Q(pk__in=[])
        found += FuneralSupport.objects.filter(mine | by_number).select_related("payee")
    if acts.sees_merit:
        found += DeathGrant.objects.filter(mine).select_related("payee")
    added = TopUp.objects.filter(Q(person=person) | Q(payee=person), programme__in=acts.programmes)
    found += added.select_related("payee", *REFERENCES.values())
    return sorted(found, key=lambda one: (one.granted_at, one.pk))


def lines_of(found: Iterable[Any]) -> dict[LineKey, PaymentLine]:
    """Return the payment line of each decision that a run has taken up, by ``key_of`` the decision."""
    wanted = {key_of(one): one.subject_id for one in found if one.subject_id is not None and one.amount}
    if not wanted:
        return {}
    sources, benefits, _names, _pks = zip(*wanted, strict=True)
    mine = PaymentLine.objects.filter(
        source__in=set(sources), benefit__in=set(benefits), person__in=set(wanted.values())
    )
    lines: dict[LineKey, PaymentLine] = {}
    # What counts before what failed; a grant was first in the line that paid it, what came later in the month names it too.
    for line in mine.order_by("-is_live", "pk"):
        for name in (Revocable.named_in, TopUp.named_in):
            for pk in line.basis.get(name, ()):
                lines.setdefault((line.source, line.benefit, name, pk), line)
        if before := line.basis.get("death_grant"):
            lines.setdefault((line.source, line.benefit, Revocable.named_in, before), line)
    return {key: lines[key] for key in wanted if key in lines}


def key_of(one: Any) -> LineKey:
    """Return by what ``lines_of`` tells a decision apart."""
    return str(one.programme), str(one.benefit), one.named_in, one.pk


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
    if isinstance(one, TopUp):
        return subject_name(one.grant)
    return one.deceased.full_name if isinstance(one, DeathGrant) else one.person.full_name
