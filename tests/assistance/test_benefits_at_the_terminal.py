"""A person, the proposals and their decision at the terminal: what the screens show and refuse, no more and no less."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from lienthong.accounts.states import AccountKind, Role
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.infra.models import ReadRecord
from tests.assistance.known import disabled, granted_in_october, home_affairs, known, leader, processor
from tests.assistance.terminal import Terminal
from tests.assistance.test_merit import INVALID, proposed
from tests.factories.payments import PaymentLineFactory, PaymentRunFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
NUMBER = "019080000071"
END = ("propose", "stop", NUMBER, "--declined-on", "10/11/2026")


@pytest.fixture
def terminal(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    return Terminal(world, capsys)


@pytest.fixture
def row(world: World) -> Entitlement:
    """Somebody who has received since October."""
    return granted_in_october(world, disabled(world, full_name="Ma Thị Một", number=NUMBER))


@pytest.fixture
def paid(row: Entitlement) -> Entitlement:
    for month in (date(2026, 10, 1), date(2026, 11, 1)):
        PaymentLineFactory(
            run=PaymentRunFactory(released=True, month=month), source=row.programme, person=row.person, benefit="personal",
            unit=row.unit, for_month=month, amount=810_000, paid=True,
        )  # fmt: skip
    return row


class TestShow:
    def test_tells_rates_law_payee_what_waits_and_what_was_paid(self, terminal: Terminal, paid: Entitlement) -> None:
        terminal.asked(*END)

        told = terminal.asked("show", NUMBER)

        assert told["person"]["name"] == "Ma Thị Một"
        (one,) = told["entitlements"]
        assert (one["id"], one["amount"], one["payee"], one["payee_ground"]) == (paid.pk, 810_000, "Ma Thị Một", "self")
        assert one["rates"][0]["first_month"] == "10/2026"
        rules = told["rules"]["social_assistance"]
        assert (rules["outcome"], rules["amount"]) == ("granted", 810_000)
        assert "20/2021/NĐ-CP, Điều 5 khoản 6" in rules["articles"]
        assert [proposal["kind"] for proposal in told["proposals"]] == ["stop"]
        assert {line["month"] for line in told["payments"]} == {"10/2026", "11/2026"}
        assert {fact["name"] for fact in told["facts"]} >= {"pension", "care"}
        assert len(told["certificates"]) == 1

    def test_a_month_narrows_what_was_paid_and_says_its_rate(self, terminal: Terminal, paid: Entitlement) -> None:
        told = terminal.asked("show", NUMBER, "--month", "9/2026")
        assert (told["payments"], told["entitlements"][0]["amount"]) == ([], None)
        assert told["rules"]["on"] == "2026-09-01"

        assert [one["amount"] for one in terminal.asked("show", NUMBER, "--month", "10/2026")["payments"]] == [810_000]

    def test_words_for_people(self, world: World, terminal: Terminal, paid: Entitlement) -> None:
        terminal.asked(*END)

        code, words = terminal.run("show", NUMBER, "--as", leader(world).username)

        assert code == 0
        for said in (
            "Ma Thị Một, số định danh 019080000071", "810.000", "đang hưởng từ tháng 10/2026", "chính người hưởng",
            "Theo pháp luật áp dụng cho ngày 16/11/2026", "Đề xuất đang chờ: 1", "Đã và đang chi (2)",
        ):  # fmt: skip
            assert said in words

    def test_that_it_was_read_is_written_down(self, world: World, terminal: Terminal, row: Entitlement) -> None:
        terminal.asked("show", NUMBER)

        read = ReadRecord.objects.get(subject=f"person:{row.person_id}")
        assert (read.actor_id, read.action) == (processor(world).pk, "assistance")

    def test_each_programme_is_seen_by_its_own_people(self, world: World, terminal: Terminal) -> None:
        person = known(world, number=NUMBER)
        proposal = proposed(world, person, INVALID)
        terminal.decided(proposal.pk, by=home_affairs(world))
        merit = world.officer(Role.PROCESSOR, fields=["merit"], another=True)
        social = world.officer(Role.PROCESSOR, fields=["social-protection"], another=True)

        seen = terminal.asked("show", NUMBER, by=merit)
        assert {one["programme"] for one in seen["entitlements"]} == {"merit"}
        assert seen["rules"]["social_assistance"] is None
        assert seen["rules"]["merit"]["outcome"] == "granted"
        assert {one["name"].partition(".")[0] for one in seen["facts"]} == {"merit"}
        unseen = terminal.asked("show", NUMBER, by=social)
        assert (unseen["entitlements"], unseen["claims"], unseen["rules"]["merit"]) == ([], [], None)

    def test_whoever_does_not_see_the_person_learns_nothing(
        self, world: World, terminal: Terminal, row: Entitlement
    ) -> None:
        elsewhere = world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)
        missing = terminal.refused("show", "019080099999").replace("019080099999", NUMBER)

        assert terminal.refused("show", NUMBER, by=elsewhere) == missing
        himself = world.account(AccountKind.CITIZEN, "Ma Thị Một", person=row.person)
        for other in (himself, world.officer(Role.LEADER, fields=["labour"], another=True)):
            for verb in (("show", NUMBER), ("proposals",), ("decide", "1", "--dry-run"), END):
                assert "không làm việc" in terminal.refused(*verb, by=other)
        assert not ReadRecord.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [(("show", "123"), "cần 12 chữ số"), (("show", NUMBER, "--month", "2026-11"), "không phải một tháng")],
    )
    def test_what_cannot_be_read_is_said(
        self, terminal: Terminal, row: Entitlement, arguments: tuple[str, ...], says: str
    ) -> None:
        assert says in terminal.refused(*arguments)


class TestProposals:
    def test_lists_what_the_account_may_see_and_asks_for(
        self, world: World, terminal: Terminal, row: Entitlement
    ) -> None:
        terminal.asked(*END)
        proposed(world, known(world, full_name="Lê Văn Công"), INVALID)

        told = terminal.asked("proposals", by=leader(world))
        assert [(one["kind"], one["may_decide"]) for one in told] == [("stop", True), ("merit_claim", False)]
        assert [one["kind"] for one in terminal.asked("proposals", "--programme", "merit")] == ["merit_claim"]
        assert [one["kind"] for one in terminal.asked("proposals", "--kind", "stop")] == ["stop"]
        assert [one["kind"] for one in terminal.asked("proposals", "--person", "Ma Thi")] == ["stop"]
        assert {one["state"] for one in terminal.asked("proposals", "--state", "all")} == {"approved", "pending"}
        here, there = (world.agency(one).unit.code for one in (COMMUNE, ANOTHER_COMMUNE))
        assert len(terminal.asked("proposals", "--commune", here)) == 2
        assert terminal.asked("proposals", "--commune", there) == []
        assert terminal.asked("proposals", by=world.officer(Role.LEADER, ANOTHER_COMMUNE)) == []
        code, words = terminal.run("proposals", "--as", leader(world).username)
        assert (code, "2 đề xuất." in words, "Ma Thị Một" in words) == (0, True, True)

    @pytest.mark.parametrize(
        "wrong", [("--state", "open"), ("--kind", "raise"), ("--programme", "gold"), ("--commune", "99999")]
    )
    def test_an_unknown_code_is_refused(self, terminal: Terminal, wrong: tuple[str, ...]) -> None:
        assert wrong[1] in terminal.refused("proposals", *wrong)


class TestDecide:
    @pytest.fixture
    def proposal(self, terminal: Terminal, row: Entitlement) -> Proposal:
        (one,) = terminal.asked(*END)["proposals"]
        return Proposal.objects.get(pk=one["id"])

    def test_is_looked_at_without_deciding(self, world: World, terminal: Terminal, proposal: Proposal) -> None:
        told = terminal.asked("decide", str(proposal.pk), "--dry-run", by=leader(world))

        assert any(one["before"] == 810_000 and not one["after"] for one in told["months"])
        proposal.refresh_from_db()
        assert proposal.state == "pending"

    def test_is_refused_with_a_reason(self, world: World, terminal: Terminal, proposal: Proposal) -> None:
        refuse = ("decide", str(proposal.pk), "--refuse")
        assert "Ghi lý do" in terminal.refused(*refuse, by=leader(world))

        told = terminal.asked(*refuse, "--note", "Chưa có đơn từ chối", by=leader(world))

        assert (told["state"], told["note"]) == ("refused", "Chưa có đơn từ chối")
        assert Entitlement.objects.get().state == "active"

    def test_is_taken_back_by_whoever_made_it(self, world: World, terminal: Terminal, proposal: Proposal) -> None:
        withdraw = ("decide", str(proposal.pk), "--withdraw", "--note", "Nhập nhầm người")
        assert "Chỉ người lập đề xuất" in terminal.refused(*withdraw, by=leader(world))

        assert terminal.asked(*withdraw)["state"] == "withdrawn"

    def test_whoever_proposed_does_not_decide(self, world: World, terminal: Terminal, row: Entitlement) -> None:
        both = leader(world)
        (one,) = terminal.asked(*END, by=both)["proposals"]

        said = terminal.refused("decide", str(one["id"]), "--approve", "--number", "1/QĐ", by=both)

        assert "đề xuất" in said
        assert Proposal.objects.get(pk=one["id"]).state == "pending"

    def test_is_decided_by_whom_the_law_names(self, world: World, terminal: Terminal, proposal: Proposal) -> None:
        approve = ("decide", str(proposal.pk), "--approve", "--number", "1/QĐ")
        for role in (Role.AUDITOR, Role.DIVISION_HEAD):
            assert terminal.refused(*approve, by=world.officer(role, another=True))
        assert "Không có mục này" in terminal.refused(*approve, by=world.officer(Role.LEADER, ANOTHER_COMMUNE))
        assert terminal.refused(*approve, by=world.officer(Role.LEADER, HOME_AFFAIRS))
        proposal.refresh_from_db()
        assert proposal.state == "pending"

    def test_nothing_is_decided_twice(self, world: World, terminal: Terminal, proposal: Proposal) -> None:
        terminal.decided(proposal.pk)

        for way in (("--approve", "--number", "2/QĐ"), ("--refuse", "--note", "Chưa đủ giấy tờ"), ("--dry-run",)):
            assert terminal.refused("decide", str(proposal.pk), *way, by=leader(world))

    @pytest.mark.parametrize(
        ("way", "says"),
        [
            (("--approve",), "Thiếu --number"),
            ((), "đúng một trong"),
            (("--approve", "--refuse"), "đúng một trong"),
            (("--withdraw",), "Thiếu --note"),
            (("--approve", "--number", "a\x00b"), "ký tự điều khiển"),
        ],
    )
    def test_what_is_missing_is_said(
        self, world: World, terminal: Terminal, proposal: Proposal, way: tuple[str, ...], says: str
    ) -> None:
        assert says in terminal.refused("decide", str(proposal.pk), *way, by=leader(world))
        assert "Không có mục này" in terminal.refused(
            "decide", "999999", "--approve", "--number", "1", by=leader(world)
        )
