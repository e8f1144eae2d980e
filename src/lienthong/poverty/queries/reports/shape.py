"""What a report is made of: columns with their definitions, what a row is, which list it counts. Cấu tạo của báo cáo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from django.utils.functional import lazy

from lienthong.poverty.queries.reports.figures import HOUSEHOLDS_TOTAL, Family
from lienthong.poverty.states import HouseholdClass
from lienthong.rules.poverty.standards import NoStandard, standard

LEGAL_LINE: Final = "Theo nội dung Phụ lục VII, Thông tư 07/2021/TT-BLĐTBXH, sửa đổi bởi Thông tư 02/2022/TT-BLĐTBXH"


def _filled(text: Any, words: Mapping[str, Any]) -> str:
    return str(text) % {name: str(word) for name, word in words.items()}


with_words = lazy(_filled, str)


class Rows(StrEnum):
    """What a row of a report is."""

    COMMUNE = "commune"
    ETHNICITY = "ethnicity"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a report.

    Attributes:
        code: Its name in addresses.
        label: Its heading.
        means: Its definition, in a sentence.
        parts: The figures that it adds up.
        of: Where it is a rate: the figures that are the whole.
        group: The heading above it and its neighbours.
    """

    code: str
    label: Any
    means: Any
    parts: tuple[str, ...]
    of: tuple[str, ...] = ()
    group: Any = ""

    @property
    def is_rate(self) -> bool:
        """Whether it is a share of a whole."""
        return bool(self.of)

    @property
    def opens(self) -> bool:
        """Whether households stand behind it."""
        return not self.is_rate and HOUSEHOLDS_TOTAL not in self.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report. Báo cáo kết quả rà soát.

    Attributes:
        code: Its name in addresses.
        title: Its name.
        line: What it tells, in a line.
        counts: Which households count, in a sentence.
        families: What has to be counted for it.
        columns: See ``columns_of``; of those that do not depend on the standard.
        account: The list whose opening, entries and exits must give its closing.
        by_indicator: Makes a column for an indicator of the round's standard, from its code and its name.
        listed: Of which list a report by household is.
    """

    code: str
    title: Any
    line: Any
    counts: Any
    rows: Rows = Rows.COMMUNE
    families: tuple[Family, ...] = ()
    columns: tuple[Column, ...] = ()
    account: HouseholdClass | None = None
    by_indicator: Callable[[str, str], Column] | None = None
    listed: HouseholdClass | None = None

    def columns_of(self, standard_id: str) -> tuple[Column, ...]:
        """Return the columns under the standard of a round: reports of deprivations have one for each of its indicators."""
        if self.by_indicator is None:
            return self.columns
        return (*self.columns, *(self.by_indicator(code, name) for code, name in indicators_of(standard_id)))


@cache
def indicators_of(standard_id: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of the indicators of a standard; nothing for one that the house does not know."""
    try:
        return tuple((one.code, one.name) for one in standard(standard_id).indicators)
    except NoStandard:
        return ()
