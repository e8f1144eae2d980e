"""A form that is sent twice does its work once."""

from typing import Any
from uuid import UUID

from lienthong.infra import locks
from lienthong.infra.models import Event


def done_before(client_key: UUID | None) -> dict[str, Any] | None:
    """Return what the event of this key says, when there is one; a second press waits here until the first is done."""
    if client_key is None:
        return None
    locks.hold(f"client key:{client_key}")
    payload: dict[str, Any] | None = (
        Event.objects.filter(client_key=client_key).values_list("payload", flat=True).first()
    )
    return payload
