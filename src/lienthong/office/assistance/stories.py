"""What happened, as a person reads it: days as days, sums as sums, one interview as one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from lienthong.accounts.queries import Happening
from lienthong.assistance.queries.sentences import spoken

_OF_ONE_INTERVIEW = "CircumstanceRecorded"


def told_story(happened: Iterable[Happening]) -> list[Happening]:
    """Put events into a reader's words; facts recorded together are one line."""
    found: list[Happening] = []
    together = 0
    for one in happened:
        is_more = bool(found) and one.name == _OF_ONE_INTERVIEW and _same(found[-1], one)
        together = together + 1 if is_more else 1
        if is_more:
            found[-1] = replace(one, sentence=_("Đã ghi %(n)s thông tin trong một lần.") % {"n": together})
        else:
            found.append(replace(one, sentence=spoken(one.sentence)))
    return found


def _same(before: Happening, one: Happening) -> bool:
    return (before.name, before.at, before.who) == (one.name, one.at, one.who)
