"""A run holds what is owed and was not paid, each month once, and says of the rest why it waits."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.payments import sources
from lienthong.payments.models import Overpayment, PaymentAccount, PaymentLine, PaymentRun
from lienthong.payments.services.accounts import RecordAccount, record_account
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.overpayments import (
    SettledByTwo,
    confirm_settlement,
    propose_settlement,
    refuse_settlement,
    settle_by_deduction,
)
from lienthong.payments.services.preparing import collect_again
from lienthong.payments.services.refusals import (
    MonthHasOpenRun,
    MonthWrong,
    NobodyOwes,
    NotYourRun,
    OverpaymentRefused,
    ReasonNeeded,
)
from lienthong.payments.sources import Owed
from lienthong.payments.states import (
    HOLD_SENTENCES,
    AccountSource,
    Channel,
    Ground,
    HoldReason,
    LineState,
    NameCheck,
    OverpaymentState,
    RunState,
)
from lienthong.rules.parameters import NoValueInForce
from tests.factories.payments import BANK, BudgetFactory, PaymentAccountFactory
from tests.payments.house import DECEMBER, JANUARY, NOVEMBER, OCTOBER, House

pytestmark = pytest.mark.django_db


def test_pays_what_is_owed_with_where_it_goes_and_what_it_was_computed_from(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)

    run = house.prepare()

    (line,) = house.lines(run)
    account = PaymentAccount.objects.get(person=person)
    assert (line.amount, line.deducted, line.part, line.ground, line.state) == (
        500_000, 0, 0, Ground.REGULAR, LineState.PLANNED,
    )  # fmt: skip
    assert (line.channel, line.bank_code, line.account_number, line.holder_name) == (
        Channel.BANK, account.bank_code, account.number, account.holder_name,
    )  # fmt: skip
    assert (line.words, line.basis) == ("Mức 500000 đồng.", {"amount": 500_000})
    assert (run.state, run.lines_total, run.amount_total, run.held_lines) == (RunState.PREPARED, 1, 500_000, 0)
    assert len(run.digest) == 64
    assert [event.name for event in Event.objects.filter(stream=run.stream).order_by("sequence")] == [
        "PaymentRunOpened", "PaymentRunPrepared",
    ]  # fmt: skip


def test_the_next_run_of_the_month_pays_only_what_is_new(house: House) -> None:
    one, other = house.person(), house.person()
    house.owe(one, 500_000)
    house.pay()
    house.owe(one, 650_000)
    house.owe(other, 400_000)

    lines = house.lines(house.prepare())

    assert {(line.person_id, line.amount, line.part, line.ground) for line in lines} == {
        (one.pk, 150_000, 1, Ground.ARREARS), (other.pk, 400_000, 0, Ground.REGULAR),
    }  # fmt: skip


def test_a_change_that_reaches_back_is_paid_as_arrears_of_each_month(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.later(days=20)
    house.owe(person, 700_000)
    house.owe(person, 700_000, OCTOBER)
    house.owe(person, 700_000, DECEMBER)

    lines = house.lines(house.prepare(DECEMBER))

    assert sorted((line.for_month, line.amount, line.ground) for line in lines) == [
        (OCTOBER, 700_000, Ground.ARREARS), (NOVEMBER, 200_000, Ground.ARREARS), (DECEMBER, 700_000, Ground.REGULAR),
    ]  # fmt: skip


@pytest.mark.parametrize("state", [LineState.FAILED, LineState.RETURNED, LineState.UNCOLLECTED])
def test_money_that_did_not_arrive_is_paid_again_without_asking_the_source(house: House, state: LineState) -> None:
    person = house.person()
    house.owe(person, 500_000)
    (failed,) = house.lines(house.pay())
    house.answer(failed, state)
    house.source.totals.clear()

    run = house.prepare(DECEMBER)

    (line,) = house.lines(run)
    assert (line.for_month, line.amount, line.ground, line.carried_from_id) == (
        NOVEMBER,
        500_000,
        Ground.CARRIED,
        failed.pk,
    )
    failed.refresh_from_db()
    assert failed.resumed_by_id == run.pk
    assert house.lines(house.prepare(JANUARY)) == []


def test_money_that_is_not_owed_any_more_is_not_paid_again(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    (failed,) = house.lines(house.pay())
    house.answer(failed, LineState.FAILED)
    house.owe(person, 0)

    assert house.lines(house.prepare(DECEMBER)) == []
    assert house.lines(house.prepare(JANUARY)) == []
    assert not Overpayment.objects.exists()


@pytest.mark.parametrize(("facts", "reason"), [
    (None, HoldReason.NO_ACCOUNT),
    ({"unverified": True}, HoldReason.NOT_VERIFIED),
    ({"name_check": NameCheck.DIFFERENT}, HoldReason.NAME_DIFFERS),
    ({"name_check": NameCheck.UNKNOWN}, HoldReason.NAME_UNKNOWN),
    ({"similar": True}, HoldReason.NAME_UNCONFIRMED),
])  # fmt: skip
def test_holds_what_cannot_be_paid_safely_and_says_what_to_do(
    house: House, facts: dict[str, object] | None, reason: HoldReason
) -> None:
    person = house.person(account=False)
    if facts is not None:
        PaymentAccountFactory(person=person, **facts)
    house.owe(person, 500_000)

    run = house.prepare()

    (line,) = house.lines(run)
    assert (line.state, line.is_live, line.why_code) == (LineState.HELD, False, reason)
    assert line.why.endswith(".") and "Hãy" in line.why
    assert (run.lines_total, run.amount_total, run.held_lines, run.held_amount) == (0, 0, 1, 500_000)


def test_nothing_is_sent_to_somebody_who_has_died_and_the_heirs_receive_it(house: House) -> None:
    person, heir = house.person(), house.person()
    person.died_on = house.now.date()
    person.save()
    house.owe(person, 500_000)
    (held,) = house.lines(house.pay())
    assert (held.state, held.is_live, held.why_code) == (LineState.HELD, False, HoldReason.PAYEE_DIED)
    assert held.why == "Người nhận tiền đã mất. Hãy ghi người nhận khác, ví dụ người thừa kế."
    house.owe(person, 500_000, payee_id=heir.pk)

    (line,) = house.lines(house.prepare(DECEMBER))

    assert (line.state, line.payee_id, line.carried_from_id) == (LineState.PLANNED, heir.pk, held.pk)


def test_whoever_receives_for_somebody_who_died_later_than_the_run_or_lives_is_paid(house: House) -> None:
    dead, carer, dies = house.person(died_on=house.now.date()), house.person(), house.person()
    dies.died_on = house.now.date() + timedelta(days=1)
    dies.save()
    house.owe(dead, 500_000, payee_id=carer.pk)
    house.owe(dies, 400_000)

    assert {line.state for line in house.lines(house.prepare())} == {LineState.PLANNED}


def test_a_held_line_is_paid_by_the_next_run_once_the_account_is_right(house: House) -> None:
    person = house.person(account=False)
    house.owe(person, 500_000)
    (held,) = house.lines(house.pay())
    PaymentAccountFactory(person=person)

    (line,) = house.lines(house.prepare())

    assert (line.state, line.ground, line.carried_from_id) == (LineState.PLANNED, Ground.CARRIED, held.pk)


def test_one_clerk_alone_redirects_nobody(house: House) -> None:
    """A number of the clerk's own under the name of the beneficiary: whoever had an account keeps it, the other is held."""
    had, new = house.person(full_name="Lê Thị Có"), house.person(account=False, full_name="Lê Thị Chưa")
    clerk = house.world.officer(Role.PROCESSOR)
    for person in (had, new):
        command = RecordAccount(
            person_id=person.pk, channel=Channel.BANK, source=AccountSource.VNEID, valid_from=house.now.date(),
            bank_code=BANK, number=f"66{person.pk:08d}", holder_name=person.full_name,
        )  # fmt: skip
        record_account(command, acting_user=clerk, now=house.later())
        house.owe(person, 500_000)

    kept, held = house.lines(house.prepare())

    assert (kept.state, kept.account_id) == (LineState.PLANNED, had.payment_accounts.get(verified_at__isnull=False).pk)
    assert (held.state, held.why_code) == (LineState.HELD, HoldReason.NOT_VERIFIED)
    assert held.why == HOLD_SENTENCES[HoldReason.NOT_VERIFIED]


