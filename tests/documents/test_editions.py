"""The editions are complete, dated and sourced."""

from datetime import date

import pytest

from lienthong.documents.editions import EDITIONS_FILE, NoEditionInForce, edition_on, editions
from lienthong.documents.states import FormCode
from lienthong.kernel.legal import Confidence


@pytest.mark.parametrize(
    ("day", "circular"),
    [
        (date(2019, 1, 6), "Thông tư số 01/2018/TT-VPCP"),
        (date(2025, 9, 14), "Thông tư số 01/2018/TT-VPCP"),
        (date(2025, 9, 15), "Thông tư số 03/2025/TT-VPCP"),
        (date(3000, 1, 1), "Thông tư số 03/2025/TT-VPCP"),
    ],
)
def test_the_circular_in_force_on_a_day(day: date, circular: str) -> None:
    assert edition_on(day).circular == circular


def test_before_the_first_there_is_none() -> None:
    with pytest.raises(NoEditionInForce):
        edition_on(date(2018, 11, 23))


def test_each_edition_names_every_form_and_has_a_template_for_it() -> None:
    for edition in editions():
        assert set(edition.forms) == set(FormCode)
        assert str(edition.reference)
        assert all(form.title for form in edition.forms.values())
    assert all((EDITIONS_FILE.parent / f"{code.value}.typ").is_file() for code in FormCode)


def test_a_form_without_a_number_in_the_circular_is_marked_as_unverified() -> None:
    for edition in editions():
        for form in edition.forms.values():
            assert form.number or form.confidence is Confidence.MEMORY
