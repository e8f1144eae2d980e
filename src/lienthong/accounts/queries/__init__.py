"""Questions about accounts. ``get_*`` loads and authorises at once: not there and not yours look the same."""

from lienthong.accounts.queries.demo import DEMO_PREFIX, DemoAccount, demo_accounts
from lienthong.accounts.queries.happenings import Happening, happenings_of, happenings_of_many, history_of
from lienthong.accounts.queries.readings import Reading, reader_for, readings_of, told
from lienthong.accounts.queries.sessions import Session, sessions_of
from lienthong.accounts.queries.staff import (
    AccountNotFound,
    MandateNotFound,
    StaffCounts,
    StaffFilter,
    account_of,
    agencies_to_grant,
    colleagues,
    get_mandate,
    get_user,
    last_seen,
    mandates_of,
    staff_counts,
    staff_list,
    staff_names,
)

__all__ = [
    "DEMO_PREFIX", "AccountNotFound", "DemoAccount", "Happening", "MandateNotFound", "Reading", "Session",
    "StaffCounts", "StaffFilter", "account_of", "agencies_to_grant", "colleagues", "demo_accounts", "get_mandate", "get_user",
    "happenings_of", "happenings_of_many", "history_of", "last_seen", "mandates_of", "reader_for", "readings_of", "sessions_of", "staff_counts",
    "staff_list", "staff_names", "told",
]  # fmt: skip