@pytest.mark.parametrize("trait", ["cash", "post"])
def test_cash_and_post_need_no_verified_number(house: House, trait: str) -> None:
    person = house.person(account=False)
    PaymentAccountFactory(
        person=person, verified_at=None, verified_by=None, recorded_by=house.accountant, **{trait: True}
    )
    house.owe(person, 500_000)

    (line,) = house.lines(house.prepare())

    assert (line.state, line.channel) == (LineState.PLANNED, trait)


def test_a_similar_name_that_a_second_person_confirmed_is_paid(house: House) -> None:
    person = house.person(account=False)
    PaymentAccountFactory(person=person, similar=True, confirmed_by=house.head, confirmed_at=house.now)
    house.owe(person, 500_000)

    assert [line.state for line in house.lines(house.prepare())] == [LineState.PLANNED]


def test_the_account_of_the_payee_counts_not_that_of_the_beneficiary(house: House) -> None:
    child, mother = house.person(account=False), house.person()
    house.owe(child, 500_000, payee_id=mother.pk)

    (line,) = house.lines(house.prepare())

    assert line.account_number == PaymentAccount.objects.get(person=mother).number


def test_a_deduction_is_kept_back_once_in_its_month(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000, deduction=100_000)
    house.pay()
    house.owe(person, 700_000, deduction=100_000)

    (line,) = house.lines(house.prepare())

    assert (line.amount, line.deducted) == (200_000, 0)


