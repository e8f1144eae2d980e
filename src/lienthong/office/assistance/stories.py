"""What happened, as a person reads it: one interview is one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from lienthong.accounts.queries import Happening

_OF_ONE_INTERVIEW = "CircumstanceRecorded"


def told_story(happened: Iterable[Happening]) -> list[Happening]:
    """Tell events; facts recorded together are one line."""
    found: list[Happening] = []
    together = 0
    for one in happened:
        is_more = bool(found) and one.name == _OF_ONE_INTERVIEW and _same(found[-1], one)
        together = together + 1 if is_more else 1
        if is_more:
            found[-1] = replace(one, sentence=_("Đã ghi %(n)s thông tin trong một lần.") % {"n": together})
        else:
            found.append(one)
    return found


def _same(before: Happening, one: Happening) -> bool:
    return (before.name, before.at, before.who) == (one.name, one.at, one.who)
