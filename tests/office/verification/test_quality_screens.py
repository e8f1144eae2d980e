"""Quality and duplicates as officers see them."""

import io
from typing import Any

import openpyxl
import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import ReadRecord
from lienthong.units.queries import communes_on
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import DuplicatePair, Register
from lienthong.verification.services.quality import count_quality, freeze_quality
from lienthong.verification.states import PairState
from tests.screens import Browser, enter
from tests.verification.registers import (
    NOW,
    TODAY,
    make_batch,
    make_copy,
    make_entry,
    make_register,
    make_verdict,
    moment,
)
from tests.world import COMMUNE, HOME_AFFAIRS, World

QUALITY, RECORDS = "/office/verification/quality/", "/office/verification/quality/records/"
PAIRS = "/office/verification/duplicates/"


@pytest.fixture
def register(world: World) -> Register:
    """Ten records of two communes: in one all are verified, in the other there are gaps and somebody died."""
    register = make_register()
    batch = make_batch(register, make_copy(TODAY.replace(day=1)))
    home = world.agency(COMMUNE).unit
    away = communes_on(TODAY).exclude(code=home.code)[0]
    for number in range(10):
        entry = make_entry(
            register,
            home if number < 6 else away,
            full_name=f"Ma Thị {'Lan' if number < 6 else 'Ổi'} {number}",
            number="019185001234" if number != 6 else "",
        )
        status = {6: Status.NUMBER_MISSING, 7: Status.DEAD, 8: Status.NOT_FOUND}.get(number, Status.VERIFIED)
        make_verdict(batch, entry, status)
    return register


@pytest.fixture
def specialist(world: World) -> Browser:
    return enter(world.officer(Role.PROCESSOR, HOME_AFFAIRS))


class TestQualityPage:
    def test_says_each_part_as_a_rate_of_what_is_known(self, register: Register, specialist: Browser) -> None:
        count_quality(now=NOW)
        page = specialist.open(QUALITY)

        assert "Tháng 11/2026, tháng đang chạy" in page.lead
        assert "77,78 % đạt cả bốn phần" in page.words
        assert "7 trong 9 bản ghi đã rõ, 1 chưa biết" in page.words
        assert "90,00 % đủ" in page.words
        assert "100,00 % đúng" in page.words
        assert len(page.rows("Chất lượng theo xã")) == 2
        assert "Đúng: bản ghi đã được gắn với một người" in page.words
        assert page.main.find("svg") is not None

    def test_each_figure_opens_its_records(self, register: Register, specialist: Browser) -> None:
        count_quality(now=NOW)
        page = specialist.open(QUALITY)

        behind = page.follow("88,89 % sống")
        assert behind.lead == "1 bản ghi: Sống: chưa đạt"
        assert [row[1] for row in behind.rows()] == ["Ma Thị Ổi 7"]
        assert "list" in ReadRecord.objects.order_by("id").values_list("action", flat=True)

    def test_has_nothing_yet(self, world: World, specialist: Browser) -> None:
        page = specialist.open(QUALITY)

        assert "Chưa có số liệu chất lượng" in page.words
        assert "không có số liệu" in page.words

    def test_a_past_month_stays_as_it_was_and_opens_no_records_of_today(
        self, world: World, register: Register, specialist: Browser
    ) -> None:
        count_quality(now=moment("2026-10-31"))
        make_entry(register)
        count_quality(now=NOW)
        freeze_quality(now=NOW)

        page = specialist.open(f"{QUALITY}?month=2026-10")
        assert "đã chốt như lúc hết tháng" in page.lead
        assert not [one for one in page.links() if "chưa đạt" in one]
        assert "tháng trước" in specialist.open(QUALITY).words

    def test_a_commune_sees_only_its_own(self, world: World, register: Register) -> None:
        count_quality(now=NOW)
        clerk = enter(world.officer(Role.RECEIVER, COMMUNE))

        assert len(clerk.open(QUALITY).rows("Chất lượng theo xã")) == 1
        assert "Ổi" not in clerk.open(f"{RECORDS}?part=alive&answer=no").words
        assert "Ổi" not in clerk.open(f"{RECORDS}?part=whole&answer=yes").words

    def test_is_exported(self, register: Register, specialist: Browser) -> None:
        count_quality(now=NOW)
        answer = specialist.get(specialist.open(QUALITY).link("Tải số liệu"))

        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]
        assert rows[0][:5] == (
            "Xã, phường", "Số bản ghi", "Đạt cả bốn phần: đạt", "Đạt cả bốn phần: chưa đạt", "Đạt cả bốn phần: chưa biết",
        )  # fmt: skip
        assert sorted(int(str(row[1])) for row in rows[1:]) == [4, 6]

    def test_records_are_exported_and_that_is_noted(self, register: Register, specialist: Browser) -> None:
        answer = specialist.get(f"{RECORDS}?part=complete&answer=no&format=xlsx")

        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]
        assert [row[2] for row in rows[1:]] == ["Ma Thị Ổi 6"]
        assert ReadRecord.objects.filter(action="export").count() == 1

    def test_asks_as_often_for_a_thousand_records_as_for_ten(
        self, register: Register, specialist: Browser, queries_of: Any
    ) -> None:
        count_quality(now=NOW)
        before = queries_of(specialist, QUALITY), queries_of(specialist, f"{RECORDS}?answer=yes")
        for commune in communes_on(TODAY)[:40]:
            make_entry(register, commune)
        count_quality(now=NOW)

        assert (queries_of(specialist, QUALITY), queries_of(specialist, f"{RECORDS}?answer=yes")) == before
        assert before[0] <= 12
        assert before[1] <= 12

    def test_a_long_list_goes_on_by_key(self, world: World, specialist: Browser) -> None:
        register = make_register()
        for number in range(55):
            make_entry(register, full_name=f"Người {number:02d}")

        first = specialist.open(f"{RECORDS}?answer=unknown")
        second = first.follow("Trang sau")
        names = [row[1] for row in (*first.rows(), *second.rows())]
        assert names == [f"Người {number:02d}" for number in range(55)]

    @pytest.mark.parametrize(
        "query", ["part=x", "answer=x", "register=x", "commune=-1", "after=x", "month=0", "register=" + "9" * 30]
    )
    def test_an_address_that_says_nothing_shows_the_usual(
        self, register: Register, specialist: Browser, query: str
    ) -> None:
        assert specialist.open(f"{RECORDS}?{query}").status == 200
        assert specialist.open(f"{QUALITY}?{query}").status == 200


