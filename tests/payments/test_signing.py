"""Four people sign a run; each verb once, on what the user has seen, and nobody twice."""

from uuid import uuid4

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.events import sentence_of
from lienthong.infra.models import Event
from lienthong.payments.models import PaymentLine
from lienthong.payments.services.budgets_left import BudgetShort
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.preparing import collect_again
from lienthong.payments.services.refusals import (
    KeyUsedElsewhere,
    LinesUnanswered,
    ListChanged,
    NotPossibleNow,
    NotYourRun,
    ReasonNeeded,
    RunUnknown,
    SignedBySamePerson,
    StaleRun,
)
from lienthong.payments.services.signing import approve_run, cancel_run, check_run, close_run, release_run
from lienthong.payments.states import LineState, RunState
from tests.factories.accounts import MandateFactory
from tests.factories.payments import BudgetFactory
from tests.payments.house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def owing(house: House) -> House:
    for amount in (500_000, 400_000):
        house.owe(house.person(), amount)
    return house


def test_four_people_take_a_run_from_the_list_to_the_banks(owing: House) -> None:
    run = owing.pay()

    assert run.state == RunState.RELEASED
    assert {line.state for line in owing.lines(run)} == {LineState.SENT}
    assert [sentence_of(event) for event in Event.objects.filter(stream=run.stream).order_by("sequence")] == [
        "Mở đợt chi trả số 1 của tháng 11/2026; bắt đầu tổng hợp.",
        "Đã lập danh sách 2 khoản, 900.000 đồng; tạm giữ 0 khoản.",
        "Đã kiểm tra danh sách 2 khoản, 900.000 đồng.",
        "Duyệt chi 2 khoản, 900.000 đồng.",
        "Chuyển chi trả 2 khoản, 900.000 đồng.",
    ]


def test_nobody_signs_twice(owing: House) -> None:
    run = owing.prepare()
    for user in (owing.accountant, owing.head, owing.leader):
        held = {mandate.role for mandate in user.mandates.all()}
        for role in {Role.ACCOUNTANT, Role.DIVISION_HEAD, Role.LEADER} - held:
            MandateFactory(user=user, role=role, agency=owing.world.agency("H55.SYT"))
        user.__dict__.pop("_mandates_by_day", None)  # read once per instance

    with pytest.raises(SignedBySamePerson, match="Bạn đã lập"):
        owing.check(run, by=owing.accountant)
    owing.check(run)
    for signer, done in ((owing.accountant, "lập"), (owing.head, "kiểm tra")):
        with pytest.raises(SignedBySamePerson, match=done):
            owing.approve(run, by=signer)
    owing.approve(run)
    for signer in (owing.accountant, owing.head, owing.leader):
        with pytest.raises(SignedBySamePerson, match="bốn người khác nhau"):
            owing.release(run, by=signer)
    assert owing.release(run).state == RunState.RELEASED


def test_each_step_belongs_to_a_mandate(owing: House) -> None:
    run = owing.prepare()

    with pytest.raises(NotYourRun, match="trưởng phòng"):
        owing.check(run, by=owing.leader)
    with pytest.raises(RunUnknown):
        owing.check(run, by=owing.world.citizen())
    owing.check(run)
    with pytest.raises(NotYourRun, match="lãnh đạo"):
        owing.approve(run, by=owing.head)


def test_steps_come_in_their_order(owing: House) -> None:
    run = owing.prepare()

    with pytest.raises(NotPossibleNow, match="chưa thể duyệt"):
        owing.approve(run)
    with pytest.raises(NotPossibleNow):
        owing.release(run)
    released = owing.release(owing.approve(owing.check(run)))
    with pytest.raises(NotPossibleNow):
        owing.cancel(released)


def test_refuses_what_the_user_has_not_seen_and_repeats_nothing(owing: House) -> None:
    run = owing.prepare()
    seen = owing.target(run)

    checked = check_run(seen, acting_user=owing.head, now=owing.later())
    again = check_run(seen, acting_user=owing.head, now=owing.later())

    assert (again.version, again.checked_at) == (checked.version, checked.checked_at)
    stale = RunTarget(run_id=run.pk, seen=seen.seen, client_key=uuid4())
    with pytest.raises(StaleRun):
        approve_run(stale, acting_user=owing.leader, now=owing.later())
    assert Event.objects.filter(stream=run.stream, name="PaymentRunChecked").count() == 1


