"""What a new law adds to what was decided once, on the screens: from the row of the law to the page, the proposal, the approval."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lienthong.assistance.models import Proposal, TopUp
from lienthong.assistance.states import Programme
from tests.assistance import onces
from tests.assistance.test_law_changes import applied, preparer, reckoned
from tests.office.assistance.test_paid_once import PROPOSE, approve, browser_of
from tests.screens import enter
from tests.world import World

pytestmark = pytest.mark.django_db
MAKES = {"funeral": onces.funeral, "at-death": onces.at_death, "emergency": onces.emergency}


def programme(kind: str) -> str:
    return Programme.MERIT if kind == "at-death" else Programme.SOCIAL


def opened(world: World, kind: str, grant: Any) -> Any:
    return browser_of(world, kind).open(f"/office/assistance/people/{grant.subject_id}/")


@pytest.mark.parametrize("kind", list(MAKES))
def test_from_the_row_of_the_law_to_the_decision(world: World, kind: str) -> None:
    grant: Any = MAKES[kind](world)
    change = reckoned(world, programme(kind))
    assert "Bổ sung chênh lệch" not in opened(world, kind, grant).links()
    applied(world, change)
    rows = enter(preparer(world, programme(kind))).open(f"/office/assistance/laws/{change.pk}/rows/?show=apart")
    assert "khoản chi một lần, xem riêng" in rows.words
    name = grant.person.full_name if kind == "emergency" else grant.deceased.full_name
    assert rows.follow(name).path == f"/office/assistance/people/{grant.subject_id}/"

    page = opened(world, kind, grant).follow("Bổ sung chênh lệch")
    assert "đợt chi trả sau chi thêm" in page.words
    assert page.press(PROPOSE, reason="").status == 422
    page = page.press(PROPOSE, reason="Áp dụng mức mới theo nghị định")
    assert "Bổ sung chênh lệch" in page.words
    assert "Đã duyệt" in approve(world, kind).notices

    page = opened(world, kind, grant)
    assert "Quyết định bổ sung chênh lệch" in page.words
    assert "thêm vào" in page.words
    assert "Bổ sung chênh lệch" not in page.links()
    assert "đã quyết định bổ sung" in rows.browser.open(rows.path).words
    address = f"/office/assistance/paid-once/{kind}/{grant.pk}/top-up/"
    assert browser_of(world, kind).open(address).status == 404


def test_a_second_proposal_is_refused_in_words(world: World) -> None:
    grant = onces.funeral(world)
    applied(world, reckoned(world))
    page = opened(world, "funeral", grant).follow("Bổ sung chênh lệch")
    page.press(PROPOSE, reason="Áp dụng mức mới")
    again = page.press(PROPOSE, reason="Áp dụng mức mới")
    assert again.status == 422
    assert "Đã có một đề xuất như vậy" in again.words
    assert Proposal.objects.filter(kind="top_up").count() == 1


def test_a_top_up_is_taken_back_from_the_page(world: World) -> None:
    grant = onces.funeral(world)
    applied(world, reckoned(world))
    onces.agreed(world, grant, onces.top_up_proposed(world, grant))
    top_up = TopUp.objects.get()
    page = browser_of(world, "funeral").open(f"/office/assistance/paid-once/top-up/{top_up.pk}/revoke/")
    page.press(PROPOSE, reason="Chờ hướng dẫn của bộ")
    assert "Đã duyệt" in approve(world, "funeral").notices
    top_up.refresh_from_db()
    assert top_up.withdrawn_because.startswith("Chờ hướng dẫn")
    assert "Thu hồi quyết định bổ sung chênh lệch" in opened(world, "funeral", grant).words


def test_what_people_with_merit_were_paid_once_is_reckoned_anew_from_their_page(world: World) -> None:
    row = onces.one_off(world)
    applied(world, reckoned(world, Programme.MERIT))
    page = opened_of_merit(world, row).follow("Tính lại mức")
    page = page.press("Xem các tháng trước và sau", verb="preview", from_month="2026-08-01", reason="Áp dụng mức mới")
    page = page.press(PROPOSE, verb="propose")
    assert "60.240.000" in page.words
    assert "Đã duyệt" in approve(world, "at-death").notices
    assert "Tính lại mức" not in opened_of_merit(world, row).links()


def opened_of_merit(world: World, row: Any) -> Any:
    return browser_of(world, "at-death").open(f"/office/assistance/people/{row.person_id}/")


def test_the_workbook_names_the_benefit_and_how_it_is_dealt_with(world: World) -> None:
    onces.funeral(world)
    change = reckoned(world)
    address = f"/office/assistance/laws/{change.pk}/rows.xlsx"
    answer = enter(preparer(world)).get(address)
    (line,) = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1:]
    assert line[3:10] == [
        "hỗ trợ chi phí mai táng", "08/2026", 10_000_000, 10_800_000, 800_000, "chưa", "khoản chi một lần, xem riêng",
    ]  # fmt: skip


def test_the_work_list_of_the_commune_leads_to_the_proposal(world: World) -> None:
    grant = onces.funeral(world)
    applied(world, reckoned(world))
    page = browser_of(world, "funeral").open("/office/assistance/findings/?kind=once_differs")
    assert "khoản chi một lần thấp hơn mức mới" in page.words
    page = page.follow(grant.deceased.full_name)
    assert "10.800.000" in page.words
    page = page.press("Đề xuất bổ sung chênh lệch")
    assert "Bổ sung chênh lệch 800.000" in page.words.replace("\u00a0", " ")
    assert "Đã duyệt" in approve(world, "funeral").notices
    assert TopUp.objects.get().amount == 800_000
