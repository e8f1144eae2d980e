"""Whose conclusion counts: the council's while nobody objects, the medical assessment council's after; and paper made anew."""

from dataclasses import replace
from datetime import date

import pytest

from lienthong.kernel.days import BirthDate
from lienthong.kernel.decisions import Outcome
from lienthong.rules.disability import Certificate, CouncilVote, DisabilityLevel
from lienthong.rules.disability_conclusions import council_stands, issue_again, medical_council_concludes

SEVERE, MILD, EXTREME = DisabilityLevel.SEVERE, DisabilityLevel.MILD, DisabilityLevel.EXTREMELY_SEVERE
TODAY = date(2026, 11, 16)
VOTE = CouncilVote(members=6, votes={SEVERE: 4, MILD: 1}, chair=SEVERE)
ADULT = Certificate(birth_date=BirthDate(date(1980, 5, 17)), issued_on=date(2024, 3, 1), level=SEVERE)
CHILD = replace(ADULT, birth_date=BirthDate(date(2020, 11, 16)))


def test_a_conclusion_counts_when_nobody_objects() -> None:
    found = council_stands(VOTE, is_disputed=False, is_biased=False)
    assert (found.outcome, found.value) == (Outcome.GRANTED, SEVERE)
    assert any("Điều 15 khoản 2" in str(reason) for reason in found.reasons)


@pytest.mark.parametrize(
    ("disputed", "biased", "missing"),
    [
        (True, False, "không đồng ý"),
        (False, True, "thiếu khách quan"),
        (None, False, "sau niêm yết"),
        (False, None, "sau niêm yết"),
    ],
)
def test_an_objection_goes_to_the_medical_council_and_silence_is_not_agreement(
    disputed: bool | None, biased: bool | None, missing: str
) -> None:
    found = council_stands(VOTE, is_disputed=disputed, is_biased=biased)
    assert found.outcome is Outcome.UNKNOWN
    assert any(missing in one for one in found.missing)


def test_without_a_quorum_nothing_is_concluded() -> None:
    vote = CouncilVote(members=6, votes={SEVERE: 3}, chair=SEVERE)
    assert council_stands(vote, is_disputed=False, is_biased=False).outcome is Outcome.REFUSED


def test_a_council_that_cannot_conclude_leaves_it_to_the_medical_council() -> None:
    vote = CouncilVote(members=5, votes={SEVERE: 2, MILD: 2, EXTREME: 1}, chair=EXTREME)
    found = council_stands(vote, is_disputed=False, is_biased=False)
    assert found.outcome is Outcome.UNKNOWN
    assert "Hội đồng giám định y khoa" in found.missing[0]


def test_the_medical_council_is_taken_at_its_word_with_its_day() -> None:
    assert medical_council_concludes(EXTREME, concluded_on=date(2026, 11, 2)).value is EXTREME
    assert len(medical_council_concludes(None, concluded_on=None).missing) == 2


class TestMadeAnew:
    def test_what_is_kept_is_copied(self) -> None:
        found = issue_again(ADULT, asked=["Giấy bị mất"], on=TODAY)
        assert (found.outcome, found.value) == (Outcome.GRANTED, SEVERE)

    def test_nothing_is_copied_where_nothing_is_in_force(self) -> None:
        assert issue_again(None, asked=["Giấy bị mất"], on=TODAY).outcome is Outcome.REFUSED

    @pytest.mark.parametrize(("day", "outcome"), [(date(2026, 11, 15), Outcome.GRANTED), (TODAY, Outcome.REFUSED)])
    def test_a_child_of_six_is_assessed_first(self, day: date, outcome: Outcome) -> None:
        assert issue_again(CHILD, asked=["Giấy bị mất"], on=day).outcome is outcome

    def test_a_lasting_disability_is_copied_after_six_too(self) -> None:
        lasting = replace(CHILD, level=EXTREME, form_items=frozenset({"1.2"}))
        assert issue_again(lasting, asked=["Giấy bị mất"], on=TODAY).outcome is Outcome.GRANTED

    def test_whether_it_lasts_must_be_known_at_six_and_not_before(self) -> None:
        unclear = replace(CHILD, level=EXTREME, form_items=None)
        assert issue_again(unclear, asked=["Giấy bị mất"], on=TODAY).outcome is Outcome.UNKNOWN
        assert issue_again(unclear, asked=["Giấy bị mất"], on=date(2025, 1, 1)).outcome is Outcome.GRANTED

    def test_a_birthday_that_nobody_knows_leaves_it_open(self) -> None:
        assert issue_again(replace(CHILD, birth_date=None), asked=["Mất"], on=TODAY).outcome is Outcome.UNKNOWN

    def test_somebody_must_say_why(self) -> None:
        assert issue_again(ADULT, asked=[], on=TODAY).missing == ("lý do đổi, cấp lại",)
