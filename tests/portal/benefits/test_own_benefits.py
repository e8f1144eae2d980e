"""My benefits: what each comes to and why, every month's money, the account, complaints; nobody else's."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement
from lienthong.assistance.services.decision_sheets import Decided, keep_sheet
from lienthong.assistance.states import EntitlementState, ProposalKind
from lienthong.payments.models import PaymentAccount, PaymentComplaint, PaymentLine
from lienthong.payments.services.accounts import check_holder_again
from lienthong.payments.services.complaints import answer_complaint
from lienthong.payments.states import HOLD_SENTENCES, HoldReason, LineState, NameCheck
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance.emergencies import asked as emergency
from tests.assistance.emergencies import dweller
from tests.assistance.emergencies import granted as emergency_granted
from tests.factories.assistance import DisabilityCertificateFactory, EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import (
    PaymentAccountFactory,
    PaymentComplaintFactory,
    PaymentLineFactory,
    PaymentRunFactory,
)
from tests.factories.people import PersonFactory
from tests.portal.applicants import citizen
from tests.screens import Page, enter
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def owner(world: World) -> User:
    return citizen(world)


@pytest.fixture
def entitlement(world: World, owner: User) -> Entitlement:
    row = EntitlementFactory(person=owner.person, unit=world.agency(COMMUNE).unit)
    EntitlementRateFactory(entitlement=row)
    return row


@pytest.fixture
def paid(owner: User, entitlement: Entitlement) -> PaymentLine:
    run = PaymentRunFactory(month=OCTOBER, released=True)
    return PaymentLineFactory(
        run=run, person=owner.person, benefit="personal", amount=540_000, paid=True, unit=entitlement.unit
    )


def opened(user: Any, address: str = "/benefits/") -> Page:
    return enter(user).open(address)


class TestInAnInstitution:
    def test_what_the_institution_is_paid_is_told_and_is_not_counted_as_ones_own(
        self, world: World, owner: User
    ) -> None:
        row = EntitlementFactory(
            person=owner.person, unit=world.agency(COMMUNE).unit, in_institution=True,
            payee_organization__name="Trung tâm Điều dưỡng tỉnh",
        )  # fmt: skip
        EntitlementRateFactory(entitlement=row, amount=2_160_000)
        PaymentLineFactory(
            run=PaymentRunFactory(month=OCTOBER, released=True), person=owner.person, benefit="institution",
            unit=row.unit, payee_organization=row.payee_organization, held=True,
        )  # fmt: skip

        page = opened(owner)

        assert "chi trả cho cơ sở Trung tâm Điều dưỡng tỉnh" in page.words
        assert "Mỗi tháng bạn được hưởng 2.160.000" not in page.words
        assert "Hãy khai nơi nhận tiền" not in page.words
        page = opened(owner, f"/benefits/{row.pk}/")
        assert "chi trả cho cơ sở Trung tâm Điều dưỡng tỉnh" in page.words


class TestOverview:
    def test_says_how_much_a_month_and_how_it_stands(self, owner: User, paid: PaymentLine) -> None:
        page = opened(owner)

        assert page.lead == "Mỗi tháng bạn được hưởng 540.000 ₫."
        assert "Đang hưởng, từ tháng 10/2026." in page.words
        assert "Đã nhận ngày 04/11/2026" in page.words

    def test_what_is_paid_each_year_is_told_with_its_period(self, world: World, owner: User) -> None:
        row = EntitlementFactory(
            person=owner.person, unit=world.agency(COMMUNE).unit, programme="merit", benefit="yearly"
        )
        for first, end, amount in ((11, 1, 0), (1, 2, 1_400_000), (2, None, 0)):
            year = 2026 if first == 11 else 2027
            EntitlementRateFactory(
                entitlement=row, first_month=date(year, first, 1), end_month=date(2027, end, 1) if end else None,
                amount=amount,
            )  # fmt: skip

        page = opened(owner)

        assert "1.400.000 ₫ mỗi năm" in page.words
        assert page.lead == "", "it is no part of the sum of a month"
        page = opened(owner, f"/benefits/{row.pk}/")
        assert "1.400.000 ₫ mỗi năm" in page.words
        assert "Tháng 01/2027: 1.400.000 ₫." in page.words
        assert "0 ₫ mỗi tháng" not in page.words

    def test_shows_only_the_last_digits_of_an_account(self, owner: User, paid: PaymentLine) -> None:
        words = opened(owner).words

        assert f"số đuôi {paid.account_number[-4:]}" in words
        assert paid.account_number not in words

    def test_tells_nothing_of_a_list_that_may_still_change(self, owner: User, entitlement: Entitlement) -> None:
        PaymentLineFactory(
            run=PaymentRunFactory(month=OCTOBER, prepared=True), person=owner.person, benefit="personal", amount=777_000
        )

        assert "777.000" not in opened(owner).words

    def test_leads_whoever_has_none_to_the_self_check(self, owner: User) -> None:
        page = opened(owner)

        assert "Chưa thấy khoản trợ cấp nào của bạn." in page.words
        assert page.follow("Xem tôi có thể được hưởng gì").heading == "Tôi có thể được hưởng gì?"

    def test_shows_what_is_received_for_somebody_else(self, world: World, owner: User) -> None:
        ward = EntitlementFactory(payee=owner.person, payee_ground="guardian", unit=world.agency(COMMUNE).unit)
        EntitlementRateFactory(entitlement=ward)

        page = opened(owner)

        assert f"bạn nhận thay cho {ward.person.full_name}" in page.words
        assert page.lead == ""

    def test_shows_what_was_given_once_after_an_emergency(self, world: World, owner: User) -> None:
        assert owner.person is not None
        emergency_granted(world, emergency(world, owner.person))
        emergency_granted(
            world,
            emergency(world, dweller(world), EmergencyKind.RICE, payee_id=owner.person_id, payee_ground="household"),
        )

        page = opened(owner)

        assert "5.400.000 ₫ : hỗ trợ người bị thương nặng, thiên tai ngày 08/11/2026" in page.words
        assert "20/2021/NĐ-CP, Điều 13 khoản 1" in page.words
        assert "120 kg gạo" in page.words
        assert "Ủy ban nhân dân xã báo ngày và nơi nhận gạo." in page.words
        assert "Chưa thấy khoản trợ cấp nào" not in page.words

    def test_shows_a_few_payments_and_the_way_to_all_of_them(self, owner: User, entitlement: Entitlement) -> None:
        for month in range(1, 8):
            PaymentLineFactory(
                run=PaymentRunFactory(month=date(2026, month, 1), released=True), person=owner.person, benefit="personal",
                for_month=date(2026, month, 1), unit=entitlement.unit,
            )  # fmt: skip
        page = opened(owner)
        assert len(page.rows("Các khoản chi")) == 6

        everything = page.follow("Xem tất cả các khoản đã chi")

        assert [row[0] for row in everything.rows()] == [f"0{month}/2026" for month in range(7, 0, -1)]
        assert everything.lead == "7 khoản, mới nhất trước."
        assert everything.answer["Cache-Control"] == "private, no-store"

    def test_keeps_to_itself(self, owner: User, paid: PaymentLine) -> None:
        assert opened(owner).answer["Cache-Control"] == "private, no-store"

    def test_says_when_a_certificate_must_be_issued_anew(self, world: World, owner: User) -> None:
        child = PersonFactory(full_name="Lò Thị Bé", birth_on=date(2020, 12, 20))
        EntitlementRateFactory(
            entitlement=EntitlementFactory(
                person=child, payee=owner.person, payee_ground="guardian", unit=child.unit or world.agency(COMMUNE).unit
            )
        )
        DisabilityCertificateFactory(person=child, number="GXN-7", valid_from=date(2024, 3, 1))

        assert "Giấy xác nhận khuyết tật số GXN-7 của Lò Thị Bé phải xác định lại trước ngày" in opened(owner).words


class TestOneBenefit:
    def test_says_how_it_is_reckoned_with_its_article(self, owner: User, entitlement: Entitlement) -> None:
        page = opened(owner, f"/benefits/{entitlement.pk}/")

        assert "Người khuyết tật nặng" in page.words
        assert "20/2021/NĐ-CP, Điều 6 khoản 1" in page.words

    def test_tells_of_every_month_when_and_where_or_why_not_yet(
        self, owner: User, entitlement: Entitlement, paid: PaymentLine
    ) -> None:
        words = opened(owner, f"/benefits/{entitlement.pk}/").words

        assert "Đã nhận ngày 04/11/2026" in words
        assert "Danh sách chi tháng này chưa chuyển." in words

    def test_tells_of_a_month_that_was_paid_before_it_began(self, owner: User, entitlement: Entitlement) -> None:
        PaymentLineFactory(
            run=PaymentRunFactory(month=date(2027, 1, 1), released=True), person=owner.person, benefit="personal",
            amount=540_000, paid=True, unit=entitlement.unit,
        )  # fmt: skip

        words = opened(owner, f"/benefits/{entitlement.pk}/").words

        assert "01/2027" in words
        assert "Đã nhận ngày 04/11/2026" in words
        assert words.count("Nếu đã quá kỳ chi trả") == 1, "October is late, no month to come is"

    @pytest.mark.parametrize(
        ("state", "told", "more"),
        [
            (LineState.FAILED, "Ngân hàng không chuyển được: Tài khoản đã đóng.", "được chi lại ở đợt sau"),
            (LineState.UNCOLLECTED, "Chưa đến nhận", "được chi cùng tháng 11/2026"),
            (LineState.SENT, "Đã chuyển ngày 03/11/2026, chờ ngân hàng", ""),
        ],
    )
    def test_says_in_plain_words_why_not_and_what_to_do(
        self, owner: User, entitlement: Entitlement, state: LineState, told: str, more: str
    ) -> None:
        why = {
            LineState.FAILED: "Tài khoản đã đóng.",
            LineState.UNCOLLECTED: "Không đến",
        }
        PaymentLineFactory(
            run=PaymentRunFactory(month=OCTOBER, released=True), person=owner.person, benefit="personal", state=state,
            why=why.get(state, ""), unit=entitlement.unit,
        )  # fmt: skip

        words = opened(owner, f"/benefits/{entitlement.pk}/").words

        assert told in words
        assert more in words

    @pytest.mark.parametrize(
        ("reason", "told", "more"),
        [
            (
                HoldReason.NO_ACCOUNT,
                "Chưa chuyển được: chưa có tài khoản nhận tiền",
                "Hãy khai nơi nhận tiền ở trang này",
            ),
            (HoldReason.NOT_VERIFIED, "Chưa chuyển được: tài khoản chưa được xác minh", "bạn chưa phải làm gì"),
            (HoldReason.NAME_UNKNOWN, "Chưa chuyển được: chưa biết tên chủ tài khoản", "bạn chưa phải làm gì"),
            (HoldReason.NAME_UNCONFIRMED, "Chưa chuyển được: tên chủ tài khoản gần giống", "bạn chưa phải làm gì"),
            (HoldReason.NAME_DIFFERS, "Chưa chuyển được: tên chủ tài khoản khác", "tài khoản đứng tên người nhận"),
            (HoldReason.PAYEE_DIED, "Chưa chuyển được: người nhận đã mất", "Xã phải ghi người nhận khác"),
            (HoldReason.PERSON_DIED, "Không chi: người hưởng đã mất trước tháng này", "hãy báo ngay cho xã"),
            (HoldReason.NO_LONGER_OWED, "Chưa chi: mức hưởng của tháng này đã thay đổi", "được chi ở đợt sau"),
            ("", "Chưa chuyển được: Đang xem xét.", "Hãy hỏi xã vì sao"),
        ],
    )
    def test_of_what_is_held_back_says_whose_turn_it_is(
        self, owner: User, entitlement: Entitlement, reason: str, told: str, more: str
    ) -> None:
        PaymentLineFactory(
            run=PaymentRunFactory(month=OCTOBER, released=True), person=owner.person, benefit="personal", held=True,
            why=HOLD_SENTENCES[HoldReason(reason)] if reason else "Đang xem xét.", why_code=reason, unit=entitlement.unit,
        )  # fmt: skip

        words = opened(owner, f"/benefits/{entitlement.pk}/").words

        assert told in words
        assert more in words
        assert ("Hãy khai nơi nhận tiền" in words) == (reason == HoldReason.NO_ACCOUNT)

    @pytest.mark.parametrize(
        ("sent", "later", "told"),
        [
            ("released", {"paid": True}, "Chưa nhận được ở đợt này; đã nhận ở đợt sau ngày 04/11/2026"),
            ("released", {}, "Chưa nhận được ở đợt này; đang được chi ở đợt sau"),
            ("prepared", {"state": LineState.PLANNED}, ""),
        ],
    )
    def test_what_a_later_list_paid_asks_for_nothing_any_more(
        self, owner: User, entitlement: Entitlement, sent: str, later: dict[str, Any], told: str
    ) -> None:
        common = {"person": owner.person, "benefit": "personal", "unit": entitlement.unit, "for_month": OCTOBER}
        held = PaymentLineFactory(
            run=PaymentRunFactory(month=OCTOBER, released=True), held=True, why_code=HoldReason.NO_ACCOUNT, **common
        )
        again = PaymentLineFactory(
            run=PaymentRunFactory(month=date(2026, 11, 1), released=True), state=LineState.FAILED,
            why="Tài khoản đã đóng.", carried_from=held, **common,
        )  # fmt: skip
        run = PaymentRunFactory(month=date(2026, 12, 1), **{sent: True})
        PaymentLineFactory(run=run, carried_from=again, **later, **common)

        words = opened(owner, f"/benefits/{entitlement.pk}/").words

        assert told in words
        is_told = sent == "released"  # nobody is told of a list before it is sent
        assert ("Hãy khai nơi nhận tiền" in words) is not is_told
        assert ("Hãy kiểm tra tài khoản" in words) is not is_told

    def test_of_a_suspended_one_says_since_when_and_what_to_do(self, owner: User, entitlement: Entitlement) -> None:
        Entitlement.objects.filter(pk=entitlement.pk).update(
            state=EntitlementState.SUSPENDED, suspended_from=date(2026, 11, 1)
        )

        assert "Đang tạm dừng từ tháng 11/2026." in opened(owner, f"/benefits/{entitlement.pk}/").words

    def test_of_somebody_else_looks_like_nothing_there(self, world: World, entitlement: Entitlement) -> None:
        stranger = citizen(world, "Trần Văn Lạ", number="019190001235")

        theirs = opened(stranger, f"/benefits/{entitlement.pk}/")
        none = opened(stranger, "/benefits/999999999/")

        assert theirs.status == none.status == 404
        assert theirs.words == none.words


class TestAccount:
    TYPED = {"channel": "bank", "bank_code": "970436", "number": "0071001234567", "begins": "now"}

    def test_declared_waits_for_the_bank_to_name_the_holder(self, owner: User) -> None:
        page = opened(owner, "/benefits/account/").press(
            "Ghi nơi nhận tiền", **self.TYPED, holder_name="NGUYEN THI NGOC Y"
        )

        account = PaymentAccount.objects.get(person=owner.person)
        assert "Đã ghi nơi nhận tiền mới." in page.soup.get_text()
        assert "chờ ngân hàng xác nhận tên chủ tài khoản" in page.words
        assert (account.name_check, account.verified_at, account.number) == (NameCheck.UNKNOWN, None, "0071001234567")

    def test_in_another_name_is_refused_with_what_to_do(self, owner: User) -> None:
        page = opened(owner, "/benefits/account/").press("Ghi nơi nhận tiền", **self.TYPED, holder_name="TRAN VAN TEO")

        assert page.status == 422
        assert page.errors[0].startswith("Tài khoản phải đứng tên Nguyễn Thị Ngọc Ỷ.")
        assert not PaymentAccount.objects.exists()

    def test_follows_the_one_before_once_an_officer_has_the_answer_of_the_bank(self, world: World, owner: User) -> None:
        before = PaymentAccountFactory(person=owner.person, cash=True)

        opened(owner, "/benefits/account/").press("Ghi nơi nhận tiền", **self.TYPED, holder_name="Nguyễn Thị Ngọc Ỷ")

        before.refresh_from_db()
        assert before.valid_until is None
        check_holder_again(
            PaymentAccount.objects.get(recorded_by=owner).pk, holder_name="NGUYEN THI NGOC Y",
            acting_user=world.officer(Role.ACCOUNTANT, "H55.SYT"), now=world.now,
        )  # fmt: skip
        before.refresh_from_db()
        assert before.valid_until == date(2026, 11, 16)

    def test_that_an_office_recorded_is_told_and_can_be_objected_to(self, world: World, owner: User) -> None:
        PaymentAccountFactory(person=owner.person)
        assert "Không phải của tôi" not in opened(owner).words
        officer = world.officer(Role.PROCESSOR)
        PaymentAccountFactory(
            person=owner.person, number="00719994321", verified_at=None, verified_by=None, recorded_by=officer,
            recorded_at=world.now,
        )  # fmt: skip

        page = opened(owner)

        office = world.agency(COMMUNE).name
        assert f"{office} ghi ngày 16/11/2026 nơi nhận tiền của bạn" in page.words
        assert "số đuôi 4321. Chưa chi vào đó: còn chờ kiểm tra." in page.words
        page = page.follow("Không phải của tôi").press("Gửi phản ánh")
        assert "số đuôi 4321, ghi ngày 16/11/2026" in PaymentComplaint.objects.get().text
        assert "Đã gửi, đang chờ xã trả lời." in page.words

    def test_that_ended_is_not_said_to_be_in_use(self, world: World, owner: User) -> None:
        PaymentAccountFactory(person=owner.person, valid_until=world.today, cash=True)
        PaymentAccountFactory(person=owner.person, valid_from=world.today)

        now, before = opened(owner, "/benefits/account/").rows()

        assert now[-1] == "dùng được"
        assert before[-1] == "đã thôi dùng"

    def test_of_a_bank_has_its_code_to_look_at(self, owner: User) -> None:
        PaymentAccountFactory(person=owner.person)

        page = opened(owner, "/benefits/account/")

        assert "Mã VietQR của tài khoản đang dùng" in page.words
        assert page.main.find("svg") is not None

    def test_shows_the_code_of_the_account_in_use_not_of_the_next_one(self, owner: User) -> None:
        begins = date(2026, 12, 1)
        PaymentAccountFactory(person=owner.person, valid_until=begins, cash=True)
        PaymentAccountFactory(person=owner.person, valid_from=begins)

        page = opened(owner, "/benefits/account/")

        assert len(page.rows()) == 2
        assert "Mã VietQR" not in page.words

    def test_pressed_twice_is_recorded_once(self, owner: User) -> None:
        page = opened(owner, "/benefits/account/")
        typed = {**self.TYPED, "holder_name": "Nguyễn Thị Ngọc Ỷ"}

        page.press("Ghi nơi nhận tiền", **typed)
        page.press("Ghi nơi nhận tiền", **typed)

        assert PaymentAccount.objects.count() == 1

    def test_needs_the_number_where_money_goes_to_one(self, owner: User) -> None:
        page = opened(owner, "/benefits/account/").press("Ghi nơi nhận tiền", channel="bank", begins="now")

        assert len(page.errors) == 3


class TestComplaints:
    def test_about_one_payment_goes_to_the_commune_and_comes_back(
        self, world: World, owner: User, paid: PaymentLine
    ) -> None:
        page = opened(owner).follow("Phản ánh về tháng 10/2026").press("Gửi phản ánh", text="Nhận thiếu 40.000 đồng")
        complaint = PaymentComplaint.objects.get()
        assert complaint.line == paid
        assert "Đã gửi, đang chờ xã trả lời." in page.words

        answer_complaint(complaint.pk, answer="Sẽ chi bù.", acting_user=world.officer(Role.PROCESSOR), now=world.now)
        page = page.browser.open(page.path)
        assert "Sẽ chi bù." in page.words

        page = page.press("Chưa ổn, hỏi lại", reason="Bao giờ?")
        assert "Đã gửi, đang chờ xã trả lời." in page.words

    def test_is_closed_by_whoever_raised_it(self, world: World, owner: User) -> None:
        complaint = PaymentComplaintFactory(
            person=owner.person, state="answered", answer="Đã chi.", answered_at=world.now, unit=owner.person.unit
        )

        page = opened(owner, f"/benefits/complaints/{complaint.pk}/").press("Đã ổn, đóng phản ánh")

        assert "Đã xong." in page.words

    def test_of_somebody_else_looks_like_nothing_there(self, world: World, owner: User) -> None:
        other = PaymentComplaintFactory()
        line = PaymentLineFactory()

        assert opened(owner, f"/benefits/complaints/{other.pk}/").status == 404
        assert opened(owner, f"/benefits/payments/{line.pk}/complain/").status == 404


class TestPapers:
    def test_a_decision_is_beside_the_benefit_and_prints(
        self, world: World, owner: User, entitlement: Entitlement
    ) -> None:
        decided = Decided(
            kind=ProposalKind.SUSPEND, is_granted=True, person_id=entitlement.person_id, unit_id=entitlement.unit_id,
            programme=entitlement.programme, benefit=entitlement.benefit, payload={"first_month": "2026-12-01"},
            reasons=["Ba tháng liền chưa nhận tiền"], number="7/QĐ-UBND", entitlement_ids=[entitlement.pk],
        )  # fmt: skip
        keep_sheet(decided, acting_user=world.officer(Role.LEADER, COMMUNE), now=world.now)

        page = opened(owner)
        assert "Thông báo kết quả" in page.words
        assert "Tạm dừng trợ cấp hằng tháng từ tháng 12/2026." in page.words
        beside = opened(owner, f"/benefits/{entitlement.pk}/")
        answer = enter(owner).get(beside.link("Xem thông báo ngày"))

        words = " ".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(answer.streaming_content))).pages)
        assert "Ba tháng liền chưa nhận tiền" in words
        assert "7/QĐ-UBND" in words

    def test_nobody_else_opens_it(self, world: World, entitlement: Entitlement) -> None:
        decided = Decided(
            kind=ProposalKind.STOP, is_granted=False, person_id=entitlement.person_id, unit_id=entitlement.unit_id,
            programme=entitlement.programme, benefit=entitlement.benefit, note="Vẫn đủ điều kiện",
        )  # fmt: skip
        sheet = keep_sheet(decided, acting_user=world.officer(Role.LEADER, COMMUNE), now=world.now)
        assert sheet is not None

        assert (
            enter(citizen(world, number="019190009999")).get(f"/benefits/decisions/{sheet.pk}.pdf").status_code == 404
        )

    def test_what_was_received_is_confirmed_or_said_to_be_nothing_yet(
        self, owner: User, entitlement: Entitlement
    ) -> None:
        assert "chưa có gì để in" in opened(owner, "/benefits/payments.pdf").words
        run = PaymentRunFactory(month=OCTOBER, released=True)
        PaymentLineFactory(run=run, person=owner.person, benefit="personal", paid=True, unit=entitlement.unit)

        answer = enter(owner).get("/benefits/payments.pdf")

        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
