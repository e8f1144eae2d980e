"""Asking one by one: each answer is written down and used, and nobody sees a stranger."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.verification.adapters.local_copy import PEOPLE
from lienthong.verification.adapters.local_query import LocalQuery
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import Case, Inquiry, RegisterEntry
from lienthong.verification.ports import SNAPSHOT, PopulationQuery
from lienthong.verification.services import cases
from lienthong.verification.states import CaseState
from tests.verification.cases import Caseload, target, theirs

PEOPLE_THERE = [
    theirs(birth_date="19600705", full_name="Ma Thị Hường"),
    theirs(number="019160005678", full_name="Ma Thị Hương", birth_date="19610507"),
    theirs(number="019160005679", full_name="Ma Thị Hương", birth_date="19610000"),
    theirs(number="019055001111", full_name="Nông Văn Hùng", birth_date="19550101"),
]


class SimulatedPolice(PopulationQuery):
    """The police's query service, as far as it answers: exact on all that is asked."""

    def __init__(self, people: list[dict[str, str]] | None = None) -> None:
        self.people = PEOPLE_THERE if people is None else people

    def find(self, *, number: str, full_name: str, birth_date: str, at_most: int) -> list[dict[str, str]]:
        def agrees(person: dict[str, str]) -> bool:
            born = person["birth_date"]
            return (
                bool(number or full_name or birth_date)
                and number in {"", person["number"]}
                and full_name.lower() in {"", person["full_name"].lower()}
                and birth_date in {"", born, born[:4], f"{born[6:]}/{born[4:6]}/{born[:4]}"}
            )

        blank = dict.fromkeys(SNAPSHOT, "")
        return [{**blank, **one} for one in self.people if agrees(one)][:at_most]


def local(folder: Path) -> LocalQuery:
    frame = pl.DataFrame([{**dict.fromkeys(SNAPSHOT, ""), **one} for one in PEOPLE_THERE])
    frame.write_parquet(folder / PEOPLE)
    return LocalQuery(folder)


@pytest.mark.parametrize("asked", [local, lambda _folder: SimulatedPolice()], ids=["LocalQuery", "SimulatedPolice"])
class TestWhoeverAnswers:
    @pytest.mark.parametrize(
        ("question", "found"),
        [
            (("019160005678", "Ma Thị Hương", "07/05/1961"), 1),
            (("019160005678", "ma thị hương", ""), 1),
            (("019160005678", "Ma Thị Hường", ""), 0),
            (("", "Ma Thị Hương", ""), 2),
            (("", "Ma Thị Hương", "1961"), 2),
            (("", "Ma Thị Hương", "07/05/1961"), 1),
            (("019055001111", "", ""), 1),
            (("", "", ""), 0),
        ],
    )
    def test_agrees_on_all_that_is_asked(
        self, asked: Callable[[Path], PopulationQuery], tmp_path: Path, question: tuple[str, str, str], found: int,
    ) -> None:  # fmt: skip
        number, full_name, birth_date = question
        people = asked(tmp_path).find(number=number, full_name=full_name, birth_date=birth_date, at_most=5)

        assert len(people) == found
        assert all(set(one) == set(SNAPSHOT) for one in people)

    def test_gives_no_more_than_it_was_asked_for(
        self, asked: Callable[[Path], PopulationQuery], tmp_path: Path
    ) -> None:
        assert len(asked(tmp_path).find(number="", full_name="Ma Thị Hương", birth_date="", at_most=1)) == 1


@pytest.mark.parametrize("adapter", [LocalQuery, SimulatedPolice])
def test_each_is_the_port(adapter: type) -> None:
    assert PopulationQuery in adapter.__mro__


@pytest.mark.django_db
class TestInquiring:
    def ask(
        self, caseload: Caseload, case: Case, people: list[dict[str, str]] | None = None, place: int = 0
    ) -> Inquiry:
        return cases.inquire(
            target(Case.objects.get(pk=case.pk)), place=place, acting_user=caseload.officer, now=caseload.now,
            query=SimulatedPolice(people),
        )  # fmt: skip

    def test_the_one_who_comes_back_can_be_taken(self, caseload: Caseload) -> None:
        case = caseload.case(Status.NOT_FOUND, linked=False, number="", birth_date="7/5/1961")

        found = self.ask(caseload, case)
        cases.accept(target(Case.objects.get(pk=case.pk)), acting_user=caseload.officer, now=caseload.now)

        case.refresh_from_db()
        assert found.person["number"] == "019160005678"
        assert case.state == CaseState.PROPOSED
        assert case.proposal == {"number": ["", "019160005678"]}

    def test_several_are_counted_and_not_shown(self, caseload: Caseload) -> None:
        case = caseload.case(Status.NOT_FOUND, linked=False, number="", birth_date="1961")

        found = self.ask(caseload, case)

        assert (found.answers, found.person) == (2, {})

    def test_a_stranger_is_counted_and_not_shown(self, caseload: Caseload) -> None:
        case = caseload.case(
            Status.NOT_FOUND, linked=False, number="019055001111", full_name="", birth_date="05/07/1960"
        )
        stranger = [theirs(number="019055001111", full_name="Nông Văn Hùng", birth_date="19550101")]

        for place in range(3):
            try:
                found = self.ask(caseload, case, stranger, place)
            except cases.NoSuchQuestion:
                break
            assert found.person == {}
        assert "Nông Văn Hùng" not in str(list(Inquiry.objects.order_by("id").values_list("person", flat=True)))

    def test_each_answer_is_written_down_without_a_name(self, caseload: Caseload) -> None:
        case = caseload.case(Status.NOT_FOUND, linked=False, number="", birth_date="7/5/1961")

        self.ask(caseload, case)

        told = Event.objects.get(stream=case.stream, name="PopulationInquired")
        assert told.payload["answers"] == 1
        assert "Hương" not in str(told.payload)

    def test_a_double_press_asks_once(self, caseload: Caseload) -> None:
        pressed = target(caseload.case(Status.NOT_FOUND, linked=False))

        for _ in range(2):
            cases.inquire(pressed, place=0, acting_user=caseload.officer, now=caseload.now, query=SimulatedPolice())

        assert Inquiry.objects.count() == 1

    def test_a_place_without_a_question_is_refused(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NoSuchQuestion):
            self.ask(caseload, caseload.case(), place=99)

    def test_without_a_copy_there_is_nobody_to_ask(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NobodyToAsk):
            cases.inquire(target(caseload.case()), place=0, acting_user=caseload.officer, now=caseload.now)

    def test_an_auditor_does_not_ask(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NotYourCase):
            cases.inquire(
                target(caseload.case()), place=0, acting_user=caseload.world.officer(Role.AUDITOR), now=caseload.now,
                query=SimulatedPolice(),
            )  # fmt: skip

    def test_nothing_is_written_into_the_register_by_asking(self, caseload: Caseload) -> None:
        case = caseload.case(Status.NOT_FOUND, linked=False, number="", birth_date="7/5/1961")

        self.ask(caseload, case)

        assert RegisterEntry.objects.get(pk=case.entry_id).number == ""
