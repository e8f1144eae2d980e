"""The points table and the forms of the demo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from lienthong.accounts.models import User
from lienthong.poverty.models import FormVersion, PointsTableVersion
from lienthong.poverty.services.forms import PublishForm, publish_form
from lienthong.poverty.services.points import LoadPointsTable, approve_points_table, load_points_table
from lienthong.poverty.states import FormKind
from lienthong.poverty.survey.workbooks import as_xlsx, shipped_source

OLD_TABLE = Path(__file__).with_name("points-2016-2020.csv")
NAME = "Bảng điểm cũ 2016–2020 (một phần, chỉ để minh họa)"
SOURCE = "Bảng điểm của giai đoạn 2016–2020, không đầy đủ; không dùng để công nhận hộ nghèo"
STANDARD_OF_THE_TABLE = "2022-2026"
# As long as nobody has the table of points, the office asks for the income: one more question on form B.
_BEFORE = "| | select_one water | water_source |"
_INCOME = (
    "| | integer | income_per_person | Thu nhập bình quân một người một tháng (đồng) | Không tính trợ cấp xã hội. | | yes "
    "| Chưa ghi thu nhập bình quân của hộ. | | . >= 0 | Thu nhập không đúng: hãy ghi số đồng, từ 0 trở lên. | | | |\n"
)


def load_old_table(officer: User, head: User, *, now: datetime) -> PointsTableVersion:
    """Load the table of an earlier period for trials, and have a second person approve it."""
    command = LoadPointsTable(
        path=OLD_TABLE, file_name=OLD_TABLE.name, standard_id=STANDARD_OF_THE_TABLE, name=NAME, source=SOURCE,
        is_superseded=True,
    )  # fmt: skip
    loaded = load_points_table(command, acting_user=officer, now=now)
    return approve_points_table(loaded.pk, acting_user=head, now=now)


def publish_forms(standard_id: str, *, now: datetime) -> dict[str, FormVersion]:
    """Publish forms A, B and C of a standard, B with a question about the income."""
    source = shipped_source(FormKind.B)
    assert _BEFORE in source, "form B asks about water"
    with_income = as_xlsx(source.replace(_BEFORE, _INCOME + _BEFORE, 1))
    commands = (
        PublishForm(form_id=FormKind.A, standard_id=standard_id),
        PublishForm(
            form_id=FormKind.B, standard_id=standard_id, source=with_income, source_name="phieu-b-thu-nhap.xlsx"
        ),
        PublishForm(form_id=FormKind.C, standard_id=standard_id),
    )
    return {str(one.form_id): publish_form(one, acting_user=None, now=now) for one in commands}


def publish_with_points(
    forms: Mapping[str, FormVersion], table: PointsTableVersion, *, acting_user: User, now: datetime
) -> dict[str, FormVersion]:
    """Publish form B again, with the points of a table."""
    command = PublishForm(form_id=FormKind.B, standard_id=table.standard_id, points_table=table)
    return {**forms, str(FormKind.B): publish_form(command, acting_user=acting_user, now=now)}
