"""What the verbs of ``./lienthong benefits`` read and say alike: accounts, people by their number, benefits, places, proposals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.text import capfirst

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.assistance.queries import people
from lienthong.assistance.services.proposing import CANNOT
from lienthong.assistance.states import Benefit, EntitlementState, Programme, ProposalKind, ProposalState
from lienthong.infra.reading import write_reads
from lienthong.kernel.days import local_day
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.ops.console import say
from lienthong.ops.terminal_command import refuse
from lienthong.people.models import Person
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit


def account_of(username: str, *, example: str) -> User:
    """Return the account in whose name something is done, or refuse."""
    if not username:
        refuse(f"Thiếu --as USERNAME: việc này phải ghi do ai làm. Ví dụ: {example}")
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        refuse(f"Không có tài khoản “{username}” đang hoạt động. Hãy kiểm tra tên đăng nhập.")
    return user


def officer_of(username: str, *, on: date, example: str) -> User:
    """Return the account of somebody who works on the programmes, or refuse: nobody else has their screens either."""
    user = account_of(username, example=example)
    if not policies.sees_assistance(user, on=on):
        refuse(f"Tài khoản “{username}” không làm việc về trợ giúp xã hội hay người có công.")
    return user


def note_read(user: User, subject: str, action: str, *, command: str, now: datetime) -> None:
    """Write down what an account read at the terminal, as pages do."""
    write_reads([(subject, action)], actor_id=user.pk, path=f"./lienthong {command}", at=now)


def beneficiary_of(number: str, user: User, *, on: date) -> Person:
    """Return the person of an identity number whom the user may see, or refuse."""
    try:
        wanted = read_personal_id(number).number
    except UnreadablePersonalId as unreadable:
        refuse(str(unreadable))
    found = Person.objects.filter(personal_id_number=wanted).order_by("pk").first()
    try:
        return people.get_person(found.pk if found else 0, as_=user, on=on)
    except people.PersonNotFound:
        refuse(f"Không có người mang số {wanted} ở xã, phường bạn phụ trách. Hãy kiểm tra lại số.")


def commune_of(code: str, *, on: date) -> AdministrativeUnit:
    """Return the commune of a code, or what it has become, or refuse."""
    try:
        return units.unit_now(code, on)
    except units.UnitUnknown as unknown:
        refuse(str(unknown))


def entitlement_of(
    person: Person, kind: ProposalKind, *, benefit: str = "", entitlement: int | None = None, user: User, on: date
) -> Entitlement:
    """Return the one benefit of a person of which this may be proposed, or refuse and say which there are.

    Args:
        person: Who receives it.
        kind: What is to be proposed of it.
        benefit: Its code, where the person has several.
        entitlement: Its number, where the person had the same one several times.
        user: Who proposes.
        on: Today.
    """
    rows = people.entitlements_of(person.pk, as_=user, on=on)
    named = [one for one in rows if benefit in {"", one.benefit} and entitlement in {None, one.pk}]
    if not named:
        refuse(f"{person.full_name} không có khoản này trong phần việc của bạn. Đang có: {_named(rows)}.")
    mine = [one for one in named if policies.proposes(user, one.unit_id, on=on, programme=one.programme)]
    if not mine:
        refuse(CANNOT)
    fitting = [one for one in mine if kind in people.proposable(one, as_=user, on=on)]
    if not fitting:
        refuse(f"Không thể đề xuất “{kind.label}” cho khoản này: {_named(mine)}.")
    if len(fitting) > 1:
        refuse(f"{person.full_name} có nhiều khoản: {_named(fitting)}. Hãy nêu --benefit hoặc --entitlement.")
    return fitting[0]


def _named(rows: list[Entitlement]) -> str:
    return (
        "; ".join(f"{one.benefit} (số {one.pk}, {EntitlementState(one.state).label})" for one in rows)
        or "chưa hưởng khoản nào"
    )


def proposal_as_plain(one: Proposal) -> dict[str, Any]:
    """Give a proposal as JSON values."""
    return {
        "id": one.pk, "kind": one.kind, "kind_label": str(one.get_kind_display()), "programme": one.programme,
        "benefit": one.benefit, "person": {"name": one.person.full_name, "number": one.person.personal_id_number},
        "commune": one.unit.code, "state": one.state, "state_label": str(one.get_state_display()), "words": one.words,
        "reasons": [str(reason) for reason in one.reasons], "prepared_by": one.prepared_by.username,
        "prepared_on": local_day(one.prepared_at).isoformat(),
        "decided_by": one.decided_by.username if one.decided_by else None,
        "decision_number": one.decision_number, "note": one.note,
    }  # fmt: skip


def say_proposal(one: Proposal) -> None:
    """Print a proposal in a line, and what became of it."""
    programme = Programme(one.programme).label
    line = f"#{one.pk} {capfirst(str(one.get_kind_display()))}, {programme}: {one.person.full_name}, {one.unit.name}. {one.words}"
    if one.state != ProposalState.PENDING:
        by = one.decided_by.full_name if one.decided_by else ""
        decided = ", ".join(filter(None, [str(one.get_state_display()), one.decision_number, by]))
        line += f" ({decided}{': ' if one.note else ''}{one.note})"
    say(line)


def benefit_words(benefit: str) -> str:
    """Return what a benefit is called, as a sentence begins."""
    return str(capfirst(Benefit(benefit).label)) if benefit else ""