@pytest.fixture
def pair(world: World) -> DuplicatePair:
    register = make_register()
    home = world.agency(COMMUNE).unit
    first, second = make_entry(register, home), make_entry(register, home, full_name="Ma Thị Lân", birth_date="1985")
    return DuplicatePair.objects.create(
        entry=first, other=second, probability=0.9712, explanation="Cùng số định danh", found_at=NOW
    )


class TestDuplicates:
    def test_lists_pairs_side_by_side(self, pair: DuplicatePair, specialist: Browser) -> None:
        page = specialist.open(PAIRS)

        assert page.lead == "1 cặp bản ghi có thể là một người, chờ quyết định"
        (row,) = page.rows()
        assert row[0].startswith("Ma Thị Lan") and row[1].startswith("Ma Thị Lân")
        assert row[2] == "97,1 %"

    def test_names_the_commune_of_each_record(self, world: World, pair: DuplicatePair, specialist: Browser) -> None:
        page = specialist.open(f"{PAIRS}{pair.pk}/")

        (line,) = [row for row in page.rows() if row[0] == "Xã, phường"]
        assert all("05443" in side and world.agency(COMMUNE).unit.name in side for side in line[1:])

    def test_marks_what_differs_and_takes_the_decision(self, world: World, pair: DuplicatePair) -> None:
        clerk = enter(world.officer(Role.PROCESSOR, COMMUNE))
        make_verdict(make_batch(pair.entry.register), pair.other)
        page = clerk.open(PAIRS).follow("Ma Thị Lan")
        assert [mark.get_text() for mark in page.main.find_all("mark")][:2] == ["a", "â"]

        after = page.press("Một người, giữ bản ghi thứ nhất", note="hỏi chủ hộ")

        assert "Đã ghi bản ghi được giữ" in after.notices
        pair.refresh_from_db()
        assert (pair.state, pair.kept_id, pair.note) == (PairState.SAME, pair.entry_id, "hỏi chủ hộ")
        again = clerk.open(f"{PAIRS}{pair.pk}/")
        assert again.buttons() == []
        assert "hỏi chủ hộ" in again.words
        assert again.follow("Việc cần xử lý của bản ghi không được giữ").status == 200

    def test_goes_on_to_the_next_pair(self, world: World, pair: DuplicatePair, specialist: Browser) -> None:
        another = make_entry(pair.entry.register, full_name="Lý Văn Sủ")
        DuplicatePair.objects.create(entry=pair.entry, other=another, probability=0.6, found_at=NOW)

        after = specialist.open(f"{PAIRS}{pair.pk}/").press("Hai người khác nhau")

        assert "Lý Văn Sủ" in after.words

    def test_an_auditor_reads_and_has_no_buttons(self, world: World, pair: DuplicatePair) -> None:
        auditor = enter(world.officer(Role.AUDITOR, COMMUNE))

        assert auditor.open(f"{PAIRS}{pair.pk}/").buttons() == []

    def test_another_commune_finds_nothing_there(self, world: World, pair: DuplicatePair) -> None:
        elsewhere = enter(world.officer(Role.LEADER, "H55.05455"))

        assert elsewhere.open(f"{PAIRS}{pair.pk}/").status == 404
        assert elsewhere.open(PAIRS).rows() == []

    def test_somebody_who_was_slower_is_told(self, world: World, pair: DuplicatePair, specialist: Browser) -> None:
        page = specialist.open(f"{PAIRS}{pair.pk}/")
        enter(world.officer(Role.LEADER, COMMUNE)).open(f"{PAIRS}{pair.pk}/").press("Hai người khác nhau")

        late = page.press("Một người, giữ bản ghi thứ hai")
        assert late.status == 422
        assert "đã được" in late.errors[0]

    def test_is_exported(self, pair: DuplicatePair, specialist: Browser) -> None:
        answer = specialist.get(f"{PAIRS}?format=xlsx")

        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]
        assert rows[1][4] == "Ma Thị Lan"
        assert rows[1][9] == "Ma Thị Lân"

    def test_the_list_asks_as_often_for_twenty_pairs_as_for_one(
        self, pair: DuplicatePair, specialist: Browser, queries_of: Any
    ) -> None:
        before = queries_of(specialist, PAIRS)
        for number in range(20):
            other = make_entry(pair.entry.register, full_name=f"Người {number}")
            DuplicatePair.objects.create(entry=pair.other, other=other, probability=0.5, found_at=NOW)

        assert queries_of(specialist, PAIRS) == before
        assert before <= 12
