"""A family, a firm and an officer who has to apologise: whole stories told at the desk, through the screens alone."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from lienthong.accounts.states import Role
from lienthong.assistance.models import FuneralSupport
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.states import DossierState, Outcome
from lienthong.infra.events import broken_links
from lienthong.infra.models import Event
from tests.factories.people import PersonFactory
from tests.portal.applicants import DECEASED, PAPERS, pdf
from tests.screens import Browser, Page, enter
from tests.world import COMMUNE, FUNERAL_SUPPORT, HOME_AFFAIRS, PROVINCE_DESK, WORK_PERMIT, World, at

RECEIPT = "Giấy tiếp nhận hồ sơ"


def officer(world: World, role: Role, agency: str = COMMUNE) -> Browser:
    """An officer comes to work: a new session, at the moment the world calls now."""
    return enter(world.officer(role, agency))


def the_dossier() -> Dossier:
    return Dossier.objects.get()


def take_and_pass_on(world: World, role: Role, agency: str, *, proposal: str) -> Page:
    """Take the dossier from the queue by its number, and pass it on with a proposal."""
    page = officer(world, role, agency).open("/office/").follow(str(the_dossier().code)).press("Nhận xử lý")
    return page.follow("Chuyển bước tiếp theo").press("Chuyển bước tiếp theo", proposal=proposal)


def track(dossier: Dossier) -> Page:
    """Somebody without an account follows the dossier by what is printed on the receipt."""
    return enter(None).open("/track/").press("Xem hồ sơ", code=dossier.code, secret=dossier.secret)


def text_of(browser: Browser, address: str) -> str:
    answer: Any = browser.get(address)
    reader = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(autouse=True)
def _the_log_holds_at_the_end(world: World) -> Any:
    yield
    assert list(broken_links(Event.objects.order_by("stream", "sequence"))) == []


def test_a_family_asks_for_support_with_a_funeral_and_tells_what_it_thought(world: World) -> None:
    PersonFactory(full_name="Ma Văn Ỷ", number="019085001234", lives_in=world.agency(COMMUNE).unit, phone="0912345678")

    # Monday morning at the desk: the clerk finds the procedure, fills in what is known, and is told what is missing.
    clerk = officer(world, Role.RECEIVER)
    form = clerk.open("/office/desk/").follow("Tiếp nhận hồ sơ mới").press("Tìm thủ tục", q="mai tang")
    form = form.follow("Hỗ trợ chi phí mai táng").press("Lấy thông tin", number="019085001234")
    assert "Đã điền thông tin đang có." in form.words
    missing = form.press("Tiếp nhận hồ sơ", **DECEASED, item_1_given="on")
    assert [one.split(" của ")[0] for one in missing.errors] == [
        "Thiếu “Bản sao giấy chứng tử",
        "Chưa rõ có cần “Bản sao quyết định hoặc danh sách thôi hưởng trợ cấp bảo hiểm xã hội, trợ cấp khác",
    ]
    brought = {"item_2_given": "on", "item_2_files": [pdf("Trích lục khai tử.pdf")]}
    page = missing.press("Tiếp nhận hồ sơ", **brought, item_3_not_applicable="on")
    dossier = the_dossier()
    assert f"Đã tiếp nhận hồ sơ {dossier.code}, hẹn trả 17:00 thứ Hai 23/11/2026." in page.words
    receipt = text_of(clerk, page.link(RECEIPT))
    assert str(dossier.code) in receipt
    assert "Ma Văn Ỷ" in receipt

    # Tuesday: the officer takes it, sees what the law says, and proposes.
    world.now = at("2026-11-17 09:00")
    seen = officer(world, Role.PROCESSOR).open("/office/").follow(str(dossier.code))
    assert "Đủ điều kiện: 10.800.000 ₫" in seen.words.replace("\xa0", " ")
    assert "Trích lục khai tử.pdf" in seen.words
    take_and_pass_on(world, Role.PROCESSOR, COMMUNE, proposal="Đề nghị hỗ trợ 10.800.000 đồng")

    # Wednesday: the chairman reads the proposal and signs; the support is granted in the same breath.
    world.now = at("2026-11-18 15:00")
    page = officer(world, Role.LEADER).open("/office/approval/").follow(str(dossier.code))
    assert "Đề nghị hỗ trợ 10.800.000 đồng" in page.words
    page.follow("Phê duyệt").press("Phê duyệt", document_number="1234/QĐ-UBND")
    assert FuneralSupport.objects.get().dossier_code == dossier.code

    # The family sees at home that it is done; the clerk hands the decision over.
    assert "1234/QĐ-UBND" in track(dossier).words or "kết quả" in track(dossier).words
    world.now = at("2026-11-19 08:30")
    page = officer(world, Role.RECEIVER).open("/office/desk/").follow("Chờ trả kết quả").follow(str(dossier.code))
    page = page.follow("Trả kết quả").press("Trả kết quả", recipient="Ma Văn Ỷ")
    assert "1234/QĐ-UBND" in text_of(page.browser, page.link("Giấy giao nhận kết quả"))

    # And tells what it thought, once.
    rated = track(dossier).follow("Đánh giá").press("Gửi đánh giá", level="5", trips="2", comment="Nhanh, dễ hiểu")
    assert "Đánh giá" not in rated.links()
    assert (Rating.objects.get().level, Rating.objects.get().trips) == ("5", 2)
    world.now = at("2026-11-30 17:30")
    figures = officer(world, Role.LEADER).open("/office/figures/")
    assert "100,00 % giải quyết trước và đúng hạn trong 1 hồ sơ đã giải quyết" in figures.words


def test_a_firm_asks_the_province_for_a_work_permit(world: World) -> None:
    clerk = officer(world, Role.RECEIVER, PROVINCE_DESK)
    given = {f"item_{number}_given": "on" for number in range(1, 7)}
    page = clerk.open(f"/office/receive/{WORK_PERMIT}/").press(
        "Tiếp nhận hồ sơ",
        name="Công ty TNHH Samsung Thử nghiệm",
        number="0100233488",
        representative_name="Lý Thị Nộp",
        **given,
    )
    dossier = the_dossier()
    assert "hẹn trả 17:00 thứ Ba 01/12/2026" in page.words
    assert "Sở Nội vụ" in page.words

    # The desk of the province no longer holds it; the department does, step by step.
    world.now = at("2026-11-18 09:00")
    take_and_pass_on(world, Role.PROCESSOR, HOME_AFFAIRS, proposal="Đủ điều kiện cấp phép")
    world.now = at("2026-11-23 09:00")
    take_and_pass_on(world, Role.DIVISION_HEAD, HOME_AFFAIRS, proposal="Trình ký")
    waiting = officer(world, Role.LEADER, HOME_AFFAIRS).open("/office/approval/")
    assert waiting.codes() == [dossier.code]
    waiting.follow(str(dossier.code)).follow("Phê duyệt").press(
        "Phê duyệt", document_number="45/GP-SNV", result=[pdf("Giấy phép lao động.pdf")]
    )

    world.now = at("2026-11-25 14:00")
    page = (
        officer(world, Role.RECEIVER, PROVINCE_DESK).open(f"/office/search/?q={dossier.code}").follow(str(dossier.code))
    )
    page = page.follow("Trả kết quả").press("Trả kết quả", recipient="Lý Thị Nộp", proof="Giấy giới thiệu số 7")
    assert "Lý Thị Nộp" in text_of(page.browser, page.link("Giấy giao nhận kết quả"))
    control = text_of(page.browser, page.link("Phiếu kiểm soát"))
    assert "Sở Nội vụ" in control
    assert the_dossier().state == DossierState.RETURNED


def test_what_is_missing_is_asked_for_once_and_brought_to_the_desk(world: World) -> None:
    dossier = world.receive()
    world.now = at("2026-11-17 10:00")
    page = officer(world, Role.PROCESSOR).open("/office/").follow(str(dossier.code))
    page = page.follow("Yêu cầu bổ sung").press(
        "Yêu cầu bổ sung",
        mark_1="wrong",
        remark_1="Thiếu chữ ký",
        mark_2="wrong",
        remark_2="Bản chụp mờ",
        reason="Chưa đủ để thẩm định",
    )
    slip = text_of(page.browser, page.link("Phiếu yêu cầu bổ sung"))
    assert "Thiếu chữ ký" in slip
    assert "Bản chụp mờ" in slip

    # The family reads at home what is wanted and that the clock stands, and comes back on Friday.
    told = track(dossier)
    assert "Chưa đủ để thẩm định" in told.words
    world.now = at("2026-11-20 15:00")
    desk = officer(world, Role.RECEIVER).open("/office/desk/").follow("Chờ người nộp bổ sung").follow(str(dossier.code))
    half = desk.follow("Nhận phần bổ sung").press("Nhận phần bổ sung", item_1_given="on")
    assert len(half.errors) == 1, "everything comes in one go"
    page = half.press("Nhận phần bổ sung", item_2_given="on", item_2_originals="0", item_2_copies="1")

    promises = [row[1] for row in page.rows("Hạn trả")]
    assert promises == ["17:00 thứ Hai 23/11/2026", "đồng hồ tạm dừng", "17:00 thứ Hai 30/11/2026"]
    world.now = at("2026-11-27 09:00")
    assert "còn 1 ngày làm việc" in officer(world, Role.PROCESSOR).open("/office/").words


def test_a_request_that_the_law_does_not_support_is_refused_in_writing(world: World) -> None:
    dossier = world.receive(answers={**world.request().answers, "circumstance": "none"})
    world.now = at("2026-11-17 10:00")
    page = officer(world, Role.PROCESSOR).open("/office/").follow(str(dossier.code))
    assert "Không đủ điều kiện" in page.words
    take_and_pass_on(world, Role.PROCESSOR, COMMUNE, proposal="Đề nghị từ chối")

    world.now = at("2026-11-18 10:00")
    leader = officer(world, Role.LEADER)
    page = leader.open("/office/approval/").follow(str(dossier.code))
    refused = page.follow("Phê duyệt").press("Phê duyệt", document_number="1/QĐ")
    assert refused.status == 422, "the programme does not carry out what the law does not grant"
    page.follow("Từ chối giải quyết").press(
        "Từ chối giải quyết", reason="Người mất không thuộc đối tượng bảo trợ xã hội", document_number="77/UBND"
    )

    assert the_dossier().outcome == Outcome.REFUSED
    assert not FuneralSupport.objects.exists()
    told = track(dossier)
    assert "Người mất không thuộc đối tượng bảo trợ xã hội" in told.words
    slip = text_of(leader, leader.open(f"/office/dossiers/{dossier.public_id}/").link("Phiếu từ chối"))
    assert "Người mất không thuộc đối tượng bảo trợ xã hội" in slip


def test_an_office_that_will_be_late_apologises_and_stays_late_in_the_books(world: World) -> None:
    dossier = world.receive()
    world.now = at("2026-11-20 10:00")
    take_and_pass_on(world, Role.PROCESSOR, COMMUNE, proposal="Còn chờ xác minh tại thôn")
    leader = officer(world, Role.LEADER)
    page = (
        leader.open("/office/approval/")
        .follow(str(dossier.code))
        .follow("Xin lỗi và hẹn lại ngày trả")
        .press(
            "Xin lỗi và hẹn lại ngày trả",
            reason="Chờ xác minh tại thôn",
            document="88/UBND-XL",
            new_day_day="27",
            new_day_month="11",
            new_day_year="2026",
        )
    )
    letter = text_of(leader, page.link("Văn bản xin lỗi"))
    assert "88/UBND-XL" in letter
    assert "27 tháng 11 năm 2026" in letter or "27/11/2026" in letter
    assert "17:00 thứ Sáu 27/11/2026" in track(dossier).words

    world.now = at("2026-11-26 10:00")
    officer(world, Role.LEADER).open(f"/office/dossiers/{dossier.public_id}/").follow("Phê duyệt").press("Phê duyệt")

    page = officer(world, Role.LEADER).open("/office/figures/")
    world.now = at("2026-11-26 10:30")
    page = officer(world, Role.LEADER).open("/office/figures/")
    assert "1 hồ sơ giải quyết trễ hạn" in page.words
    assert "xong trễ hạn" in officer(world, Role.LEADER).open(f"/office/dossiers/{dossier.public_id}/").words


def test_what_was_received_after_three_is_handed_over_the_next_morning(world: World) -> None:
    world.now = at("2026-11-16 15:30")
    clerk = officer(world, Role.RECEIVER)
    page = clerk.open(f"/office/receive/{FUNERAL_SUPPORT}/").press(
        "Tiếp nhận hồ sơ", name="Hà Thị Chiều", **DECEASED, **PAPERS, hold="on"
    )
    assert the_dossier().promised_due_at == at("2026-11-23 17:00"), "the applicant's day does not move"
    assert the_dossier().hand_over_due_at == at("2026-11-17 07:30")

    world.now = at("2026-11-17 07:35")
    page = officer(world, Role.RECEIVER).open("/office/").follow(str(the_dossier().code))
    page.follow("Chuyển bước tiếp theo").press("Chuyển bước tiếp theo")
    assert the_dossier().state == DossierState.IN_PROGRESS
