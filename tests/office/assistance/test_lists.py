"""The lists: who sees whose people, filters and sums, spreadsheets and paper, and no question more for more rows."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lienthong.accounts.states import Role
from lienthong.assistance.states import Benefit, EntitlementState, FindingState
from lienthong.infra.models import ReadRecord
from lienthong.rules.disability import DisabilityLevel
from tests.factories.assistance import (
    DifficultAreaFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    FindingFactory,
    MeritClaimFactory,
    ProposalFactory,
)
from tests.office.assistance.people import HEALTH, elder
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
LIST = "/office/assistance/"


def receives(world: World, name: str, *, commune: str = COMMUNE, amount: int = 540_000, **changes: Any) -> Any:
    row = EntitlementFactory(person=elder(world, name, commune=commune), unit=world.agency(commune).unit, **changes)
    EntitlementRateFactory(entitlement=row, amount=amount)
    return row


def sheet_of(answer: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    ("role", "agency", "names"),
    [
        (Role.PROCESSOR, COMMUNE, {"Ma Thị Đây"}),
        (Role.RECEIVER, COMMUNE, {"Ma Thị Đây"}),
        (Role.AUDITOR, COMMUNE, {"Ma Thị Đây"}),
        (Role.LEADER, ANOTHER_COMMUNE, {"Ma Thị Kia"}),
        (Role.PROCESSOR, HEALTH, {"Ma Thị Đây", "Ma Thị Kia"}),
        (Role.LEADER, HOME_AFFAIRS, set()),
    ],
)
def test_each_sees_the_people_of_their_own_area_and_programme(
    world: World, role: Role, agency: str, names: set[str]
) -> None:
    receives(world, "Ma Thị Đây")
    receives(world, "Ma Thị Kia", commune=ANOTHER_COMMUNE)

    page = enter(world.officer(role, agency)).open(LIST)

    assert page.status == 200
    assert {row[0].split(" 12/")[0] for row in page.rows()} == names


@pytest.mark.parametrize(
    ("role", "agency"), [(Role.LEADER, "H55.SNNMT"), (Role.CATALOGUE_EDITOR, HOME_AFFAIRS), (Role.ENUMERATOR, COMMUNE)]
)
def test_others_find_no_such_page(world: World, role: Role, agency: str) -> None:
    assert enter(world.officer(role, agency)).open(LIST).status == 404


def test_a_list_says_how_many_and_how_much(world: World) -> None:
    receives(world, "Ma Thị Một")
    receives(world, "Ma Thị Hai", amount=1_080_000)
    receives(world, "Ma Thị Ba", state=EntitlementState.SUSPENDED)

    officer = enter(world.officer(Role.PROCESSOR))

    assert officer.open(LIST).lead == "2 người, 2 khoản; 1.620.000 ₫ cho tháng 11/2026"
    assert officer.open(f"{LIST}?state=suspended").lead.startswith("1 người")
    assert officer.open(f"{LIST}?state=all").lead.startswith("3 người")


def test_a_name_is_found_without_diacritics_and_with_an_error(world: World) -> None:
    receives(world, "Lường Thị Ngọc Hoẵng")
    receives(world, "Ma Văn Tám")
    officer = enter(world.officer(Role.PROCESSOR))

    for typed in ("luong thi ngoc", "Hoẵng", "Lương Thị Ngọc Hoãng"):
        rows = officer.open(f"{LIST}?q={typed}").rows()
        assert [row[0].split(" 12/")[0] for row in rows] == ["Lường Thị Ngọc Hoẵng"], typed
    assert "Không có người hưởng nào khớp bộ lọc" in officer.open(f"{LIST}?q=zzzz").words


def test_a_number_is_found_by_a_part_of_it(world: World) -> None:
    row = receives(world, "Ma Thị Số")
    row.person.personal_id_number = "019150004321"
    row.person.save()

    page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}?q=0004321")

    assert page.rows()[0][0].startswith("Ma Thị Số")


def test_the_order_is_in_the_address(world: World) -> None:
    receives(world, "Ân Thị A", amount=600_000)
    receives(world, "Vi Thị V", amount=540_000)
    officer = enter(world.officer(Role.PROCESSOR))

    def names(sort: str) -> list[str]:
        return [row[0].split(" 12/")[0] for row in officer.open(f"{LIST}?sort={sort}").rows()]

    assert names("name") == ["Ân Thị A", "Vi Thị V"]
    assert names("amount") == ["Vi Thị V", "Ân Thị A"]
    assert names("-amount") == ["Ân Thị A", "Vi Thị V"]
    assert names("nonsense") == ["Ân Thị A", "Vi Thị V"]


def test_a_list_goes_out_as_a_spreadsheet_with_numbers_as_text(world: World) -> None:
    row = receives(world, "Ma Thị Xuất")
    row.person.personal_id_number = "019150004321"
    row.person.save()

    sheet = sheet_of(enter(world.officer(Role.PROCESSOR)).get(f"{LIST}?format=xlsx"))

    assert sheet[0][:2] == ["Họ và tên", "Số định danh"]
    assert sheet[1][:2] == ["Ma Thị Xuất", "019150004321"]
    assert sheet[1][8] == 540_000
    assert ReadRecord.objects.filter(action="export").exists()


def test_a_list_is_printed(world: World) -> None:
    receives(world, "Ma Thị Giấy")
    answer = enter(world.officer(Role.PROCESSOR)).get(f"{LIST}register.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer).startswith(b"%PDF") if answer.streaming else answer.content.startswith(b"%PDF")


def test_an_empty_list_is_not_printed_and_says_so(world: World) -> None:
    page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}register.pdf")

    assert "không có ai để in" in page.notices


def test_certificates_to_be_issued_anew_wait_on_my_work(world: World) -> None:
    child = elder(world, "Ma Văn Nhỏ", birth_on=date(2021, 1, 10))
    DisabilityCertificateFactory(person=child, level=DisabilityLevel.SEVERE, valid_from=date(2023, 1, 1))
    officer = enter(world.officer(Role.PROCESSOR))

    page = officer.open("/office/").follow("1 giấy xác nhận khuyết tật đến hạn cấp lại")

    assert page.rows()[0][0].startswith("Ma Văn Nhỏ")
    assert "cấp lại khi đủ 6 tuổi, ngày 10/01/2027" in page.words
    assert sheet_of(officer.get("/office/assistance/certificates/?due=yes&format=xlsx"))[1][0] == "Ma Văn Nhỏ"


def test_proposals_wait_on_the_work_of_whoever_decides(world: World) -> None:
    unit = world.agency(COMMUNE).unit
    ProposalFactory(person=elder(world), unit=unit)
    ProposalFactory(person=elder(world), unit=unit, prepared_by=world.officer(Role.LEADER))

    leader = enter(world.officer(Role.LEADER)).open("/office/")

    assert "1 đề xuất trợ cấp chờ bạn duyệt" in leader.words
    assert "chờ bạn duyệt" not in enter(world.officer(Role.PROCESSOR)).open("/office/").words


def test_findings_wait_on_the_work_of_the_commune_that_runs_the_programme(world: World) -> None:
    unit = world.agency(COMMUNE).unit
    for state in (FindingState.OPEN, FindingState.OPEN, FindingState.DISMISSED):
        FindingFactory(person=elder(world), unit=unit, state=state)
    FindingFactory(person=elder(world), unit=world.agency(ANOTHER_COMMUNE).unit)

    page = enter(world.officer(Role.PROCESSOR)).open("/office/")

    assert page.follow("2 phát hiện “Không bỏ sót ai” chưa xử lý").status == 200
    assert "phát hiện" not in enter(world.officer(Role.PROCESSOR, HEALTH)).open("/office/").words


def test_an_area_is_put_down_by_one_and_approved_by_another(world: World) -> None:
    page = enter(world.officer(Role.PROCESSOR, HEALTH)).open("/office/assistance/areas/").follow("Lập địa bàn")
    typed = {"valid_from_day": "1", "valid_from_month": "7", "valid_from_year": "2025"}
    page = page.press("Lập, chờ duyệt", unit=str(world.agency(COMMUNE).unit_id), hamlet="Xóm Mỏ", **typed)
    assert page.status == 422
    page = page.press("Lập, chờ duyệt", reference="861/QĐ-TTg")
    assert "Bạn đã lập mục này" in page.words
    assert "Duyệt" not in page.buttons()

    page = enter(world.officer(Role.LEADER, HEALTH)).open("/office/assistance/areas/").follow("Xóm Mỏ").press("Duyệt")

    assert "đã duyệt" in page.words
    rows = enter(world.officer(Role.PROCESSOR)).open("/office/assistance/areas/").rows("Địa bàn")
    assert rows[0][1:3] == ["Xóm Mỏ", "861/QĐ-TTg"]


@pytest.mark.parametrize(
    "address",
    [
        LIST,
        f"{LIST}?state=all",
        f"{LIST}certificates/",
        f"{LIST}merit/",
        f"{LIST}areas/",
        f"{LIST}proposals/",
        "/office/",
    ],
)
def test_a_list_asks_no_more_for_more_rows(world: World, queries_of: Any, address: str) -> None:
    unit = world.agency(COMMUNE).unit

    def more(number: int) -> None:
        for place in range(number):
            row = receives(world, f"Ma Thị Hàng {'abcdefghij'[place]}")
            DisabilityCertificateFactory(person=row.person)
            MeritClaimFactory(person=row.person)
            ProposalFactory(person=row.person, unit=unit, benefit=Benefit.CARER)
            DifficultAreaFactory(unit=unit, hamlet=f"Xóm {row.pk}")

    browser = enter(world.officer(Role.LEADER))
    more(2)
    few = queries_of(browser, address)
    more(6)

    assert queries_of(browser, address) <= few
    assert few <= 30


def test_the_page_of_a_person_asks_the_same_however_much_happened(world: World, queries_of: Any) -> None:
    row = receives(world, "Ma Thị Lâu")
    browser = enter(world.officer(Role.PROCESSOR))
    address = f"{LIST}people/{row.person_id}/"
    few = queries_of(browser, address)
    for number in range(4):
        EntitlementFactory(
            person=row.person, unit=row.unit, benefit=Benefit.CARER, state=EntitlementState.ENDED,
            first_month=date(2020 + number, 1, 1), last_month=date(2020 + number, 3, 1),
        )  # fmt: skip
        ProposalFactory(
            person=row.person,
            unit=row.unit,
            entitlement=row,
            state="refused",
            decided_by=world.officer(Role.LEADER),
            decided_at=world.now,
        )

    assert queries_of(browser, address) <= few
    assert few <= 45


def test_what_is_paid_each_year_is_listed_with_its_period_and_not_in_the_sum_of_the_month(world: World) -> None:
    row = EntitlementFactory(
        person=elder(world, "Ma Thị Thờ"), unit=world.agency(COMMUNE).unit, programme="merit", benefit=Benefit.YEARLY
    )
    for first, end, amount in ((11, 1, 0), (1, 2, 1_400_000), (2, None, 0)):
        year = 2026 if first == 11 else 2027
        EntitlementRateFactory(
            entitlement=row,
            first_month=date(year, first, 1),
            end_month=date(2027, end, 1) if end else None,
            amount=amount,
        )
    browser = enter(world.officer(Role.PROCESSOR, HOME_AFFAIRS))

    page = browser.open(LIST)

    assert "1.400.000 ₫ mỗi năm" in page.words
    assert "1 khoản; 0 ₫" in page.lead
    (head, line) = sheet_of(browser.get(f"{LIST}?format=xlsx"))
    told = dict(zip(head, line, strict=True))
    assert (told["Mỗi tháng"], told["Mỗi năm, một lần"]) == ("", 1_400_000)
