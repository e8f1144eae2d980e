"""The verbs of accounts, one transaction each. Callers say ``from lienthong.accounts import services as accounts``."""

from lienthong.accounts.services.changing import AccountRefusal, NoSuchAccount, OutsideMandate, OwnAccount
from lienthong.accounts.services.mandates import (
    BegunToday,
    EndsInThePast,
    GrantMandate,
    MandateOver,
    MandateOverlaps,
    MandateSpanWrong,
    NoSuchAgency,
    NotAnOfficer,
    end_mandate,
    grant_mandate,
)
from lienthong.accounts.services.opening import (
    AlreadyClosed,
    AlreadyHasAccount,
    LinkMissing,
    MayNotOpenAccounts,
    OpenAccount,
    Opened,
    UnusableUsername,
    UsernameTaken,
    close_account,
    open_account,
)
from lienthong.accounts.services.passwords import (
    SamePassword,
    WeakPassword,
    WrongPassword,
    change_password,
    reset_password,
)
from lienthong.accounts.services.sessions import (
    BeginSession,
    NoSuchSession,
    begin_session,
    end_other_sessions,
    end_session,
    forget_dead_sessions,
    move_session,
    note_seen,
)

__all__ = [
    "AccountRefusal", "AlreadyClosed", "AlreadyHasAccount", "BeginSession", "BegunToday", "EndsInThePast", "GrantMandate", "LinkMissing",
    "MandateOver", "MandateOverlaps", "MandateSpanWrong", "MayNotOpenAccounts", "NoSuchAccount", "NoSuchAgency",
    "NoSuchSession", "NotAnOfficer", "OpenAccount", "Opened", "OutsideMandate", "OwnAccount", "SamePassword",
    "UnusableUsername", "UsernameTaken", "WeakPassword", "WrongPassword", "begin_session", "change_password",
    "close_account", "end_mandate", "end_other_sessions", "end_session", "forget_dead_sessions", "grant_mandate", "move_session", "note_seen",
    "open_account", "reset_password",
]  # fmt: skip
