from datetime import UTC, date, datetime

import pytest

from lienthong.people.policies import Reader
from lienthong.units.models import AdministrativeUnit
from tests.factories.units import AdministrativeUnitFactory

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
OFFICER = 7
EVERYBODY = Reader(user_id=OFFICER, unit_codes=None)


@pytest.fixture
def tan_cuong(db: None) -> AdministrativeUnit:
    return AdministrativeUnitFactory(code="05503", name="Xã Tân Cương")


@pytest.fixture
def dai_phuc(db: None) -> AdministrativeUnit:
    return AdministrativeUnitFactory(code="05488", name="Xã Đại Phúc")