def test_whoever_had_a_list_collected_again_has_prepared_it(house: House) -> None:
    BudgetFactory(amount=400_000)
    house.owe(house.person(), 500_000)
    run = house.prepare()
    BudgetFactory(amount=400_000)

    collect_again(house.target(run), acting_user=house.another_accountant, now=house.later())
    run = house.collect(run)

    assert run.prepared_by == house.another_accountant
    assert Event.objects.filter(stream=run.stream, name="PaymentRunRetried").get().actor_id == run.prepared_by_id
    assert Event.objects.filter(stream=run.stream, name="PaymentRunPrepared").get().actor_id == run.prepared_by_id
    house.approve(house.check(run))
    with pytest.raises(SignedBySamePerson, match="Bạn đã lập"):
        house.release(run)
    assert house.release(run, by=house.accountant).state == RunState.RELEASED


def test_a_budget_taken_back_meanwhile_stops_the_approval_and_the_release(house: House) -> None:
    BudgetFactory(amount=500_000)
    house.owe(house.person(), 500_000)
    run = house.check(house.prepare())
    taken = BudgetFactory(amount=-200_000)

    with pytest.raises(BudgetShort, match=r"cần 500.000 đồng, còn 300.000 đồng, thiếu 200.000 đồng.*ký lại"):
        house.approve(run)
    BudgetFactory(amount=200_000)
    run = house.approve(run)
    BudgetFactory(amount=-500_000, quarter=taken.quarter)
    with pytest.raises(BudgetShort, match=r"thiếu 500.000 đồng"):
        house.release(run)

    run.refresh_from_db()
    assert (run.state, run.released_by) == (RunState.APPROVED, None)
    assert [line.state for line in house.lines(run)] == [LineState.PLANNED]


def test_the_key_of_another_action_is_refused(owing: House) -> None:
    run = owing.prepare()
    owing.cancel(run)
    key = Event.objects.get(stream=run.stream, name="PaymentRunCancelled").client_key
    other = owing.prepare()

    with pytest.raises(KeyUsedElsewhere):
        check_run(RunTarget(run_id=other.pk, seen=other.version, client_key=key), acting_user=owing.head, now=owing.now)


def test_lines_that_are_not_those_prepared_are_not_signed(owing: House) -> None:
    run = owing.prepare()
    PaymentLine.objects.filter(run=run, number=1).update(state=LineState.CANCELLED, is_live=False)

    with pytest.raises(ListChanged):
        owing.check(run)


def test_a_run_is_closed_when_every_line_was_answered(owing: House) -> None:
    run = owing.pay()
    one, other = owing.lines(run)
    owing.answer(one, LineState.PAID)

    with pytest.raises(LinesUnanswered, match="Còn 1 khoản"):
        close_run(owing.target(run), acting_user=owing.accountant, now=owing.later())
    owing.answer(other, LineState.UNCOLLECTED, "Người hưởng chưa đến nhận.")
    closed = close_run(owing.target(run), acting_user=owing.accountant, now=owing.later())

    assert closed.state == RunState.CLOSED
    payload = Event.objects.get(stream=run.stream, name="PaymentRunClosed").payload
    assert (payload["paid"], payload["unpaid"]) == (1, 1)


def test_a_cancellation_says_why(owing: House) -> None:
    run = owing.prepare()

    with pytest.raises(ReasonNeeded):
        owing.cancel(run, reason="  no ")
    assert owing.cancel(run, reason="Sai tháng áp dụng mức mới").cancelled_reason == "Sai tháng áp dụng mức mới"


def test_releasing_marks_lines_in_one_statement(owing: House, django_assert_max_num_queries: object) -> None:
    run = owing.approve(owing.check(owing.prepare()))
    target = owing.target(run)

    with django_assert_max_num_queries(22):  # type: ignore[operator]
        release_run(target, acting_user=owing.another_accountant, now=owing.later())


def test_cancelling_what_is_still_being_collected_lets_the_job_do_nothing(owing: House) -> None:
    run = owing.open()
    cancel_run(owing.target(run), reason="Mở nhầm tháng", acting_user=owing.accountant, now=owing.later())

    owing.collect(run)

    assert (run.state, owing.lines(run)) == (RunState.CANCELLED, [])
