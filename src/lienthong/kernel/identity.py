"""Personal identity numbers: what twelve or nine digits say, and what looks wrong about them.

A number is refused only when it has neither 9 nor 12 digits. Everything else that looks wrong is a finding for a person
to judge: numbers are kept or issued anew after corrections, so a wrong digit in a right number is an ordinary case.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from lienthong.kernel.days import BirthDate

_NEW_LENGTH, _OLD_LENGTH = 12, 9
_PROVINCE_FILE = Path(__file__).parent / "data" / "birth_province_codes.csv"
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_WHOLE_FRACTION = re.compile(r"(\d{8,12})[.,]0+")
_SEPARATORS = re.compile(r"[\s.\-\u00a0]+")
_APOSTROPHES = "'`\u2018\u2019\u02bc"


class Sex(StrEnum):
    """Sex as the identity number and the population database know it.

    Giới tính.
    """

    MALE = "male"
    FEMALE = "female"

    @property
    def in_words(self) -> str:
        """Vietnamese word ("Nam", "Nữ")."""
        return "Nam" if self is Sex.MALE else "Nữ"


class FindingKind(StrEnum):
    """What may be wrong with a number.

    Loại cảnh báo về số định danh.
    """

    UNKNOWN_PROVINCE = "unknown_province"
    SEX_DIFFERS = "sex_differs"
    BIRTH_YEAR_DIFFERS = "birth_year_differs"
    LEADING_ZERO_LOST = "leading_zero_lost"
    SCIENTIFIC_NOTATION = "scientific_notation"
    APOSTROPHE = "apostrophe"
    SEPARATORS = "separators"
    OLD_NUMBER = "old_number"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at; the text says what was seen.

    Cảnh báo.
    """

    kind: FindingKind
    text: str


class UnreadablePersonalId(ValueError):
    """The text has neither 9 nor 12 digits.

    Attributes:
        findings: What probably happened to the number.
        suggestion: What the number may have been, for a person to confirm; None when nothing can be said.
    """

    def __init__(self, message: str, *, findings: tuple[Finding, ...] = (), suggestion: str | None = None) -> None:
        super().__init__(message)
        self.findings = findings
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class PersonalId:
    """A number of 12 digits (số định danh cá nhân, căn cước) or of 9 (chứng minh nhân dân).

    Only the new number tells province of birth registration, sex and year of birth.
    """

    number: str
    findings: tuple[Finding, ...] = ()

    @property
    def is_old(self) -> bool:
        """Whether this is a 9-digit number, which was never unique across history."""
        return len(self.number) == _OLD_LENGTH

    @property
    def province_code(self) -> str | None:
        """Code of the province (or country) where the birth was registered, not of residence."""
        return None if self.is_old else self.number[:3]

    @property
    def province_name(self) -> str | None:
        """Name of that province as it was before 1 July 2025; None for an old number or a code not in the table."""
        return birth_provinces().get(self.province_code or "")

    @property
    def sex(self) -> Sex | None:
        """Sex by the fourth digit."""
        if self.is_old:
            return None
        return Sex.FEMALE if int(self.number[3]) % 2 else Sex.MALE

    @property
    def birth_year(self) -> int | None:
        """Year of birth by the fourth to sixth digit."""
        if self.is_old:
            return None
        return 1900 + int(self.number[3]) // 2 * 100 + int(self.number[4:6])

    def compare_with(self, *, sex: Sex | None, birth_date: BirthDate | None) -> tuple[Finding, ...]:
        """Say where the number and the person's own details differ.

        Args:
            sex: The recorded sex; None where it is not known, and then it is not compared.
            birth_date: The recorded date of birth; only its year is compared.
        """
        findings: list[Finding] = []
        if sex and self.sex and sex is not self.sex:
            findings.append(
                Finding(
                    FindingKind.SEX_DIFFERS,
                    f"Giới tính theo số định danh là {self.sex.in_words}, đã khai là {sex.in_words}.",
                )
            )
        if birth_date and self.birth_year and birth_date.year != self.birth_year:
            findings.append(
                Finding(
                    FindingKind.BIRTH_YEAR_DIFFERS,
                    f"Năm sinh theo số định danh là {self.birth_year}, đã khai là {birth_date.year}.",
                )
            )
        return tuple(findings)

    def __str__(self) -> str:
        return self.number


