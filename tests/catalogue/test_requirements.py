"""What is still missing from a request, and what is paid."""

from dataclasses import replace
from datetime import date

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import FeeData, ItemData
from lienthong.catalogue.queries import GivenItem
from lienthong.catalogue.states import ItemKind
from tests.factories.catalogue import ITEMS, VersionFactory, version_data

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def missing(items: tuple[ItemData, ...], given: dict[int, GivenItem]) -> list[str]:
    version = VersionFactory(says=version_data(items=items))
    return [str(one) for one in catalogue.items_missing_from(version, given)]


def test_lists_everything_that_is_missing_at_once_and_in_order() -> None:
    assert missing(ITEMS, {}) == [
        "Tờ khai đề nghị (thiếu 1 bản chính)",
        "Bản sao giấy chứng tử (thiếu 1 bản sao)",
        "Căn cước (chưa xuất trình)",
    ]


def test_finds_nothing_missing_when_all_is_there() -> None:
    assert missing(ITEMS, {1: GivenItem(originals=1), 2: GivenItem(copies=1), 3: GivenItem(is_shown=True)}) == []


@pytest.mark.parametrize(
    ("kind", "counts", "given", "words"),
    [
        (ItemKind.ORIGINAL, (2, 0), GivenItem(originals=1), "thiếu 1 bản chính"),
        (ItemKind.ORIGINAL, (1, 0), GivenItem(certified_copies=1), "thiếu 1 bản chính"),
        (ItemKind.ORIGINAL, (1, 0), GivenItem(files=1), None),
        (ItemKind.CERTIFIED_COPY, (0, 1), GivenItem(copies=1), "thiếu 1 bản sao chứng thực"),
        (ItemKind.CERTIFIED_COPY, (0, 1), GivenItem(certified_copies=1), None),
        (ItemKind.CERTIFIED_COPY, (0, 1), GivenItem(originals=1), None),
        (ItemKind.COPY, (0, 3), GivenItem(copies=1, certified_copies=1), "thiếu 1 bản sao"),
        (ItemKind.COPY, (0, 1), GivenItem(originals=1), None),
        (ItemKind.PRESENT_ONLY, (1, 0), GivenItem(), "chưa xuất trình"),
        (ItemKind.PRESENT_ONLY, (1, 0), GivenItem(files=1), None),
        (ItemKind.E_FORM, (1, 0), GivenItem(), "chưa kê khai"),
        (ItemKind.E_FORM, (1, 0), GivenItem(files=1), None),
        (ItemKind.DATA_LOOKUP, (0, 0), GivenItem(), None),
    ],
)
def test_counts_each_kind_of_paper_by_its_own_rule(
    kind: ItemKind, counts: tuple[int, int], given: GivenItem, words: str | None
) -> None:
    item = ItemData(number=1, name="Giấy", kind=kind, originals=counts[0], copies=counts[1])
    assert missing((item,), {1: given}) == ([f"Giấy ({words})"] if words else [])


def test_leaves_papers_of_some_cases_and_optional_ones_to_the_officer() -> None:
    conditional = replace(ITEMS[0], condition="người nộp là tổ chức")
    optional = replace(ITEMS[1], is_required=False)
    assert missing((conditional, optional), {}) == []


def test_knows_the_fee_of_the_day_and_the_channel() -> None:
    fees = (
        FeeData(amount=600_000, channel="any", valid_from=date(2021, 7, 1), valid_until=date(2025, 1, 1)),
        FeeData(amount=500_000, channel="any", valid_from=date(2025, 1, 1)),
        FeeData(amount=250_000, channel="online", valid_from=date(2025, 1, 1)),
    )
    version = VersionFactory(says=version_data(fees=fees))
    assert catalogue.fee_on(version, channel="counter", on=date(2024, 12, 31)) == 600_000
    assert catalogue.fee_on(version, channel="counter", on=date(2025, 1, 1)) == 500_000
    assert catalogue.fee_on(version, channel="online", on=date(2025, 1, 1)) == 250_000
    assert [fee.amount for fee in catalogue.fees_on(version, on=DAY)] == [500_000, 250_000]


def test_does_not_guess_a_fee_that_nobody_said_or_that_the_case_decides() -> None:
    unknown = VersionFactory(says=version_data(fees=()))
    several = (
        FeeData(amount=600_000, note="cấp mới", valid_from=date(2021, 7, 1)),
        FeeData(amount=450_000, note="cấp lại", valid_from=date(2021, 7, 1)),
    )
    assert catalogue.fee_on(unknown, channel="counter", on=DAY) is None
    assert catalogue.fee_on(VersionFactory(says=version_data(fees=several)), channel="counter", on=DAY) is None
    assert catalogue.fee_on(VersionFactory(), channel="counter", on=DAY) == 0
