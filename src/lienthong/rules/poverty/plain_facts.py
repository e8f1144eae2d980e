"""Facts to and from plain values, as files, forms and stored scores have them.

Empty is unknown. Everything else is either understood exactly or refused in a sentence; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from lienthong.rules.poverty.facts import (
    HOUSEHOLD_CHOICES,
    HOUSEHOLD_FIELDS,
    MEMBER_CHOICES,
    MEMBER_FIELDS,
    MEMBER_FLAGS,
    Device,
    HouseholdFacts,
    MemberFacts,
)

OLDEST: Final = 130
LARGEST_AREA_M2: Final = 100_000
LARGEST_INCOME: Final = 10**12
AREA_DECIMALS: Final = 4
NO_DEVICE: Final = "none"
TRUE_WORDS: Final = frozenset({"1", "true", "yes", "có", "x"})
FALSE_WORDS: Final = frozenset({"0", "false", "no", "không"})
SEXES: Final = ("male", "female")


class FactRefused(ValueError):
    """A value that is no fact; ``field`` says which, ``member`` of whom (from 1, None: of the household)."""

    def __init__(self, field: str, sentence: str, *, member: int | None = None) -> None:
        self.field, self.sentence, self.member = field, sentence, member
        place = field if member is None else f"{field} của thành viên {member}"
        super().__init__(f"{place}: {sentence}")


def household_from_plain(content: Mapping[str, Any]) -> HouseholdFacts:
    """Read the facts of a household.

    Args:
        content: By the names of :class:`HouseholdFacts`; ``members`` a list of mappings, ``devices`` a list, or codes
            with spaces between them (``none`` for no device), ``asked`` a mapping.

    Raises:
        FactRefused: An unknown name, an unknown code, or a number that cannot be.
    """
    _only(content, HOUSEHOLD_FIELDS)
    found: dict[str, Any] = {name: choice(name, content.get(name), kind) for name, kind in HOUSEHOLD_CHOICES.items()}
    members = content.get("members") or ()
    if isinstance(members, (str, bytes, Mapping)) or not isinstance(members, Sequence):
        raise FactRefused("members", "phải là danh sách thành viên.")
    asked = content.get("asked") or {}
    if not isinstance(asked, Mapping):
        raise FactRefused("asked", "phải là các cặp đặc điểm và mức.")
    return HouseholdFacts(
        **found,
        members=tuple(member_from_plain(one, position) for position, one in enumerate(members, 1)),
        housing_area_m2=area_m2(content.get("housing_area_m2")),
        income_per_person=whole("income_per_person", content.get("income_per_person"), most=LARGEST_INCOME),
        devices=devices(content.get("devices")),
        asked={str(feature): str(level) for feature, level in asked.items() if not _is_empty(level)},
    )


def member_from_plain(content: Mapping[str, Any], position: int = 1) -> MemberFacts:
    """Read the facts of a member.

    Raises:
        FactRefused: As for the household, with the member's position.
    """
    try:
        if not isinstance(content, Mapping):
            raise FactRefused("members", "mỗi thành viên phải là các cặp tên và giá trị.")
        _only(content, MEMBER_FIELDS)
        found: dict[str, Any] = {name: choice(name, content.get(name), kind) for name, kind in MEMBER_CHOICES.items()}
        found |= {name: flag(name, content.get(name)) for name in MEMBER_FLAGS}
        sex = None if _is_empty(content.get("sex")) else str(content["sex"])
        if sex is not None and sex not in SEXES:
            raise FactRefused("sex", f"“{sex}” phải là {' hoặc '.join(SEXES)}.")
        return MemberFacts(**found, sex=sex, age=whole("age", content.get("age"), most=OLDEST))
    except FactRefused as refusal:
        raise FactRefused(refusal.field, refusal.sentence, member=position) from None


def _only(content: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in content:
        if name not in names:
            raise FactRefused(str(name), f"không có mục này. Các mục: {', '.join(names)}.")


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def choice(name: str, value: Any, kind: type[StrEnum]) -> StrEnum | None:
    """Read one code out of a list.

    Raises:
        FactRefused: There is no such code; the sentence names those there are.
    """
    if _is_empty(value):
        return None
    try:
        return kind(str(value).strip())
    except ValueError:
        raise FactRefused(name, f"không có mã “{value}”. Các mã: {', '.join(kind)}.") from None


def flag(name: str, value: Any) -> bool | None:
    """Read yes or no: 1, 0, true, false, có, không.

    Raises:
        FactRefused: It is neither.
    """
    if isinstance(value, bool) or value is None:
        return value
    text = str(value).strip().lower()
    if text in TRUE_WORDS or text in FALSE_WORDS:
        return text in TRUE_WORDS
    if not text:
        return None
    raise FactRefused(name, f"“{value}” phải là 1 (có) hoặc 0 (không).")


def whole(name: str, value: Any, *, most: int) -> int | None:
    """Read a whole number from 0.

    Raises:
        FactRefused: It is none, is negative or larger than anything real.
    """
    number = _decimal(name, value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise FactRefused(name, f"“{value}” không phải số nguyên.")
    _within(name, value, number, most)
    return int(number)


def area_m2(value: Any) -> Decimal | None:
    """Read an area in m², with a point or a comma.

    Raises:
        FactRefused: It is no number, negative, larger than any house or more exact than any measure.
    """
    name = "housing_area_m2"
    number = _decimal(name, value.replace(",", ".") if isinstance(value, str) else value)
    if number is None:
        return None
    _within(name, value, number, LARGEST_AREA_M2)
    if number != round(number, AREA_DECIMALS):
        raise FactRefused(name, f"“{value}” có quá {AREA_DECIMALS} chữ số sau dấu phẩy.")
    return number


def _within(name: str, value: Any, number: Decimal, most: int) -> None:
    if number < 0:
        raise FactRefused(name, f"“{value}” là số âm; phải từ 0 trở lên.")
    if number > most:
        raise FactRefused(name, f"“{value}” quá lớn; nhiều nhất là {most}.")


def _decimal(name: str, value: Any) -> Decimal | None:
    if _is_empty(value):
        return None
    try:
        number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise FactRefused(name, f"“{value}” không phải số.")
    return number


def devices(value: Any) -> frozenset[Device] | None:
    """Read devices: a list, or codes with spaces between them; ``none`` or an empty list is no device, empty is unknown.

    Raises:
        FactRefused: There is no such device, or ``none`` stands beside one.
    """
    if _is_empty(value):
        return None
    codes = value.replace(",", " ").split() if isinstance(value, str) else [str(one) for one in value]
    if codes == [NO_DEVICE]:
        return frozenset()
    for code in codes:
        if code not in set(Device):
            names = ", ".join([*Device, NO_DEVICE])
            raise FactRefused("devices", f"không có mã “{code}”. Các mã: {names}; none đứng một mình.")
    return frozenset(Device(code) for code in codes)


def household_as_plain(facts: HouseholdFacts) -> dict[str, Any]:
    """Write facts as JSON values; ``household_from_plain`` reads them back. Unknown facts are left out."""
    found: dict[str, Any] = {}
    for name in HOUSEHOLD_FIELDS:
        value = getattr(facts, name)
        if value is not None and name not in {"members", "asked"}:
            found[name] = _PLAIN.get(name, _same)(value)
    found["members"] = [
        {name: value for name in MEMBER_FIELDS if (value := _bare(getattr(member, name))) is not None}
        for member in facts.members
    ]
    if facts.asked:
        found["asked"] = dict(facts.asked)
    return found


def _same(value: Any) -> Any:
    return _bare(value)


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


_PLAIN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "housing_area_m2": str,
    "devices": lambda value: sorted(device.value for device in value),
}
