"""How every move is made: lock, authorise, check, decide, record, project.

One transaction of two statements: one reads and locks the row, one writes the events and the row that follows from them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import JSONField

from lienthong.accounts.models import User
from lienthong.dossiers import policies, projection
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.states import MOVES, Action, DossierState
from lienthong.infra import statements
from lienthong.infra.events import Fact, Head, KeyAlreadyUsed, append, link_to
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day


class NotAllowed(DossierRefusal):
    """This user may not make this move on this dossier."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"Bạn không được phân công để “{action.label}” với hồ sơ này. Hãy liên hệ người phụ trách.")


class ActionNotPossible(DossierRefusal):
    """The move is not in the table for the state of the dossier."""

    def __init__(self, action: Action, state: DossierState) -> None:
        super().__init__(
            f"Không thể “{action.label}” khi hồ sơ đang ở trạng thái “{state.label}”. Tải lại trang để xem việc làm được."
        )


class NothingToDo(DossierRefusal):
    """The move is in the table, but has no meaning for the dossier as it stands."""

    def __init__(self, action: Action) -> None:
        super().__init__(
            f"Lúc này “{action.label}” không có ý nghĩa với hồ sơ: xem hồ sơ đang ở bước nào, ai giữ, rồi chọn việc khác."
        )


class FormUsedElsewhere(DossierRefusal):
    """The key of the form was used for another action."""

    def __init__(self) -> None:
        super().__init__("Biểu mẫu này đã dùng cho một việc khác. Hãy mở lại trang rồi làm lại.")


class StaleDossier(DossierRefusal):
    """Somebody else changed the dossier since this user opened it."""

    def __init__(self) -> None:
        super().__init__(
            "Hồ sơ vừa được người khác xử lý sau khi bạn mở trang. Chưa có gì thay đổi; hãy xem lại rồi làm tiếp."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The dossier of an action as the actor saw it.

    Attributes:
        dossier_id: Which one.
        seen: The ``sequence`` that the actor's page showed.
        client_key: Chosen by the form or client once per intended action, so that a second press does nothing.
    """

    dossier_id: int
    seen: int
    client_key: UUID


Decide = Callable[[Dossier], Fact | Sequence[Fact]]


def make_move(
    target: Target, action: Action, decide: Decide, *, acting_user: User | None, now: datetime, secret: str = ""
) -> Dossier:
    """Make one move of the table.

    Args:
        target: The dossier, the version seen and the key of this action.
        action: Which move.
        decide: Looks at the locked dossier, writes what else belongs to the move, and returns the fact or facts.
        acting_user: Who; None for a guest who holds the tracking secret.
        now: The moment of the action.
        secret: The tracking secret of a guest.

    Returns:
        The dossier after the move; unchanged when this very action was made before.

    Raises:
        StaleDossier: The dossier changed since the actor saw it.
        ActionNotPossible: The state does not allow the move.
        NothingToDo: It has no meaning for the dossier as it stands.
        NotAllowed: The actor may not make it.
    """
    try:
        with transaction.atomic():
            dossier = locked(target.dossier_id)
            if dossier.sequence != target.seen and _was_made(target, dossier):
                return dossier
            if dossier.sequence != target.seen:
                raise StaleDossier
            if not policies.may(action, acting_user, dossier, on=local_day(now), secret=secret):
                raise NotAllowed(action)
            if dossier.state not in MOVES[action].origin:
                raise ActionNotPossible(action, DossierState(dossier.state))
            if not policies.makes_sense(action, dossier):
                raise NothingToDo(action)
            facts = decide(dossier)
            write(dossier, facts, acting_user=acting_user, now=now, client_key=target.client_key)
            return dossier

    except KeyAlreadyUsed as used:
        raise FormUsedElsewhere from used


def write(
    dossier: Dossier, facts: Fact | Sequence[Fact], *, acting_user: User | None, now: datetime, client_key: UUID | None
) -> None:
    """Append the facts to the dossier's stream and write the row that follows from them."""
    head, before = Head(dossier.sequence, dossier.head_hash), dict(dossier.__dict__)
    actor_id = acting_user.pk if acting_user is not None else None
    links = []
    for fact in (facts,) if isinstance(facts, Fact) else facts:
        link = link_to(head, fact, stream=dossier.stream, actor_id=actor_id, at=now, client_key=client_key)
        projection.apply(dossier, link.name, link.payload, actor_id=actor_id, at=now)
        links.append(link)
        head, client_key = link.head, None
    dossier.sequence, dossier.head_hash, dossier.updated_at = head.sequence, head.hash, now
    changed = tuple(name for name in _WRITTEN if dossier.__dict__[name] != before[name])
    values = [_for_the_driver(name, dossier.__dict__[name]) for name in changed]
    append(links, and_then=_update(changed), values=[*values, dossier.pk])


def locked(dossier_id: int) -> Dossier:
    """Read a dossier and hold its row until the running transaction ends.

    Raises:
        Dossier.DoesNotExist: There is none.
    """
    found = statements.execute(_lock(), [dossier_id])
    if not found:
        raise Dossier.DoesNotExist(dossier_id)
    row = list(found[0])
    for place in _json_places():
        row[place] = json.loads(row[place])
    return Dossier.from_db("default", _column_names(), row)


_WRITTEN = (*projection.PROJECTED, "updated_at")


def _for_the_driver(name: str, value: Any) -> Any:
    if name == "pauses":
        return json.dumps(value, ensure_ascii=False)
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else value


@cache
def _column_names() -> tuple[str, ...]:
    return tuple(field.attname for field in Dossier._meta.concrete_fields)


@cache
def _json_places() -> tuple[int, ...]:
    fields = enumerate(Dossier._meta.concrete_fields)
    return tuple(place for place, field in fields if isinstance(field, JSONField))


@cache
def _lock() -> str:
    wanted = [f"{name}::text" if place in _json_places() else name for place, name in enumerate(_column_names())]
    return f"SELECT {', '.join(wanted)} FROM dossiers_dossier WHERE id = %s FOR UPDATE"  # noqa: S608 -- our own columns


@cache
def _update(changed: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = %s" for name in changed)
    return f"UPDATE dossiers_dossier SET {changes} WHERE id = %s"  # noqa: S608 -- names of our own columns


def _was_made(target: Target, dossier: Dossier) -> bool:
    return Event.objects.filter(stream=dossier.stream, client_key=target.client_key).exists()