@cache
def birth_provinces() -> dict[str, str]:
    """Give the provinces of birth registration by their three-digit codes.

    Legal source:
        Thông tư 07/2016/TT-BCA, Phụ lục 1.
    """
    with _PROVINCE_FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def read_personal_id(text: str) -> PersonalId:
    """Read an identity number as people type it and spreadsheets hold it.

    Args:
        text: Digits, possibly with an apostrophe, spaces, dots, or in the scientific notation of a spreadsheet.

    Returns:
        The number with the findings that do not need any other fact.

    Raises:
        UnreadablePersonalId: Neither 9 nor 12 digits; worded in Vietnamese, with a suggestion where a leading zero or
            two may be lost.

    Examples:
        >>> read_personal_id("019 154 000001").birth_year
        1954
        >>> read_personal_id("19154000001")
        Traceback (most recent call last):
        lienthong.kernel.identity.UnreadablePersonalId: Số định danh cần 12 chữ số; đang có 11. Kiểm tra số 0 ở đầu.
    """
    digits, findings = _digits_of(text)
    if len(digits) not in {_NEW_LENGTH, _OLD_LENGTH}:
        raise _wrong_length(digits, findings)
    number = PersonalId(digits)
    if number.is_old:
        findings.append(
            Finding(
                FindingKind.OLD_NUMBER, "Đây là số chứng minh nhân dân 9 chữ số; cần bổ sung số định danh 12 chữ số."
            )
        )
    elif number.province_name is None:
        findings.append(
            Finding(
                FindingKind.UNKNOWN_PROVINCE,
                f"Ba chữ số đầu {number.province_code} không phải mã tỉnh, thành phố; "
                "kiểm tra lại, trừ khi khai sinh ở nước ngoài.",
            )
        )
    if _is_placeholder(digits):
        findings.append(Finding(FindingKind.PLACEHOLDER, f"Số {digits} giống số điền tạm, không phải số thật."))
    return PersonalId(digits, tuple(findings))


def _digits_of(text: str) -> tuple[str, list[Finding]]:
    """Strip what spreadsheets and habits add to a number, noting each thing."""
    findings: list[Finding] = []
    bare = unicodedata.normalize("NFKC", text).strip()
    if bare.strip(_APOSTROPHES) != bare:
        bare = bare.strip(_APOSTROPHES).strip()
        findings.append(Finding(FindingKind.APOSTROPHE, "Có dấu nháy ở đầu hoặc cuối số; đã bỏ."))
    if match := _SCIENTIFIC.fullmatch(bare):
        note = Finding(FindingKind.SCIENTIFIC_NOTATION, f"Bảng tính đã ghi số dưới dạng {bare}.")
        if len(match[2] or "") < int(match[3]):
            raise UnreadablePersonalId(
                f"Bảng tính đã rút gọn số định danh thành {bare}, các chữ số cuối đã mất. "
                "Hãy định dạng cột là văn bản và nhập lại số đầy đủ.",
                findings=(note,),
            )
        bare = str(int(Decimal(bare.replace(",", "."))))
        findings.append(note)
    bare = _WHOLE_FRACTION.sub(r"\1", bare) if _WHOLE_FRACTION.fullmatch(bare) else bare
    if (joined := _SEPARATORS.sub("", bare)) != bare:
        findings.append(Finding(FindingKind.SEPARATORS, "Có khoảng trắng hoặc dấu chấm giữa các chữ số; đã bỏ."))
    if not joined:
        raise UnreadablePersonalId("Chưa nhập số định danh. Số định danh gồm 12 chữ số, in trên thẻ căn cước.")
    if stranger := next((character for character in joined if character not in "0123456789"), None):
        raise UnreadablePersonalId(f"Số định danh chỉ gồm chữ số; đang có ký tự “{stranger}”. Hãy kiểm tra lại.")
    return joined, findings


def _wrong_length(digits: str, findings: list[Finding]) -> UnreadablePersonalId:
    message = f"Số định danh cần {_NEW_LENGTH} chữ số; đang có {len(digits)}."
    # Most provinces' codes begin with 0, some with 00; an old number that lost its zero has eight digits left.
    intended = _OLD_LENGTH if len(digits) < _OLD_LENGTH else _NEW_LENGTH
    if intended == _OLD_LENGTH:
        message += f" Chứng minh nhân dân cũ có {_OLD_LENGTH} chữ số."
    if len(digits) > _NEW_LENGTH or intended - len(digits) > 2:
        return UnreadablePersonalId(f"{message} Hãy kiểm tra lại.", findings=tuple(findings))
    suggestion = digits.zfill(intended)
    if intended == _NEW_LENGTH and suggestion[:3] not in birth_provinces():
        return UnreadablePersonalId(f"{message} Kiểm tra số 0 ở đầu.", findings=tuple(findings))
    lost = Finding(FindingKind.LEADING_ZERO_LOST, f"Có thể mất số 0 ở đầu; số đúng có thể là {suggestion}.")
    return UnreadablePersonalId(f"{message} Kiểm tra số 0 ở đầu.", findings=(*findings, lost), suggestion=suggestion)


def _is_placeholder(digits: str) -> bool:
    return len(set(digits)) == 1 or len(digits.lstrip("0")) <= 2 or digits in {"123456789", "123456789012"}
