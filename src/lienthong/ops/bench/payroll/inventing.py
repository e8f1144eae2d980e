"""A house that pays a crowd: officers, an account of the province, people with accounts, and a source that owes each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import connection

from lienthong.accounts.models import User
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement
from lienthong.infra import bulk
from lienthong.kernel.days import local_day, local_moment
from lienthong.kernel.text import fold, person_sort_key
from lienthong.payments.models import PayingAccount
from lienthong.payments.sources import Owed, PayableSource
from lienthong.people.models import Person
from lienthong.rules.payment_calendar import Programme
from lienthong.units import queries as units
from lienthong.units import services as units_services

NOW = local_moment(date(2026, 11, 16))
AGENCY, BANK = "H55.SYT", "970436"
BANKS = (BANK, "970405", "970415", "970418", "970422")
OFFICERS = {
    "bench.lap": Role.ACCOUNTANT, "bench.kiemtra": Role.DIVISION_HEAD, "bench.duyet": Role.LEADER, "bench.chuyen": Role.ACCOUNTANT,
}  # fmt: skip
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Ma", "Nông", "Triệu")
_GIVEN = ("An", "Bình", "Chi", "Dung", "Hà", "Khánh", "Lan", "Minh", "Ngọc", "Oanh", "Phúc", "Quý", "Sơn", "Tâm", "Yến")
# Each of so many people has no account; each of so many another name than the holder.
_WITHOUT, _DIFFERENT = 50, 90


class CrowdSource(PayableSource):
    """Owes everybody an amount of their own, read from the table of people as it is asked for."""

    code, label, programme = "bench", "Đo tốc độ", Programme.SOCIAL_ASSISTANCE

    def benefits(self) -> Mapping[str, str]:
        """Return the one benefit."""
        return {"allowance": "Trợ cấp"}

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        """Yield what everybody is owed for the month; nothing ever changes. Nothing in a house where a programme owes them."""
        if since > month or Entitlement.objects.exists():
            return
        for person_id, unit_id in Person.objects.order_by("pk").values_list("pk", "unit_id").iterator(chunk_size=5_000):
            yield Owed(
                person_id=person_id, payee_id=person_id, unit_id=unit_id or 0, benefit="allowance", for_month=month,
                amount=amount_of(person_id), words="Mức chuẩn 500.000 đồng nhân hệ số của nhóm đối tượng.",
                basis={"code": "7.1", "reference": "20/2021/NĐ-CP, Điều 6", "rate": person_id, "known_on": "2026-11-01"},
            )  # fmt: skip


def amount_of(person_id: int) -> int:
    """Return what a person is owed each month, in đồng."""
    return 500_000 + person_id % 5 * 125_000


def fill(people: int) -> None:
    """Fill an empty database."""
    units_services.load_places(now=NOW)
    units_services.load_agencies(now=NOW)
    agency = units.agency_on(AGENCY, local_day(NOW))
    load_staff(
        [
            StaffAccount(
                username=name,
                full_name=f"Cán bộ đo {place}",
                mandates=[StaffMandate(role, agency.pk, date(2025, 7, 1), None)],
            )
            for place, (name, role) in enumerate(OFFICERS.items())
        ],
        basis="Đo tốc độ",
        now=NOW,
    )
    maker, approver = User.objects.get(username="bench.lap"), User.objects.get(username="bench.duyet")
    PayingAccount.objects.create(
        bank_code=BANK, bank_name="Ngân hàng đo", number="0011000000001", holder_name="SO Y TE", valid_from=date(2026, 1, 1),
        recorded_by=maker, recorded_at=NOW, approved_by=approver, approved_at=NOW,
    )  # fmt: skip
    _make_people(people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_people(count: int) -> None:
    communes = list(units.communes_on(local_day(NOW)).values_list("pk", flat=True))
    first = bulk.take_ids("people_person", count)
    names = [
        f"{_FAMILY[number % len(_FAMILY)]} Thị {_GIVEN[number // len(_FAMILY) % len(_GIVEN)]}"
        for number in range(len(_FAMILY) * len(_GIVEN))
    ]
    bulk.copy_lines(
        "people_person",
        ("id", "full_name", "name_key", "sort_key", "sex", "birth_on", "birth_precision", "ethnicity", "phone", "email",
         "personal_id_number", "unit_id", "household_code"),
        (
            bulk.line((
                first + number, name, fold(name), person_sort_key(name), "female", date(1950, 1, 1), "day", "Kinh", "", "",
                f"{number:012d}", communes[number * len(communes) // count], "",
            ))
            for number in range(count) for name in [names[number % len(names)]]
        ),
    )  # fmt: skip
    bulk.copy_lines(
        "payments_paymentaccount",
        ("person_id", "channel", "bank_code", "number", "holder_name", "source", "name_check", "verified_at", "valid_from",
         "recorded_at"),
        (
            bulk.line((
                first + number, "bank", BANKS[number % len(BANKS)], f"{number:013d}", fold(names[number % len(names)]).upper(),
                "declared", "different" if number % _DIFFERENT == 1 else "same", NOW, date(2026, 1, 1), NOW,
            ))
            for number in range(count) if number % _WITHOUT
        ),
    )  # fmt: skip
