"""What makes a record of a register good: đúng, đủ, sạch, sống. Pure; ``queries/quality.py`` counts the same in the database.

Each part is yes, no or unknown for one record. Unknown is not false: it stands beside the rate and never inside it. Where
nothing is known there is no rate.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.verification.linkage import Finding
from lienthong.verification.linkage.vocabulary import Status


class Part(StrEnum):
    """The four parts of quality. Đúng, đủ, sạch, sống."""

    CORRECT = "correct"
    COMPLETE = "complete"
    CLEAN = "clean"
    ALIVE = "alive"


class Answer(StrEnum):
    """How one part stands for one record. Câu trả lời: đạt, chưa đạt, chưa biết."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


# What says that somebody else, or something else, stands in the population data.
NOT_CORRECT = frozenset(
    {
        Status.NUMBER_OF_ANOTHER,
        Status.NUMBER_WRONG,
        Status.NAME_DIFFERS,
        Status.BIRTH_DIFFERS,
        Status.SEX_DIFFERS,
        Status.ETHNICITY_DIFFERS,
    }
)
NOT_CLEAN = frozenset({Status.DUPLICATE, Status.NUMBER_OF_ANOTHER})
NOT_ALIVE = frozenset({Status.DEAD, Status.MOVED})
# No person of the population data was taken for the one of the record, so nothing can be compared.
NOBODY_TO_COMPARE = frozenset({Status.SEVERAL_CANDIDATES, Status.NOT_FOUND})

# Findings of the check without population data that do not make a record unclean: what is missing belongs to what is
# complete; that somebody knows only the year of birth, or was born on 1 January, is no fault of the record.
NO_FAULT = frozenset(
    {
        Finding.NUMBER_MISSING,
        Finding.NUMBER_OLD,
        Finding.NAME_MISSING,
        Finding.BIRTH_MISSING,
        Finding.BIRTH_YEAR_ONLY,
        Finding.BIRTH_FIRST_OF_JANUARY,
        Finding.SEX_MISSING,
        Finding.ETHNICITY_MISSING,
        Finding.COMMUNE_MISSING,
    }
)

REQUIRED = ("number", "full_name", "birth_date", "sex", "ethnicity", "commune_code")
# A number of nine digits is an identity card's; up to two zeros in front of a personal number are lost by Excel.
FEWEST_DIGITS = 10
# Copies of the population data come monthly. After a quarter nobody knows any more who lives where.
FRESH_FOR = timedelta(days=92)

LABELS: dict[Part, Promise] = {
    Part.CORRECT: _("Đúng"),
    Part.COMPLETE: _("Đủ"),
    Part.CLEAN: _("Sạch"),
    Part.ALIVE: _("Sống"),
}
DEFINITIONS: dict[Part, Promise] = {
    Part.CORRECT: _(
        "Đúng: bản ghi đã được gắn với một người trong dữ liệu dân cư, và số định danh, họ tên, ngày sinh, giới tính, dân tộc"
        " đang ghi đều khớp với người đó (khác cách viết, khác dấu thì vẫn là khớp). Chưa đúng: có mục khác, hoặc số là của"
        " người khác. Chưa biết: chưa đối chiếu, không tìm thấy hoặc còn nhiều người có thể. Mục để trống không tính ở đây mà"
        " tính ở phần Đủ."
    ),
    Part.COMPLETE: _(
        "Đủ: có ghi số định danh (không phải số chứng minh nhân dân 9 số), họ tên, ngày sinh, giới tính, dân tộc và xã."
        " Phần này luôn biết được, không cần dữ liệu dân cư."
    ),
    Part.CLEAN: _(
        "Sạch: không trùng với bản ghi khác trong sổ này hay sổ khác, số định danh không tự mâu thuẫn với giới tính và năm"
        " sinh, không có mục nào ghi sai cách. Mục để trống tính ở phần Đủ; ngày sinh chỉ có năm hoặc là 01/01 không bị coi là"
        " chưa sạch. Chưa biết: chưa qua lần kiểm tra nào."
    ),
    Part.ALIVE: _(
        "Sống: người đó còn sống và còn ở xã đang ghi, theo bản dữ liệu dân cư không cũ quá 92 ngày. Chưa sống: đã mất hoặc"
        " đã chuyển nơi ở. Chưa biết: chưa gắn được với người nào, hoặc bản dữ liệu đã cũ."
    ),
}
SCORE_DEFINITION = _(
    "Điểm chất lượng: trong các bản ghi đã rõ kết quả, tỷ lệ bản ghi đạt cả bốn phần. Bản ghi có một phần chưa đạt là chưa đạt;"
    " bản ghi không có phần nào chưa đạt nhưng còn phần chưa biết thì đứng ngoài tỷ lệ."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What is known of one record on a day. Hiện trạng một bản ghi.

    Attributes:
        number, full_name, birth_date, sex, ethnicity, commune_code: As the register has them; empty where it has nothing.
        status: Of the current verdict; None before the first one.
        tags: Other statuses that hold.
        data_as_of: Day of the population data behind the verdict.
        is_prechecked: Whether the record went through the check that needs no population data.
        findings: What that check found.
        in_open_pair: Whether it may be a duplicate of another record, and nobody has decided.
    """

    number: str = ""
    full_name: str = ""
    birth_date: str = ""
    sex: str = ""
    ethnicity: str = ""
    commune_code: str = ""
    status: Status | None = None
    tags: Collection[Status] = ()
    data_as_of: date | None = None
    is_prechecked: bool = False
    findings: Collection[str] = ()
    in_open_pair: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The four answers of one record. Chất lượng một bản ghi."""

    correct: Answer
    complete: Answer
    clean: Answer
    alive: Answer

    @property
    def whole(self) -> Answer:
        """Yes where all four are; no where one is not; else unknown."""
        answers = {getattr(self, part.name) for part in fields(self)}
        if Answer.NO in answers:
            return Answer.NO
        return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES


def standing(record: RecordFacts, *, on: date) -> Standing:
    """Judge one record on a day.

    Đúng, đủ, sạch, sống của một bản ghi.
    """
    return Standing(_correct(record), _complete(record), _clean(record), _alive(record, on))


def rate(yes: int, no: int) -> float | None:
    """Return the share of what is known; None where nothing is."""
    return yes / (yes + no) if yes + no else None


def _held(record: RecordFacts) -> frozenset[Status]:
    return frozenset(record.tags) | ({record.status} if record.status is not None else frozenset())


def _is_compared(record: RecordFacts) -> bool:
    return record.status is not None and record.status not in NOBODY_TO_COMPARE


def _correct(record: RecordFacts) -> Answer:
    if _held(record) & NOT_CORRECT:
        return Answer.NO
    return Answer.YES if _is_compared(record) else Answer.UNKNOWN


def _complete(record: RecordFacts) -> Answer:
    digits = sum(letter in "0123456789" for letter in record.number)
    has_all = digits >= FEWEST_DIGITS and all(getattr(record, name).strip(" ") for name in REQUIRED)
    return Answer.YES if has_all else Answer.NO


def _clean(record: RecordFacts) -> Answer:
    if _held(record) & NOT_CLEAN or record.in_open_pair or set(record.findings) - NO_FAULT:
        return Answer.NO
    return Answer.YES if record.is_prechecked or record.status is not None else Answer.UNKNOWN


def _alive(record: RecordFacts, on: date) -> Answer:
    if _held(record) & NOT_ALIVE:
        return Answer.NO
    is_fresh = record.data_as_of is not None and on - record.data_as_of <= FRESH_FOR
    return Answer.YES if _is_compared(record) and is_fresh else Answer.UNKNOWN