def test_a_line_of_which_everything_is_kept_back_needs_no_account(house: House) -> None:
    person = house.person(account=False)
    house.owe(person, 500_000, deduction=500_000)

    run = house.pay()

    (line,) = house.lines(run)
    assert (line.state, line.net, run.net_total) == (LineState.PAID, 0, 0)


def test_too_much_paid_is_an_overpayment_and_never_a_negative_payment(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 300_000)

    run = house.prepare()

    assert house.lines(run) == []
    (found,) = Overpayment.objects.all()
    assert (found.amount, found.for_month, found.state, found.run_id) == (
        200_000,
        NOVEMBER,
        OverpaymentState.OPEN,
        run.pk,
    )
    event = Event.objects.get(stream=found.stream)
    assert (event.name, event.payload["amount"], event.payload["person_id"]) == ("OverpaymentFound", 200_000, person.pk)


def test_an_overpayment_follows_what_is_owed_and_is_not_found_again_once_settled(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 300_000)
    house.cancel(house.prepare())
    house.owe(person, 200_000)
    house.cancel(house.prepare())
    (found,) = Overpayment.objects.all()
    assert found.amount == 300_000

    with pytest.raises(ReasonNeeded):
        propose_settlement(found.pk, note=" ", acting_user=house.leader, now=house.now)
    house.settle(found, note="Giấy nộp tiền số 12")
    with pytest.raises(OverpaymentRefused):
        propose_settlement(found.pk, note="Giấy nộp tiền số 12", acting_user=house.leader, now=house.now)
    house.cancel(house.prepare())

    assert Overpayment.objects.count() == 1


def test_what_a_decision_keeps_back_is_neither_found_again_nor_taken_twice(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 300_000)
    house.cancel(house.prepare())
    found = Overpayment.objects.get()
    taken = {
        "source": found.source, "person_id": person.pk, "benefit": found.benefit, "note": "Quyết định 12/QĐ-UBND",
        "proposed_by_id": house.accountant.pk, "acting_user_id": house.leader.pk, "now": house.now,
    }  # fmt: skip
    with pytest.raises(SettledByTwo):
        settle_by_deduction([found.pk], amount=200_000, **taken | {"proposed_by_id": house.leader.pk})
    with pytest.raises(OverpaymentRefused, match=r"nay là 200\.000"):
        settle_by_deduction([found.pk], amount=150_000, **taken)
    settle_by_deduction([found.pk], amount=200_000, **taken)
    with pytest.raises(OverpaymentRefused, match="đã được xử lý"):
        settle_by_deduction([found.pk], amount=200_000, **taken)

    house.owe(person, 500_000, DECEMBER, deduction=200_000)
    run = house.pay(DECEMBER)

    (line,) = house.lines(run)
    assert (line.for_month, line.amount, line.net) == (DECEMBER, 500_000, 300_000)
    house.cancel(house.prepare(JANUARY))
    assert [one.state for one in Overpayment.objects.all()] == [OverpaymentState.SETTLED]


def test_an_overpayment_is_withdrawn_when_the_money_is_owed_again(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 300_000)
    house.cancel(house.prepare())
    house.owe(person, 500_000)
    house.cancel(house.prepare())

    assert Overpayment.objects.get().state == OverpaymentState.WITHDRAWN


def test_money_that_was_given_back_is_paid_again_once_it_is_owed_again(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 0)
    house.pay(DECEMBER)
    house.settle(Overpayment.objects.get())
    house.owe(person, 500_000)

    (line,) = house.lines(house.pay(JANUARY))

    assert (line.for_month, line.amount, line.part, line.ground) == (NOVEMBER, 500_000, 1, Ground.ARREARS)
    assert house.lines(house.prepare(JANUARY)) == []
    assert Overpayment.objects.get().state == OverpaymentState.SETTLED


