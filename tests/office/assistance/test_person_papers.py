"""The papers of a person on their page: scans, decisions, what was paid; and the order in which the page answers."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from lienthong.accounts.states import Role
from lienthong.assistance.models import DecisionSheet
from lienthong.payments.states import LineState
from tests.documents.specimens import pdf
from tests.factories.payments import PaymentLineFactory
from tests.office.assistance.people import entitled, granted
from tests.screens import enter
from tests.world import World

pytestmark = pytest.mark.django_db


def address(person: Any, rest: str = "") -> str:
    return f"/office/assistance/people/{person.pk}/{rest}"


def words_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content), strict=True).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_answers_in_the_order_in_which_people_ask(world: World) -> None:
    row = granted(world, entitled(world))
    page = enter(world.officer(Role.PROCESSOR)).open(address(row.person))

    headings = [one.get_text(strip=True) for one in page.main.select("section.part > h2")]

    assert headings == [
        "Đang trả và cách tính", "Các lần trả tiền", "Theo quy định hôm nay", "Thay đổi sắp tới", "Thông tin đã biết",
        "Diễn biến", "Giấy tờ",
    ]  # fmt: skip


def test_a_scan_is_added_beside_a_fact_opened_and_taken_away(world: World) -> None:
    row = granted(world, entitled(world))
    officer = enter(world.officer(Role.PROCESSOR))
    page = officer.open(address(row.person)).follow("Thêm bản quét giấy tờ")
    fact = next(
        one["value"] for one in page.main.select("select[name=of] option") if "lương hưu" in one.text.casefold()
    )

    page = page.press(
        "Đính kèm giấy tờ", of=fact, scans=SimpleUploadedFile("quyet-dinh-huu.pdf", pdf(), "application/pdf")
    )

    assert page.status == 200, page.errors
    rows = page.rows("Giấy tờ, mới nhất trước")
    assert any("Hoàn cảnh" in one and any("quyet-dinh-huu.pdf" in cell for cell in one) for one in rows)
    assert "Đã đính kèm 1 tệp giấy tờ làm căn cứ." in page.words
    page = page.follow("Gỡ").press("Gỡ tệp này", reason="Giấy của người khác")
    assert "quyet-dinh-huu.pdf" not in page.words


def test_what_is_no_paper_is_refused_with_what_to_do(world: World) -> None:
    row = granted(world, entitled(world))
    page = enter(world.officer(Role.PROCESSOR)).open(address(row.person)).follow("Thêm bản quét giấy tờ")
    fact = page.main.select("select[name=of] option")[1]["value"]

    page = page.press("Đính kèm giấy tờ", of=fact, scans=SimpleUploadedFile("bai-hat.pdf", b"ID3", "application/pdf"))

    assert page.status == 422
    assert page.errors


def test_a_decision_is_printed_from_the_person_and_from_the_proposal(world: World) -> None:
    row = granted(world, entitled(world))
    officer = enter(world.officer(Role.PROCESSOR))
    sheet = DecisionSheet.objects.get(person=row.person)

    page = officer.open(address(row.person))
    assert page.main.select(f"a[href='/office/assistance/decisions/{sheet.pk}.pdf']")
    page = officer.open(f"/office/assistance/proposals/{sheet.proposal_id}/")
    assert "In thông báo kết quả gửi người dân" in page.words

    paper = officer.get(f"/office/assistance/decisions/{sheet.pk}.pdf")
    words = words_of(b"".join(paper.streaming_content))
    assert "KẾT QUẢ XÉT TRỢ CẤP" in words
    assert "540.000 ₫" in words
    assert row.person.full_name in words


def test_what_was_paid_is_confirmed_on_paper_with_the_name_of_each_order(world: World) -> None:
    row = granted(world, entitled(world))
    officer = enter(world.officer(Role.PROCESSOR))
    assert "chưa có gì để in" in officer.open(address(row.person, "payments.pdf")).words
    PaymentLineFactory(
        person=row.person, unit=row.unit, for_month=date(2026, 10, 1), amount=540_000, state=LineState.PAID,
        paid_on=date(2026, 10, 9),
    )  # fmt: skip

    paper = officer.get(address(row.person, "payments.pdf"))

    words = words_of(b"".join(paper.streaming_content))
    assert "XÁC NHẬN" in words
    assert "10/2026" in words
    assert "540.000 ₫" in words
    assert "năm trăm bốn mươi nghìn đồng" in words.casefold()
