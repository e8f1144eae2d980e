"""Which sessions of an account run, and which are over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from lienthong.accounts.models import SignIn, User
from lienthong.accounts.states import AccountKind, EndReason


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in as its owner sees it."""

    sign_in: SignIn
    is_current: bool
    is_running: bool

    @property
    def end_words(self) -> str:
        """Why it is over; empty while it runs."""
        if self.is_running:
            return ""
        return str(EndReason(self.sign_in.ended_because or EndReason.IDLE).label)


def sessions_of(account: User, *, now: datetime, current_id: int | None = None, past: int = 10) -> list[Session]:
    """Return the sessions of an account, running ones first, then the last ones that ended.

    Args:
        account: Whose.
        now: The moment: a session that lay idle too long is over, whether or not the browser came back to learn it.
        current_id: The sign-in of the browser that asks.
        past: How many that are over.
    """
    minutes = settings.IDLE_MINUTES_STAFF if account.kind == AccountKind.STAFF else settings.IDLE_MINUTES_CITIZEN
    alive = Q(ended_at=None, seen_at__gte=now - timedelta(minutes=minutes))
    mine = account.sign_ins.order_by("-seen_at", "-id")
    running = [Session(one, one.pk == current_id, is_running=True) for one in mine.filter(alive)]
    over = [Session(one, one.pk == current_id, is_running=False) for one in mine.exclude(alive)[:past]]
    return running + over
