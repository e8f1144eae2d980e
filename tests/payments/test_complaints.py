"""What people say about money that did not come."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.queries import happenings_of
from lienthong.accounts.states import Role
from lienthong.payments.models import PaymentComplaint
from lienthong.payments.queries import complaints as queries
from lienthong.payments.services import complaints as services
from lienthong.payments.states import ComplaintState
from tests.factories.payments import PaymentComplaintFactory, PaymentLineFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen(world: World) -> User:
    citizen = world.citizen("Nguyễn Thị Hòa")
    person = citizen.person
    assert person is not None
    person.unit = world.agency(COMMUNE).unit
    person.save(update_fields=["unit"])
    return citizen


def raised(world: World, by: User, person_id: int | None, **more: Any) -> PaymentComplaint:
    assert person_id is not None
    command = services.RaiseComplaint(person_id=person_id, text="Tháng 10 tôi chưa nhận được tiền", **more)
    return services.raise_complaint(command, acting_user=by, now=world.now)


def test_from_the_citizen_to_the_answer_and_the_end(world: World, citizen: User) -> None:
    line = PaymentLineFactory(person=citizen.person)
    complaint = raised(world, citizen, citizen.person_id, line_id=line.pk)
    officer = world.officer(Role.PROCESSOR)
    assert queries.complaint_counts(officer, queries.ComplaintFilter(), on=world.today)["open"] == 1
    with pytest.raises(services.ComplaintMovedOn, match="chờ trả lời"):
        services.close_complaint(complaint.pk, acting_user=officer, now=world.now)

    services.answer_complaint(
        complaint.pk, answer="Ngân hàng hoàn trả; chi lại tháng 12.", acting_user=officer, now=world.now
    )
    services.reopen_complaint(complaint.pk, reason="Vẫn chưa thấy", acting_user=citizen, now=world.now)
    services.answer_complaint(complaint.pk, answer="Đã chi lại ngày 02/12.", acting_user=officer, now=world.now)
    complaint = services.close_complaint(complaint.pk, acting_user=citizen, now=world.now)

    assert complaint.state == ComplaintState.CLOSED
    assert [one.sentence for one in happenings_of(complaint.stream)] == [
        "Đã nhận phản ánh.", "Đã trả lời phản ánh.", "Mở lại phản ánh. Vẫn chưa thấy", "Đã trả lời phản ánh.",
        "Đã đóng phản ánh.",
    ]  # fmt: skip
    assert queries.complaints_of(citizen.person_id or 0) == [complaint]


def test_somebody_elses_payment_is_not_complained_about(world: World, citizen: User) -> None:
    with pytest.raises(services.NotTheirPayment):
        raised(world, citizen, citizen.person_id, line_id=PaymentLineFactory().pk)


def test_nobody_complains_for_a_stranger(world: World, citizen: User) -> None:
    for other in (world.citizen("Lường Văn Lạ"), world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)):
        with pytest.raises(services.NotThisPerson):
            raised(world, other, citizen.person_id)


def test_an_officer_writes_it_down_and_an_empty_one_is_refused(world: World, citizen: User) -> None:
    officer = world.officer(Role.RECEIVER)
    complaint = raised(world, officer, citizen.person_id)
    assert complaint.made_by == officer

    with pytest.raises(services.NothingSaid):
        services.answer_complaint(complaint.pk, answer=" ", acting_user=officer, now=world.now)


def test_only_their_own_commune_or_person_sees_it(world: World, citizen: User) -> None:
    complaint = raised(world, citizen, citizen.person_id)

    assert queries.get_complaint(complaint.pk, user=citizen, on=world.today) == complaint
    for other in (world.citizen("Lường Văn Lạ"), world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)):
        with pytest.raises(queries.ComplaintNotFound):
            queries.get_complaint(complaint.pk, user=other, on=world.today)
        with pytest.raises(queries.ComplaintNotFound):
            services.answer_complaint(complaint.pk, answer="x", acting_user=other, now=world.now)
    assert not queries.filtered_complaints(
        world.officer(Role.PROCESSOR, ANOTHER_COMMUNE), queries.ComplaintFilter(), on=world.today
    ).exists()


def test_lists_narrow_by_commune_programme_and_state(world: World) -> None:
    unit = world.agency(COMMUNE).unit
    line = PaymentLineFactory(source="merit")
    PaymentComplaintFactory(unit=unit, line=line)
    PaymentComplaintFactory(unit=world.agency(ANOTHER_COMMUNE).unit)
    accountant = world.officer(Role.ACCOUNTANT, "H55.SYT")

    def count(**asked: str) -> int:
        return queries.filtered_complaints(accountant, queries.ComplaintFilter(**asked), on=world.today).count()

    assert (count(), count(commune=unit.code), count(source="merit"), count(state="closed"), count(state="all")) == (
        2, 1, 1, 0, 2,
    )  # fmt: skip
