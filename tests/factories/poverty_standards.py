"""Standards of the office for tests: designations of areas, points tables, provincial lines; approved unless drafted."""

from datetime import UTC, date, datetime
from typing import Any

import factory

from lienthong.poverty.models import AreaDesignation, PointsTableVersion, ProvincialLine
from lienthong.poverty.states import ApprovalState, AreaKind, LineKind
from tests.factories.accounts import UserFactory

PREPARED_AT = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
APPROVED_AT = datetime(2026, 8, 21, 2, 0, tzinfo=UTC)


def small_content(*, tv_points: int = 15) -> dict[str, Any]:
    """Return a small points table of two features, one derived and one asked."""
    columns = ("northern_midlands_mountains", "urban")

    def level(code: str, points: int, minimum: int | None = None, maximum: int | None = None) -> dict[str, Any]:
        return {
            "code": code, "label": code, "minimum": minimum, "maximum": maximum,
            "points": dict.fromkeys(columns, points),
        }  # fmt: skip

    return {
        "features": [
            {
                "code": "household_size", "label": "Số nhân khẩu", "kind": "derived",
                "levels": [level("few", 75, 1, 3), level("some", 40, 4, 6), level("many", 0, 7, None)],
            },
            {
                "code": "color_tv", "label": "Tivi màu", "kind": "asked",
                "levels": [level("yes", tv_points), level("no", 0)],
            },
        ]
    }  # fmt: skip


class _FourEyesFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    state = ApprovalState.APPROVED
    prepared_by = factory.SubFactory(UserFactory)
    prepared_at = PREPARED_AT
    approved_by = factory.SubFactory(UserFactory)
    approved_at = APPROVED_AT

    class Params:
        draft = factory.Trait(state=ApprovalState.DRAFT, approved_by=None, approved_at=None)


class AreaDesignationFactory(_FourEyesFactory):
    """A whole commune is urban since 2025-07-01, approved."""

    class Meta:
        model = AreaDesignation

    hamlet = ""
    area = AreaKind.URBAN
    instrument = "Công văn 12/SNV"
    valid_from = date(2025, 7, 1)


class PointsTableVersionFactory(_FourEyesFactory):
    """A small table in use for 2022-2026."""

    class Meta:
        model = PointsTableVersion

    standard_id = "2022-2026"
    # Far from the numbers that other factories and loading give.
    number = factory.Sequence(lambda number: number + 1001)
    name = "Bảng điểm thử"
    source = "Thông tư thử"
    columns = ["northern_midlands_mountains", "urban"]
    content = factory.LazyFunction(small_content)
    digest = factory.Sequence(lambda number: f"{number:064d}")
    valid_from = date(2022, 1, 1)


class ProvincialLineFactory(_FourEyesFactory):
    """A rural line above the national one."""

    class Meta:
        model = ProvincialLine

    area = AreaKind.RURAL
    kind = LineKind.POOR
    amount = 1_600_000
    instrument = "Nghị quyết 15/NQ-HĐND"
    valid_from = date(2026, 1, 1)
