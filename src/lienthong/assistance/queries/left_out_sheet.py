"""What a review found as rows of a sheet, with names: for the terminal and for offices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from lienthong.assistance.queries.left_out_reasons import Found
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit

COLUMNS: Final = (
    _("Phát hiện"), _("Mức chắc chắn"), _("Chương trình"), _("Khoản hưởng"), _("Số định danh"), _("Họ và tên"), _("Ngày sinh"),
    _("Xã, phường"), _("Theo quy định, đồng"), _("Đang được tính, đồng"), _("Lý do"), _("Cần hỏi thêm"),
    _("Coi như"),
)  # fmt: skip
_AT_ONCE: Final = 2_000


def named(everything: list[Found]) -> Iterator[tuple[Found, Person, str]]:
    """Give each finding with the person and the name of the commune."""
    communes = dict(AdministrativeUnit.objects.values_list("pk", "name").order_by("pk"))
    for start in range(0, len(everything), _AT_ONCE):
        part = everything[start : start + _AT_ONCE]
        people = Person.objects.in_bulk({one.person_id for one in part})
        yield from ((one, people[one.person_id], communes.get(one.unit_id, "")) for one in part)


def sheet_row(one: Found, person: Person, commune: str) -> list[Any]:
    """Give the row of a finding."""
    return [
        str(one.kind.label), certainty(is_certain=one.is_certain), str(one.programme.label), str(one.benefit.label),
        person.personal_id_number, person.full_name, birth_of(person), commune, one.amount, one.paid,
        *(_lines(sentences) for sentences in (one.reasons, one.missing, one.assumed)),
    ]  # fmt: skip


def certainty(*, is_certain: bool) -> str:
    """Say in words whether anything is to be asked."""
    return str(_("chắc chắn") if is_certain else _("cần hỏi thêm"))


def birth_of(person: Person) -> str:
    """Write a date of birth as far as it is known."""
    if person.birth_on is None:
        return ""
    shapes = {"year": "%Y", "month": "%m/%Y"}
    return person.birth_on.strftime(shapes.get(person.birth_precision, "%d/%m/%Y"))


def _lines(sentences: Iterable[str]) -> str:
    return "\n".join(sentences)