def test_who_gave_money_back_that_the_bank_returns_too_gets_their_own_back(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    (line,) = house.lines(house.pay())
    house.owe(person, 0)
    house.pay(DECEMBER)
    house.settle(Overpayment.objects.get())
    house.answer(line, LineState.RETURNED)

    (given,) = house.lines(house.pay(JANUARY))

    assert (given.for_month, given.amount, given.owed) == (NOVEMBER, 500_000, 0)
    assert house.lines(house.prepare(JANUARY)) == []


def test_money_that_came_back_is_confirmed_by_a_second_person(house: House) -> None:
    house.owe(person := house.person(), 500_000)
    house.pay()
    house.owe(person, 300_000)
    house.cancel(house.prepare())
    found = Overpayment.objects.get()
    seen = {"seen_amount": 200_000, "seen_note": "Giấy nộp tiền số 12", "now": house.now}
    with pytest.raises(OverpaymentRefused, match="Chưa ai đề nghị"):
        confirm_settlement(found.pk, acting_user=house.another_accountant, **seen)
    propose_settlement(found.pk, note="Giấy nộp tiền số 12", acting_user=house.accountant, now=house.now)
    with pytest.raises(SettledByTwo):
        confirm_settlement(found.pk, acting_user=house.accountant, **seen)
    with pytest.raises(IntegrityError, match="overpayment_settled_by_two"), transaction.atomic():
        Overpayment.objects.update(settled_by=house.accountant)
    house.owe(person, 400_000)
    house.cancel(house.prepare())
    with pytest.raises(OverpaymentRefused, match=r"nay là 100\.000"):
        confirm_settlement(found.pk, acting_user=house.another_accountant, **seen)

    refuse_settlement(found.pk, reason="Kho bạc chưa nhận", acting_user=house.another_accountant, now=house.now)

    found.refresh_from_db()
    assert (found.state, found.proposed_by, found.note, found.amount) == (OverpaymentState.OPEN, None, "", 100_000)
    house.settle(found)
    found.refresh_from_db()
    assert (found.state, found.proposed_by, found.settled_by) == (
        OverpaymentState.SETTLED, house.accountant, house.another_accountant,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_what_a_person_got_gave_back_and_was_owed_always_balances(house: House, seed: int) -> None:
    """Whatever happens in whatever order: got − given back = owed + what still waits as overpaid, once everything is answered."""
    luck, person, owed = Random(seed), house.person(), 0
    for _ in range(7):
        owed = luck.choice((0, 0, 300_000, 500_000))
        house.owe(person, owed)
        run = house.pay()
        for line in house.lines(run):
            house.answer(line, luck.choice((LineState.PAID, LineState.PAID, LineState.RETURNED)))
        if luck.random() < 0.8:
            for found in Overpayment.objects.filter(state=OverpaymentState.OPEN):
                house.settle(found)
        if luck.random() < 0.6:
            for line in PaymentLine.objects.filter(state=LineState.PAID):
                house.answer(line, LineState.RETURNED)
    while house.lines(run := house.pay()):
        for line in house.lines(run):
            house.answer(line, LineState.PAID)

    amounts = dict.fromkeys(OverpaymentState, 0)
    for one in Overpayment.objects.all():
        amounts[OverpaymentState(one.state)] += one.amount
    got = sum(line.amount for line in PaymentLine.objects.filter(state=LineState.PAID))
    assert got - amounts[OverpaymentState.SETTLED] == owed + amounts[OverpaymentState.OPEN]
    assert not (got < owed and amounts[OverpaymentState.OPEN])


def test_what_the_source_does_not_name_any_more_is_owed_nothing(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.source.totals.clear()

    run = house.prepare()

    assert house.lines(run) == []
    assert Overpayment.objects.get().amount == 500_000


def test_a_month_before_the_law_is_told_when_it_is_asked_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def known_on(month: date, *, on: date) -> str:
        if month < NOVEMBER:
            raise NoValueInForce("rules/data/base_level.yaml: chưa có giá trị cho ngày 01/10/2026.")
        return "v1"

    monkeypatch.setattr(house.source, "known_on", known_on)

    with pytest.raises(MonthWrong, match=r"tháng 10/2026 cho “Trợ giúp xã hội”: rules/data/base_level.yaml"):
        house.open(OCTOBER)

    assert not PaymentRun.objects.exists()
    assert house.prepare().rule_version == "v1"


def test_a_law_that_is_not_recorded_stops_a_run_with_the_file_to_complete(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def owed(*_asked: object, **_more: object) -> Iterator[Owed]:
        raise NoValueInForce("rules/data/base_level.yaml: chưa có giá trị cho ngày 01/10/2026.")

    monkeypatch.setattr(house.source, "owed", owed)

    run = house.prepare()

    assert (run.state, run.stopped) == (
        RunState.COLLECTING, "rules/data/base_level.yaml: chưa có giá trị cho ngày 01/10/2026.",
    )  # fmt: skip
    assert not PaymentLine.objects.exists()


def test_a_run_over_budget_stands_still_with_the_figures_and_writes_nothing(house: House) -> None:
    BudgetFactory(amount=600_000)
    for _ in range(2):
        house.owe(house.person(), 500_000)

    run = house.prepare()

    assert (run.state, run.lines_total, PaymentLine.objects.count()) == (RunState.COLLECTING, 0, 0)
    assert run.shortfalls == [{
        "source": "social-assistance", "label": "Trợ giúp xã hội", "needed": 1_000_000, "left": 600_000, "missing": 400_000,
    }]  # fmt: skip
    assert "thiếu 400.000 đồng" in run.stopped
    BudgetFactory(amount=400_000)
    collect_again(house.target(run), acting_user=house.accountant, now=house.later())
    assert house.collect(run).lines_total == 2
    house.cancel(run)


def test_money_of_other_runs_of_the_quarter_counts_against_the_budget(house: House) -> None:
    BudgetFactory(amount=900_000)
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 500_000, DECEMBER)

    run = house.prepare(DECEMBER)

    assert run.shortfalls[0]["left"] == 400_000


def test_a_source_without_a_budget_is_paid_and_said(house: House) -> None:
    house.owe(house.person(), 500_000)

    run = house.prepare()

    assert run.state == RunState.PREPARED
    assert run.notices and "Chưa có dự toán" in run.notices[0]


def test_a_cancelled_run_gives_everything_back(house: House) -> None:
    one, other = house.person(), house.person()
    house.owe(one, 500_000)
    (failed,) = house.lines(house.pay())
    house.answer(failed, LineState.FAILED)
    house.owe(other, 400_000)
    cancelled = house.cancel(house.prepare())
    assert all(line.state == LineState.CANCELLED and not line.is_live for line in house.lines(cancelled))

    run = house.prepare()

    assert {(line.person_id, line.amount, line.ground, line.carried_from_id) for line in house.lines(run)} == {
        (one.pk, 500_000, Ground.CARRIED, failed.pk), (other.pk, 400_000, Ground.REGULAR, None),
    }  # fmt: skip


def test_a_month_has_one_open_run_and_a_second_press_opens_none(house: House) -> None:
    house.owe(house.person(), 500_000)
    key = uuid4()
    run = house.open(client_key=key)

    assert house.open(client_key=key).pk == run.pk
    with pytest.raises(MonthHasOpenRun, match="11/2026"):
        house.open()
    assert PaymentRun.objects.count() == 1


def test_collecting_twice_does_nothing_the_second_time(house: House) -> None:
    house.owe(house.person(), 500_000)
    run = house.prepare()

    collect_run(run.pk)

    assert PaymentLine.objects.count() == 1
    assert Event.objects.filter(stream=run.stream).count() == 2


def test_only_accountants_of_the_competent_agency_prepare(house: House) -> None:
    for user in (house.head, house.leader, house.world.officer(Role.ACCOUNTANT, "H55.SNV")):
        house.accountant = user
        with pytest.raises(NotYourRun, match="kế toán chi trả"):
            house.open()


def test_refuses_months_that_cannot_be(house: House) -> None:
    with pytest.raises(MonthWrong, match="06/2027"):
        house.open(date(2027, 6, 1))
    with pytest.raises(MonthWrong):
        house.open(NOVEMBER, since=DECEMBER)


def test_refuses_when_nobody_owes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_SOURCES", {})

    with pytest.raises(NobodyOwes):
        house.open()


def test_a_month_that_was_left_out_is_asked_for_in_full(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 500_000, DECEMBER)
    house.owe(person, 500_000, JANUARY)

    run = house.prepare(JANUARY)

    assert run.since == DECEMBER
    assert sorted(line.for_month for line in house.lines(run)) == [DECEMBER, JANUARY]


def test_a_source_that_says_one_thing_twice_stops_the_run(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    person = house.person()
    house.owe(person, 500_000)
    owed = house.source.owed
    monkeypatch.setattr(house.source, "owed", lambda *args, **kw: [*owed(*args, **kw), *owed(*args, **kw)])

    run = house.prepare()

    assert run.state == RunState.COLLECTING
    assert "hai lần" in run.stopped and "Trợ cấp hằng tháng" in run.stopped
