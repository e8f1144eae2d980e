"""A register of people who already receive, as an office kept it in a spreadsheet: columns guessed, every row read. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance.states import MERIT_BENEFITS, SOCIAL_BENEFITS, Benefit, PayeeGround, Programme
from lienthong.kernel.days import BirthDate
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.money import parse_dong
from lienthong.kernel.text import UncleanText, clean_line, fold
from lienthong.poverty.list_reading import read_day
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.verification.tables.labels import key_of_label, key_without_asides

COLUMNS: Final = {
    "name": gettext_lazy("Họ tên người hưởng"),
    "number": gettext_lazy("Số định danh người hưởng"),
    "birth": gettext_lazy("Ngày sinh"),
    "category": gettext_lazy("Đối tượng"),
    "amount": gettext_lazy("Mức hưởng mỗi tháng"),
    "since": gettext_lazy("Hưởng từ"),
    "payee_name": gettext_lazy("Họ tên người nhận"),
    "payee_number": gettext_lazy("Số định danh người nhận"),
    "payee_ground": gettext_lazy("Tư cách người nhận"),
    "decision_number": gettext_lazy("Số quyết định"),
}
NEEDED: Final = ("name", "amount")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("ho va ten", "ho ten", "ho ten nguoi huong", "ho va ten nguoi huong", "ten doi tuong", "ho va ten doi tuong",
             "nguoi huong", "ho ten doi tuong"),
    "number": ("so dinh danh", "so dinh danh nguoi huong", "so cccd", "cccd", "so dinh danh ca nhan", "so can cuoc",
               "cccd nguoi huong", "so cccd nguoi huong", "so cmnd cccd", "so giay to"),
    "birth": ("ngay sinh", "nam sinh", "ngay thang nam sinh", "sinh ngay"),
    "category": ("doi tuong", "loai doi tuong", "nhom doi tuong", "dien", "dien huong", "ma doi tuong", "che do",
                 "loai tro cap", "khoan huong"),
    "amount": ("muc huong moi thang", "muc huong", "so tien", "muc tro cap", "tien tro cap", "muc tro cap moi thang",
               "tong tien", "muc huong hang thang", "so tien tro cap"),
    "since": ("huong tu", "huong tu thang", "huong tu ngay", "thoi diem huong", "tu thang", "thang bat dau huong",
              "ngay bat dau huong", "thoi gian huong"),
    "payee_name": ("ho ten nguoi nhan", "nguoi nhan", "ho va ten nguoi nhan", "nguoi nhan thay", "nguoi linh thay",
                   "nguoi nhan tien"),
    "payee_number": ("so dinh danh nguoi nhan", "cccd nguoi nhan", "so cccd nguoi nhan", "so cccd nguoi nhan thay"),
    "payee_ground": ("tu cach nguoi nhan", "quan he voi nguoi huong", "quan he"),
    "decision_number": ("so quyet dinh", "quyet dinh", "so qd", "quyet dinh so"),
}  # fmt: skip
# Words of which one is enough, in the order in which they are looked for.
_CATEGORIES: Final[tuple[tuple[str, AssistanceCategory], ...]] = (
    ("huu tri xa hoi", AssistanceCategory.SOCIAL_PENSION),
    ("mang thai", AssistanceCategory.PREGNANT_OR_RAISING_INFANT),
    ("nhan cham soc tre em", AssistanceCategory.CARE_OF_CHILD),
    ("nhan cham soc nguoi cao tuoi", AssistanceCategory.CARE_OF_ELDERLY),
    ("ho gia dinh truc tiep cham soc", AssistanceCategory.CARE_IN_HOUSEHOLD),
    ("ho cham soc", AssistanceCategory.CARE_IN_HOUSEHOLD),
    ("nhan cham soc", AssistanceCategory.CARE_TAKEN_IN),
    ("khuyet tat", AssistanceCategory.DISABILITY),
    ("don than", AssistanceCategory.SINGLE_PARENT),
    ("mo coi", AssistanceCategory.CHILD_WITHOUT_CARE),
    ("khong co nguon nuoi duong", AssistanceCategory.CHILD_WITHOUT_CARE),
    ("tre em nhiem hiv", AssistanceCategory.CHILD_WITH_HIV),
    ("hiv", AssistanceCategory.PERSON_WITH_HIV),
    ("duoi 3 tuoi", AssistanceCategory.SMALL_CHILD_IN_DIFFICULT_AREA),
    ("khong co nguoi phung duong", AssistanceCategory.ELDERLY_WITHOUT_SUPPORTER),
    ("80 tuoi", AssistanceCategory.ELDERLY_WITHOUT_PENSION),
    ("cao tuoi", AssistanceCategory.ELDERLY_WITHOUT_PENSION),
)
_MERIT_KINDS: Final[tuple[tuple[str, Benefit], ...]] = (
    ("nguoi phuc vu", Benefit.ATTENDANT),
    ("phu cap", Benefit.SUPPLEMENT),
    ("nuoi duong", Benefit.EXTRA),
    ("theo hoc", Benefit.STUDY),
    ("giao duc", Benefit.STUDY),
)
_GROUNDS: Final[tuple[tuple[str, PayeeGround], ...]] = (
    ("giam ho", PayeeGround.GUARDIAN),
    ("cham soc", PayeeGround.CARER),
    ("nuoi duong", PayeeGround.CARER),
)


@dataclass(slots=True, kw_only=True)
class RegisterRow:
    """One row of a register: what it says, and why it cannot be taken."""

    number: int
    name: str = ""
    personal_id: str = ""
    birth: BirthDate | None = None
    category: str = ""
    benefit: str = ""
    amount: int | None = None
    since: date | None = None
    payee_name: str = ""
    payee_id_number: str = ""
    payee_ground: str = PayeeGround.SELF.value
    decision_number: str = ""
    said: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        """Whom and which benefit the row means, as far as the file tells."""
        return self.personal_id or fold(self.name), str(self.birth or "") if not self.personal_id else "", self.benefit


def guess_columns(heads: Iterable[str]) -> dict[str, str]:
    """Find which head stands over which of ``COLUMNS``; what is not found is left out."""
    found: dict[str, str] = {}
    free = list(heads)
    for read in (key_of_label, key_without_asides):
        for name, words in _WORDS.items():
            match = next((head for word in words for head in free if read(head) == word), None)
            if name not in found and match is not None:
                found[name] = match
                free.remove(match)
    return found


def read_register(
    cells: Iterable[Mapping[str, Any]], columns: Mapping[str, str], *, row_number: str, programme: str
) -> list[RegisterRow]:
    """Read every row, and refuse those that name one person and benefit twice.

    Args:
        cells: Rows by head.
        columns: Names of ``COLUMNS`` with their heads.
        row_number: The head under which the number of the row in the file stands.
        programme: Social assistance or merit.
    """
    rows = [_read(record, columns, int(record[row_number]), programme) for record in cells]
    times = Counter(row.key for row in rows)
    for row in rows:
        if times[row.key] > 1:
            row.problems.append(_("người này và khoản này có nhiều dòng trong tệp; chỉ để lại một dòng"))
    return rows


def _read(record: Mapping[str, Any], columns: Mapping[str, str], number: int, programme: str) -> RegisterRow:
    row = RegisterRow(number=number)
    cell = {name: _line(row, str(record[head] or "")) for name, head in columns.items()}
    row.said = {name: text for name, text in cell.items() if text}
    row.name, row.payee_name = cell.get("name", "")[:120], cell.get("payee_name", "")[:120]
    row.decision_number = cell.get("decision_number", "")[:60]
    row.personal_id = _personal_id(row, cell.get("number", ""))
    row.payee_id_number = _personal_id(row, cell.get("payee_number", ""))
    if not row.name and not row.personal_id:
        row.problems.append(_("không ghi người hưởng"))
    _read_birth(row, cell.get("birth", ""))
    _read_amount(row, cell.get("amount", ""))
    _read_since(row, cell.get("since", ""))
    _read_category(row, cell.get("category", ""), programme)
    _read_ground(row, cell.get("payee_ground", ""))
    return row


def _line(row: RegisterRow, text: str) -> str:
    try:
        return clean_line(text.lstrip("'"), at_most=200) if text.strip() else ""
    except UncleanText as unclean:
        row.problems.append(str(unclean))
        return ""


def _personal_id(row: RegisterRow, text: str) -> str:
    if not text:
        return ""
    try:
        return read_personal_id(text).number
    except UnreadablePersonalId as unreadable:
        row.problems.append(str(unreadable))
        return ""


def _read_birth(row: RegisterRow, text: str) -> None:
    if not text:
        return
    try:
        row.birth = BirthDate.parse(text.removesuffix(" 00:00:00"))
    except ValueError:
        day = read_day(text)
        if day is None:
            row.problems.append(_("ngày sinh “%(text)s” không đọc được") % {"text": text[:40]})
        else:
            row.birth = BirthDate(day)


def _read_amount(row: RegisterRow, text: str) -> None:
    if not text:
        row.problems.append(_("không ghi mức hưởng"))
        return
    try:
        amount = int(parse_dong(text.removesuffix(".0")))
    except ValueError as unreadable:
        row.problems.append(str(unreadable))
        return
    if amount <= 0:
        row.problems.append(_("mức hưởng phải lớn hơn 0"))
        return
    row.amount = amount


def _read_since(row: RegisterRow, text: str) -> None:
    if not text:
        return
    row.since = read_day(f"01/{text}") if text.count("/") == 1 else read_day(text)
    if row.since is None:
        row.problems.append(
            _("thời điểm hưởng “%(text)s” không đọc được; ghi ngày hoặc tháng/năm") % {"text": text[:40]}
        )


def _read_category(row: RegisterRow, text: str, programme: str) -> None:
    words = " ".join(fold(text).replace(".", " ").replace(",", " ").split())
    if programme == Programme.MERIT:
        row.benefit = next((str(kind.value) for word, kind in _MERIT_KINDS if word in words), Benefit.MONTHLY.value)
        assert row.benefit in {benefit.value for benefit in MERIT_BENEFITS}
        return
    code = next((one for one in AssistanceCategory if text.strip() == one.value), None)
    category = code or next((one for word, one in _CATEGORIES if word in words), None)
    if category is None:
        row.benefit = Benefit.PERSONAL.value
        if words:
            row.problems.append(_("đối tượng “%(text)s” không rõ thuộc diện nào") % {"text": text[:60]})
        return
    row.category, row.benefit = str(category.value), str(category.group.value)
    assert row.benefit in {benefit.value for benefit in SOCIAL_BENEFITS}


def _read_ground(row: RegisterRow, text: str) -> None:
    if not (row.payee_name or row.payee_id_number):
        return
    words = fold(text)
    found = next((ground for word, ground in _GROUNDS if word in words), PayeeGround.AUTHORISED)
    row.payee_ground = PayeeGround.CARER.value if row.benefit == Benefit.CARER else found.value
