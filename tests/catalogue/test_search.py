"""Finding a procedure by the words people use, over the real catalogue."""

from datetime import date
from typing import Any

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import ReceivingLevel
from lienthong.kernel.text import sort_key

pytestmark = [pytest.mark.usefixtures("real_catalogue"), pytest.mark.django_db]

TODAY = date(2026, 11, 23)


def codes(text: str, **filters: Any) -> list[str]:
    return [one.procedure.code for one in catalogue.search_catalogue(on=TODAY, text=text, **filters).page]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tro cap mai tang", "1.001731"),
        ("trợ cấp mai táng", "1.001731"),
        ("MAI TÁNG, chi phí", "1.001731"),
        ("đám ma", "1.001731"),
        ("mất việc", "1.001978"),
        ("người tàn tật", "1.001699"),
        ("giay phep lao dong", "1.014199"),
        ("xác nhận hộ nghèo cho con đi học", "1.011607"),
        ("nội quy công ty", "2.001955"),
        ("20/2021/NĐ-CP mai táng", "1.001731"),
        ("1.001731", "1.001731"),
        ("001731", "1.001731"),
        ("  1.001731 ", "1.001731"),
    ],
)
def test_finds_what_is_meant_among_the_first_five(text: str, code: str) -> None:
    assert code in codes(text)[:5]


def test_puts_names_that_hold_all_the_words_side_by_side_first() -> None:
    assert codes("noi quy lao dong")[0] == "2.001955"


def test_offers_what_is_spelled_alike_and_says_that_it_guesses() -> None:
    found = catalogue.search_catalogue(on=TODAY, text="lietsi")
    assert found.is_guess
    assert any("liệt sĩ" in one.name for one in found.page)


@pytest.mark.parametrize("text", ["xyzzy qqq", "%", "_____", "\\", "'; drop table", "ộ" * 300, "🙂"])
def test_finds_nothing_for_what_is_nothing(text: str) -> None:
    assert catalogue.search_catalogue(on=TODAY, text=text).page.paginator.count == 0


def test_lists_everything_in_vietnamese_order_where_nothing_is_asked() -> None:
    names = [one.name for one in catalogue.search_catalogue(on=TODAY, per_page=200).page]
    assert names == sorted(names, key=sort_key)
    assert len(names) == catalogue.online_procedures_on(TODAY).all


def test_finds_only_what_is_in_force_on_the_day() -> None:
    then = [one.procedure.code for one in catalogue.search_catalogue(on=date(2022, 11, 30), per_page=300).page]
    assert "1.014027" not in then
    assert "1.014027" in codes("", per_page=300)


def test_keeps_to_the_filters() -> None:
    found = catalogue.search_catalogue(
        on=TODAY, field="merit", level="commune", applicant="citizen", online="partial", per_page=100
    ).page
    assert found.paginator.count > 0
    for one in found:
        assert one.procedure.field.code == "merit"
        assert one.receiving_level in {ReceivingLevel.COMMUNE, ReceivingLevel.PROVINCE_OR_COMMUNE}
        assert "citizen" in one.applicants
        assert one.online_level == "partial"


@pytest.mark.parametrize("page", [-1, 0, 99999])
def test_gives_the_nearest_page(page: int) -> None:
    assert catalogue.search_catalogue(on=TODAY, page=page).page.object_list


@pytest.mark.parametrize(("text", "queries"), [("", 3), ("tro cap", 5), ("1.00", 3)])
def test_asks_a_number_of_queries_that_does_not_grow(text: str, queries: int, django_assert_num_queries: Any) -> None:
    for size in (5, 50):
        with django_assert_num_queries(queries):
            for one in catalogue.search_catalogue(on=TODAY, text=text, per_page=size).page:
                assert one.procedure.field.name
                assert catalogue.fees_on(one, on=TODAY) is not None
