"""Disability certificates: which holds, which follows, and which are to be issued anew at six."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import DisabilityCertificate
from lienthong.assistance.queries.certificates import CertificateFilter, certificates, renewal_of
from lienthong.assistance.services import certificates as services
from lienthong.assistance.services.circumstances import EvidenceMissing, NotYourPerson, SpanOverlaps, SpanRefused
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from tests.factories.people import PersonFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(world: World) -> Person:
    return PersonFactory(unit=world.agency(COMMUNE).unit, birth_on=date(2021, 1, 10))


@pytest.fixture
def put(world: World, child: Person) -> Any:
    def record(issued_on: date = date(2023, 5, 4), **changes: Any) -> DisabilityCertificate:
        known = {
            "person_id": child.pk, "level": DisabilityLevel.SEVERE, "kind": DisabilityKind.MOVEMENT, "number": "12/GXN",
            "issued_on": issued_on, "issued_by_id": world.agency(COMMUNE).unit_id,
        }  # fmt: skip
        officer = changes.pop("by", world.officer(Role.PROCESSOR))
        command = services.RecordCertificate(**{**known, **changes})
        return services.record_certificate(command, acting_user=officer, now=world.now)

    return record


def test_a_certificate_holds_from_the_day_it_was_issued_and_is_due_at_six(put: Any, world: World) -> None:
    row = put()

    assert (row.valid_from, row.valid_until, row.level) == (date(2023, 5, 4), None, DisabilityLevel.SEVERE)
    assert renewal_of(row, on=world.today).due_on == date(2027, 1, 10)
    assert renewal_of(row, on=world.today).is_due(world.today)


def test_one_that_follows_ends_the_one_before(put: Any) -> None:
    first = put()

    second = put(
        date(2026, 2, 3), level=DisabilityLevel.EXTREMELY_SEVERE, number="13/GXN", form_items=frozenset({"1.2"})
    )

    first.refresh_from_db()
    assert (first.valid_until, second.valid_until) == (date(2026, 2, 3), None)
    assert second.form_items == ["1.2"]


def test_of_an_extremely_severe_one_the_form_must_be_known(put: Any, world: World) -> None:
    row = put(level=DisabilityLevel.EXTREMELY_SEVERE)

    assert renewal_of(row, on=world.today).missing == ("mục khuyết tật đặc biệt nặng trong phiếu Mẫu số 02",)


def test_one_withdrawn_lets_the_one_before_hold_again(put: Any, world: World) -> None:
    first, second = put(), put(date(2026, 2, 3), number="13/GXN")

    services.withdraw_certificate(
        second.pk, reason="Giấy của người khác", acting_user=world.officer(Role.PROCESSOR), now=world.now
    )

    first.refresh_from_db()
    assert first.valid_until is None
    with pytest.raises(services.CertificateUnknown):
        services.withdraw_certificate(
            second.pk, reason="Giấy của người khác", acting_user=world.officer(Role.PROCESSOR), now=world.now
        )


def test_one_withdrawn_leaves_ended_what_ended_by_itself(put: Any, world: World) -> None:
    first = put(valid_until=date(2026, 2, 3))
    second = put(date(2026, 2, 3), number="13/GXN")

    services.withdraw_certificate(
        second.pk, reason="Giấy của người khác", acting_user=world.officer(Role.PROCESSOR), now=world.now
    )

    first.refresh_from_db()
    assert first.valid_until == date(2026, 2, 3)


def test_an_older_one_than_is_recorded_is_refused(put: Any) -> None:
    put()

    with pytest.raises(SpanOverlaps, match="01/02/2022"):
        put(date(2022, 2, 1))


def test_days_and_number_must_be_possible(put: Any) -> None:
    with pytest.raises(SpanRefused, match="chưa đến"):
        put(date(2027, 2, 1))
    with pytest.raises(SpanRefused, match="ngày sinh"):
        put(date(2020, 2, 1))
    with pytest.raises(EvidenceMissing, match="số của Giấy"):
        put(number=" ")


def test_the_issuer_is_a_commune(put: Any, world: World) -> None:
    with pytest.raises(services.IssuerUnknown, match="cấp xã"):
        put(issued_by_id=world.agency("H55.SNV").unit_id)


def test_only_the_commune_of_the_person_records(put: Any, world: World) -> None:
    with pytest.raises(NotYourPerson):
        put(by=world.officer(Role.PROCESSOR, ANOTHER_COMMUNE))


def test_the_list_finds_those_to_be_issued_anew(put: Any, world: World) -> None:
    due, officer = put(), world.officer(Role.PROCESSOR)
    grown = PersonFactory(unit=world.agency(COMMUNE).unit, birth_on=date(1990, 1, 1))
    put(person_id=grown.pk, number="20/GXN")
    elsewhere = PersonFactory(unit=world.agency(ANOTHER_COMMUNE).unit, birth_on=date(2021, 1, 1))
    put(person_id=elsewhere.pk, number="21/GXN", by=world.officer(Role.PROCESSOR, ANOTHER_COMMUNE))

    assert list(certificates(officer, CertificateFilter(due="yes"), on=world.today)) == [due]
    assert certificates(officer, CertificateFilter(), on=world.today).count() == 2
    assert list(
        certificates(officer, CertificateFilter(q="20/gxn"), on=world.today).values_list("person", flat=True)
    ) == [grown.pk]
