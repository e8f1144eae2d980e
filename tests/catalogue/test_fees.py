"""What is paid."""

from datetime import date

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import FeeData
from tests.factories.catalogue import VersionFactory, version_data

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


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
