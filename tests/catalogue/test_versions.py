"""Which version holds on which day, and what is said where none does."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import Standing, VersionStatus
from lienthong.rules.deadlines import Allowance, Unit
from tests.factories.catalogue import ProcedureFactory, VersionFactory, joint_version_data, version_data

pytestmark = pytest.mark.django_db

FIRST, CHANGE, END = date(2021, 7, 1), date(2025, 7, 1), date(2026, 10, 5)


@pytest.fixture
def two_versions() -> list[ProcedureVersion]:
    procedure = ProcedureFactory(code="1.001731")
    spans = [(FIRST, CHANGE), (CHANGE, END)]
    return [
        VersionFactory(procedure=procedure, number=number, says=version_data(valid_from=start, valid_until=end))
        for number, (start, end) in enumerate(spans, start=1)
    ]


@pytest.mark.parametrize(
    ("day", "number"),
    [(FIRST, 1), (date(2025, 6, 30), 1), (CHANGE, 2), (date(2026, 10, 4), 2)],
    ids=["first day", "last day of the old", "first day of the new", "last day"],
)
def test_gives_the_version_of_the_day(two_versions: Any, day: date, number: int) -> None:
    assert catalogue.procedure_in_force("1.001731", on=day).number == number


def test_refuses_the_day_before_the_first_and_says_when_it_begins(two_versions: Any) -> None:
    with pytest.raises(catalogue.ProcedureNotInForce, match="có hiệu lực từ 01/07/2021"):
        catalogue.procedure_in_force("1.001731", on=date(2021, 6, 30))


def test_says_since_when_it_is_abolished_by_what_and_what_took_its_place(two_versions: Any) -> None:
    ProcedureVersion.objects.filter(number=2).update(ended_by="999/QĐ-UBND")
    successor = ProcedureFactory(code="1.014027")
    successor.predecessors.add(two_versions[0].procedure)
    VersionFactory(procedure=successor, says=version_data(name="Trợ cấp hưu trí xã hội", valid_from=END))

    with pytest.raises(catalogue.ProcedureNotInForce) as refusal:
        catalogue.procedure_in_force("1.001731", on=END)

    assert "hết hiệu lực từ 05/10/2026 theo 999/QĐ-UBND" in str(refusal.value)
    assert "“Trợ cấp hưu trí xã hội” (1.014027)" in str(refusal.value)
    assert refusal.value.replaced_by == ("1.014027",)


def test_refuses_a_procedure_that_was_never_published_or_never_existed() -> None:
    VersionFactory(procedure__code="2.000744", draft=True)

    with pytest.raises(catalogue.ProcedureNotInForce, match="chưa được công bố"):
        catalogue.procedure_in_force("2.000744", on=CHANGE)
    with pytest.raises(catalogue.ProcedureNotInForce, match=r"Không có thủ tục mã 7\.777777"):
        catalogue.procedure_in_force("7.777777", on=CHANGE)


def test_finds_a_version_in_one_query(two_versions: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        version = catalogue.procedure_in_force("1.001731", on=FIRST)
        assert version.procedure.field.name == "Bảo trợ xã hội"


def test_fetches_a_version_with_its_parts_in_five_queries_however_many_there_are(
    two_versions: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):
        version = catalogue.get_version(two_versions[0].pk)
        data = catalogue.data_of(version)
    assert [item.number for item in data.items] == [1, 2, 3]
    assert data == version_data(valid_from=FIRST, valid_until=CHANGE)


def test_says_what_there_is_not() -> None:
    with pytest.raises(catalogue.NoSuchProcedure, match="Không có thủ tục"):
        catalogue.get_version(0)


def test_reads_the_steps_of_a_published_version_once_per_process(django_assert_num_queries: Any) -> None:
    version = VersionFactory()
    first = catalogue.steps_of(version.pk)
    with django_assert_num_queries(0):
        assert catalogue.steps_of(version.pk) is first
    assert [step.kind.value for step in first] == ["intake", "process", "review", "decide", "return"]


def test_reads_the_steps_of_a_draft_anew_each_time() -> None:
    draft = VersionFactory(draft=True)
    catalogue.steps_of(draft.pk)
    draft.steps.filter(number=2).update(name="Xem lại")
    assert catalogue.steps_of(draft.pk)[1].name == "Xem lại"


def test_keeps_the_time_limit_as_parts_that_follow_each_other() -> None:
    version = VersionFactory(joint=True)
    assert catalogue.allowance_of(version) == (Allowance(5, Unit.WORKING_DAY), Allowance(12, Unit.CALENDAR_DAY))
    assert catalogue.steps_of(version.pk)[3].allowance == Allowance(10, Unit.CALENDAR_DAY)
    assert catalogue.data_of(catalogue.get_version(version.pk)) == joint_version_data()


@pytest.mark.parametrize(
    ("changes", "on", "standing"),
    [
        ({"status": VersionStatus.DRAFT, "published_at": None}, CHANGE, Standing.DRAFT),
        ({}, date(2021, 6, 30), Standing.AHEAD),
        ({}, FIRST, Standing.IN_FORCE),
        ({"valid_until": CHANGE}, date(2025, 6, 30), Standing.IN_FORCE),
        ({"valid_until": CHANGE}, CHANGE, Standing.ENDED),
        ({"valid_until": CHANGE, "withdrawn_at": datetime(2025, 6, 1, tzinfo=UTC)}, CHANGE, Standing.WITHDRAWN),
        ({"status": VersionStatus.WITHDRAWN}, FIRST, Standing.WITHDRAWN),
    ],
)
def test_says_how_a_version_stands(changes: dict[str, Any], on: date, standing: Standing) -> None:
    assert catalogue.standing_of(VersionFactory(**changes), on=on) is standing


def test_lists_versions_newest_first_and_drafts_only_where_asked_for(two_versions: Any) -> None:
    VersionFactory(procedure=two_versions[0].procedure, number=3, draft=True, says=version_data(valid_from=END))
    assert [version.number for version in catalogue.versions_of("1.001731")] == [2, 1]
    assert [version.number for version in catalogue.versions_of("1.001731", drafts=True)] == [3, 2, 1]


def test_the_database_refuses_two_published_versions_on_one_day(two_versions: Any) -> None:
    overlapping = version_data(valid_from=date(2025, 1, 1), valid_until=date(2025, 2, 1))
    with pytest.raises(IntegrityError, match="version_one_published_a_day"), transaction.atomic():
        VersionFactory(procedure=two_versions[0].procedure, number=3, says=overlapping)


def test_the_database_refuses_a_span_that_ends_before_it_begins() -> None:
    with pytest.raises(IntegrityError, match="version_span"), transaction.atomic():
        VersionFactory(valid_until=FIRST)


def test_the_database_refuses_that_somebody_publishes_what_they_prepared() -> None:
    with pytest.raises(IntegrityError, match="version_four_eyes"), transaction.atomic():
        VersionFactory(prepared_by=[3, 7], published_by=7)
    VersionFactory(prepared_by=[3, 7], published_by=8)


def test_counts_what_can_be_done_online_on_a_day(two_versions: Any) -> None:
    says = replace(joint_version_data(), online_level="partial", online_level_then=3)
    VersionFactory(procedure__code="1.010805", says=says)
    VersionFactory(procedure__code="1.010806", draft=True)

    counts = catalogue.online_procedures_on(date(2022, 11, 30))
    assert (counts.all, counts.full, counts.partial, counts.level_4, counts.level_3) == (2, 1, 1, 1, 1)
    assert catalogue.online_procedures_on(date(2020, 1, 1)).all == 0


def test_counts_procedures_by_field_in_vietnamese_order(django_assert_num_queries: Any) -> None:
    for number, (code, name) in enumerate([("employment", "Việc làm"), ("disability", "Người khuyết tật")]):
        VersionFactory(procedure__code=f"5.{number}", procedure__field__code=code, procedure__field__name=name)
    VersionFactory.create_batch(2)
    with django_assert_num_queries(1):
        fields = catalogue.fields_with_counts(on=CHANGE)
    assert [(field.name, field.count) for field in fields] == [
        ("Bảo trợ xã hội", 2),
        ("Người khuyết tật", 1),
        ("Việc làm", 1),
    ]


def test_lists_publishing_decisions_newest_first_with_what_they_published(two_versions: Any) -> None:
    newer = replace(version_data().decision, number="2/QĐ", signed_on=date(2025, 6, 20))  # type: ignore[type-var]
    VersionFactory(procedure__code="1.2", says=version_data(decision=newer))
    decisions = catalogue.published_decisions()
    assert [(one.number, one.count) for one in decisions] == [("2/QĐ", 1), ("108/QĐ-LĐTBXH", 2)]
    assert [one.procedure.code for one in catalogue.versions_by_decision("2/QĐ")] == ["1.2"]
