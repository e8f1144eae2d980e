"""Writing what was decided into our own register, and taking it back. Nothing else writes an entry for a case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.verification import sources
from lienthong.verification.events import EntryCorrected
from lienthong.verification.models import Case
from lienthong.verification.services.case_moves import CaseRefused
from lienthong.verification.sides import Changes

# Every column of an entry that a decision may write.
WRITTEN = ("number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "commune")


class EntryChanged(CaseRefused):
    """The entry no longer says what it said when the correction was proposed."""

    def __init__(self) -> None:
        super().__init__(
            _("Bản ghi trong sổ đã khác với lúc đề xuất. Xem lại hai bên rồi đề xuất lại theo dữ liệu hiện nay.")
        )


def correct_entry(
    case: Case, changes: Changes, *, acting_user: User, now: datetime, is_saved_now: bool = True
) -> list[Fact]:
    """Write changes into the entry of a case, and into the register of a programme that keeps it.

    The digest of what the source gave stays: a file that still has the old value does not undo the correction.

    Args:
        case: The case, its entry locked.
        changes: {column: [old, new]}.
        acting_user: Who decided.
        now: When.
        is_saved_now: Write the row at once; a bulk verb writes all its rows together afterwards.

    Returns:
        The fact to record; none where nothing changes.

    Raises:
        EntryChanged: A column no longer holds the old value.
    """
    if not changes:
        return []
    entry = case.entry
    before = {column: getattr(entry, column) for column in changes}
    if any(before[column] != old for column, (old, _new) in changes.items()):
        raise EntryChanged
    for column, (_old, new) in changes.items():
        setattr(entry, column, new)
    if "commune_code" in changes:
        entry.commune = _commune(entry.commune_code, now) or entry.commune
    if is_saved_now:
        entry.save(update_fields=WRITTEN)
    if entry.register.source_key:
        source = sources.source_of(entry.register.source_key)
        told = {column: (old, new) for column, (old, new) in changes.items()}
        source.apply_correction(entry.record_key, told, acting_user=acting_user, now=now)
    return [
        EntryCorrected(
            entry_id=entry.pk, case_id=case.pk, columns=sorted(changes), before_digest=digest_of(before),
            after_digest=digest_of({column: getattr(entry, column) for column in changes}),
        )
    ]  # fmt: skip


def reversed_changes(changes: Changes) -> Changes:
    """Return what takes changes back."""
    return {column: [new, old] for column, (old, new) in changes.items()}


def digest_of(values: Mapping[str, str]) -> str:
    """Return 32 hexadecimal digits of some columns of an entry, so that the log can prove them and not tell them.

    With the key of the house: there are so few identity numbers of one year and place that a plain digest tells which.
    """
    text = "\x1f".join(f"{column}={values[column]}" for column in sorted(values))
    key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(text.encode(), digest_size=16, key=key).hexdigest()


def _commune(code: str, now: datetime) -> AdministrativeUnit | None:
    try:
        return units.unit_on(code, local_day(now))
    except units.UnitUnknown:
        return None
