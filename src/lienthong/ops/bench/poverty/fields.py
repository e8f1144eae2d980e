"""A commune full of households to visit, and the forms that come back from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lienthong.accounts.models import User
from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, HouseholdReview, PointsTableVersion, ReviewRound
from lienthong.poverty.services.forms import RURAL_REGION, publish_shipped_forms
from lienthong.poverty.states import ApprovalState, AreaKind, CommuneState, HouseholdClass, ListingSource, RoundKind
from lienthong.units.models import AdministrativeUnit

STANDARD = "2022-2026"
BOUNDARY = "cat-giua-hai-phan"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
_SINCE = date(2025, 7, 1)
_MEMBER = (
    "<members><full_name>Người Minh Họa</full_name><relation>{relation}</relation><sex>male</sex><birth_known>date</birth_known>"
    "<birth_date>{birth}</birth_date><age>{age}</age><has_health_insurance>yes</has_health_insurance>"
    "<qualification>primary</qualification><studying>none</studying><work>self_employed</work><job>farm</job>"
    "<monthly_allowance>none</monthly_allowance><is_disabled_or_ill>no</is_disabled_or_ill>"
    "<receives_pension>no</receives_pension><uses_internet>no</uses_internet></members>"
)
_FORM = (
    '<?xml version="1.0" encoding="UTF-8"?><data id="phieu-b" version="{version}" xmlns:orx="http://openrosa.org/xforms">'
    "<start>{start}</start><end>{end}</end><visit><household>{code}</household><area>rural</area>"
    "<visited_on>{day}</visited_on></visit>{members}<housing><wall>not_durable</wall><pillar>durable</pillar><roof>durable</roof>"
    "<housing_area_m2>40</housing_area_m2><water_source>surface</water_source><toilet>none</toilet><devices>tv phone</devices>"
    "<waste>untreated</waste></housing><location>21.59 105.84 40 8</location>"
    "<orx:meta><orx:instanceID>uuid:{code}</orx:instanceID></orx:meta></data>"
)


def make_commune(unit: AdministrativeUnit, households: int, *, officers: list[User], now: datetime) -> None:
    """Make a round with an approved points table, forms in use, and a list of households that wait for their visit."""
    table = PointsTableVersion.objects.create(
        standard_id=STANDARD, number=1, name="Bảng điểm minh họa", source="Đo tốc độ", columns=[RURAL_REGION, "urban"],
        content=_content(), digest="0" * 64, valid_from=_SINCE, state=ApprovalState.APPROVED, prepared_by=officers[0],
        prepared_at=now, approved_by=officers[1], approved_at=now,
    )  # fmt: skip
    publish_shipped_forms(standard_id=STANDARD, points_table=table, now=now)
    round_ = ReviewRound.objects.create(
        kind=RoundKind.PERIODIC, period="2026", standard_id=STANDARD, points_table=table, points_column=RURAL_REGION,
        starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 14), opened_at=now,
    )  # fmt: skip
    commune = CommuneReview.objects.create(round=round_, unit=unit, state=CommuneState.VISITING, listed_at=now)
    made = Household.objects.bulk_create(
        Household(code=f"DO{number:08d}", unit=unit, hamlet=f"Xóm {number % 20 + 1}", valid_from=_SINCE)
        for number in range(households)
    )
    HouseholdReview.objects.bulk_create(
        HouseholdReview(
            commune_review=commune, household=household, head_name="Người Minh Họa", head_sort_key="hoa nguoi minh",
            hamlet=household.hamlet, area=AreaKind.RURAL, source=ListingSource.CURRENT_LIST, class_before=HouseholdClass.POOR,
        )
        for household in made
    )  # fmt: skip


def filled_form(code: str, version: str, *, ended_at: datetime) -> bytes:
    """Return form B of a household of one to six people."""
    number = int(code[2:])
    members = "".join(
        _MEMBER.format(
            relation="child" if place else "head", birth=f"{1950 + (7 * number + 11 * place) % 60}-03-05",
            age=2026 - 1950 - (7 * number + 11 * place) % 60,
        )
        for place in range(1 + number % 6)
    )  # fmt: skip
    started_at = ended_at - timedelta(minutes=20)
    return _FORM.format(
        version=version, start=started_at.isoformat(), end=ended_at.isoformat(), code=code, day=f"{ended_at:%Y-%m-%d}",
        members=members,
    ).encode()  # fmt: skip


def as_multipart(xml: bytes) -> bytes:
    """Return the body in which a phone sends a form."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n\r\n'
    return head.encode() + xml + f"\r\n--{BOUNDARY}--\r\n".encode()


def _content() -> dict[str, object]:
    def level(code: str, points: int, minimum: int | None = None, maximum: int | None = None) -> dict[str, object]:
        given = {RURAL_REGION: points, "urban": points}
        return {"code": code, "label": code, "minimum": minimum, "maximum": maximum, "points": given}

    return {
        "features": [
            {
                "code": "household_size", "label": "Số nhân khẩu", "kind": "derived",
                "levels": [level("few", 75, 1, 3), level("some", 40, 4, 6), level("many", 0, 7, None)],
            },
            {
                "code": "wall", "label": "Tường", "kind": "derived",
                "levels": [level("durable", 20), level("not_durable", 0)],
            },
        ]
    }  # fmt: skip
