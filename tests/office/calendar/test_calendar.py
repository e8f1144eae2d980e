"""The working calendar on the screen: a day is published, promises stay as they were printed, whom it touches is listed."""

from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import Event
from lienthong.units.models import WorkCalendarVersion
from tests.screens import Browser, Page, enter
from tests.stories import ANOTHER_COMMUNE, approve
from tests.world import COMMUNE, PROVINCE_DESK, WORK_PERMIT, World, at

CALENDAR = "/office/calendar/"
THURSDAY = {"day_day": "19", "day_month": "11", "day_year": "2026", "kind": "off", "reason": "Nghỉ tránh bão số 9"}


@pytest.fixture
def editor(world: World) -> Browser:
    return enter(world.officer(Role.CATALOGUE_EDITOR, PROVINCE_DESK))


def publish(editor: Browser, **typed: Any) -> Page:
    return editor.open(CALENDAR).follow("Thay đổi một ngày").press("Công bố lịch mới", **{**THURSDAY, **typed})


def newest() -> WorkCalendarVersion:
    return WorkCalendarVersion.objects.latest("id")


class TestThePage:
    def test_shows_hours_and_the_days_of_this_year(self, editor: Browser) -> None:
        page = editor.open(CALENDAR)

        assert page.lead.startswith("Cả tỉnh: phiên bản 1")
        assert "07:30 – 11:30, 13:30 – 17:00" in page.words
        assert "Thứ Hai đến thứ Sáu" in page.words
        assert ["24/11/2026 Thứ Ba", "Nghỉ cả ngày"] in [row[:2] for row in page.rows()]
        assert not [row for row in page.rows() if "/2025" in row[0]]

    def test_shows_another_year_by_its_address(self, editor: Browser) -> None:
        page = editor.open(CALENDAR).follow("2025")

        assert "year=2025" in page.answer.request["QUERY_STRING"]
        assert all("/2025" in row[0] for row in page.rows())

    @pytest.mark.parametrize(
        "query", ["year=1", "year=9999", "year=²", "year=x", "year=" + "9" * 5000, "agency=x", f"agency={COMMUNE}"]
    )
    def test_reads_nonsense_in_the_address_as_nothing(self, editor: Browser, query: str) -> None:
        assert "năm 2026" in editor.open(f"{CALENDAR}?{query}").words

    @pytest.mark.parametrize("role", [Role.RECEIVER, Role.PROCESSOR, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_is_not_there_for_others(self, world: World, role: Role) -> None:
        browser = enter(world.officer(role))

        for address in (CALENDAR, f"{CALENDAR}change/", f"{CALENDAR}1/touched/"):
            assert browser.open(address).status == 404
        assert browser.send(f"{CALENDAR}change/", THURSDAY).status == 404
        assert WorkCalendarVersion.objects.count() == 1

    def test_costs_the_same_queries_for_any_number_of_days(self, editor: Browser, queries_of: Any) -> None:
        few = queries_of(editor, CALENDAR)
        for day in range(2, 12):
            publish(editor, day_day=str(day), day_month="12")

        assert (few, queries_of(editor, CALENDAR)) == (5, 5)


class TestPublishing:
    def test_makes_the_next_version_and_leaves_the_last_as_it_was(self, editor: Browser) -> None:
        before = WorkCalendarVersion.objects.get()

        page = publish(editor, reference="10065/VPCP-KGVX")

        assert "Đã công bố lịch làm việc, phiên bản 2." in page.words
        assert "2026-11-19" not in WorkCalendarVersion.objects.get(pk=before.pk).days
        assert newest().days["2026-11-19"]["reason"] == "Nghỉ tránh bão số 9"
        assert "19/11/2026" in editor.open(CALENDAR).words
        assert Event.objects.get(stream="calendar:province", sequence=2).payload["number"] == 2

    def test_what_was_promised_stays_and_is_listed_with_the_day_it_would_be(
        self, world: World, editor: Browser
    ) -> None:
        dossier = world.receive()

        page = publish(editor)

        assert page.rows() == [
            [
                str(dossier.code),
                "Ủy ban nhân dân phường Phan Đình Phùng",
                "17:00 thứ Hai 23/11/2026",
                "17:00 thứ Tư 25/11/2026",
            ]
        ]
        assert Dossier.objects.get().promised_due_at == at("2026-11-23 17:00")
        assert Dossier.objects.get().current_due_at == at("2026-11-23 17:00")

    def test_what_is_received_from_now_on_follows_the_new_version(self, world: World, editor: Browser) -> None:
        publish(editor)

        assert world.receive().promised_due_at == at("2026-11-25 17:00")

    def test_a_make_up_saturday_promises_earlier(self, world: World, editor: Browser) -> None:
        world.receive()

        page = publish(editor, day_day="21", kind="working", reason="Làm bù")

        assert page.rows()[0][3] == "17:00 thứ Bảy 21/11/2026"

    def test_a_day_becomes_ordinary_again(self, world: World, editor: Browser) -> None:
        publish(editor)

        publish(editor, kind="usual", reason="Bão không vào")

        assert "2026-11-19" not in newest().days
        assert world.receive().promised_due_at == at("2026-11-23 17:00")

    def test_dossiers_that_ended_or_did_not_run_that_day_are_not_listed(self, world: World, editor: Browser) -> None:
        world.now = at("2026-11-02 09:00")
        world.receive()
        world.now = at("2026-11-16 09:00")
        approve(world, world.receive())

        page = publish(enter(world.officer(Role.CATALOGUE_EDITOR, PROVINCE_DESK)))

        assert "Không có hồ sơ nào bị ảnh hưởng." in page.words

    def test_of_one_agency_touches_its_own_dossiers_alone(self, world: World, editor: Browser) -> None:
        here, _there, _above = world.receive(), world.receive(desk=ANOTHER_COMMUNE), world.receive(WORK_PERMIT)

        page = publish(editor, agency=COMMUNE)

        assert [row[0] for row in page.rows()] == [here.code]
        assert world.receive(desk=ANOTHER_COMMUNE).promised_due_at == at("2026-11-23 17:00")
        shown = editor.open(CALENDAR)
        assert "19/11/2026" not in shown.words
        assert "19/11/2026" in shown.follow("Ủy ban nhân dân phường Phan Đình Phùng").words

    def test_of_the_province_reaches_an_agency_with_a_calendar_of_its_own(self, world: World, editor: Browser) -> None:
        publish(editor, agency=COMMUNE)

        publish(editor, day_day="20")

        assert world.receive().promised_due_at == at("2026-11-26 17:00")

    def test_a_double_click_publishes_once(self, editor: Browser) -> None:
        page = editor.open(f"{CALENDAR}change/")

        page.press("Công bố lịch mới", **THURSDAY)
        again = page.press("Công bố lịch mới", **THURSDAY)

        assert "Ngày 19/11/2026 vốn đã như vậy" in again.words or "phiên bản 2" in again.words
        assert WorkCalendarVersion.objects.count() == 2


class TestRefusals:
    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"day_year": "3000"}, "3000"),
            ({"day_year": "2099"}, "nằm ngoài lịch làm việc hiện có"),
            ({"day_day": "31"}, "30 ngày"),
            ({"day_day": ""}, "còn thiếu ngày"),
            ({"kind": "party"}, "không còn trong danh sách"),
            ({"kind": None}, "Chưa chọn"),
            ({"reason": " "}, "Lý do"),
            ({"reason": "ỷ" * 301}, "300"),
            ({"agency": "H55.NOWHERE"}, "không còn trong danh sách"),
        ],
    )
    def test_are_said_beside_the_field_and_publish_nothing(
        self, editor: Browser, typed: dict[str, Any], says: str
    ) -> None:
        page = publish(editor, **typed)

        assert page.status == 422
        assert says in " ".join(page.errors)
        assert page.soup.select_one("main .govuk-form-group--error") is not None
        assert WorkCalendarVersion.objects.count() == 1

    def test_keep_what_was_typed(self, editor: Browser) -> None:
        page = publish(editor, kind=None, reference="10065/VPCP-KGVX")

        kept = page.form("Công bố lịch mới")[1]
        assert (kept["day_day"], kept["reason"], kept["reference"]) == (
            ["19"],
            [THURSDAY["reason"]],
            ["10065/VPCP-KGVX"],
        )

    @pytest.mark.parametrize("version", ["0", "999999", "9" * 30])
    def test_a_version_that_is_none_touches_nothing(self, editor: Browser, version: str) -> None:
        assert editor.open(f"{CALENDAR}{version}/touched/").status == 404
