"""Forms of standards: a points table, a line of the province, areas of hamlets, and the word of the second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.poverty.services.areas import Designate
from lienthong.poverty.services.lines import PrepareLine
from lienthong.poverty.states import AreaKind, LineKind
from lienthong.rules.poverty.standards import standard_ids

MEGABYTE = 1024 * 1024
TABLES = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")


def table_file(label: Any, *, limit: int = 5 * MEGABYTE, help_text: Any) -> forms.FilesField:
    """Return a field for one spreadsheet."""
    return forms.FilesField(label=label, several=False, at_most=1, kinds=TABLES, limit_bytes=limit, help_text=help_text)


class PointsTableForm(forms.Form):
    """A points table to load."""

    standard_id = forms.ChoiceField(label=_("Chuẩn nghèo"), choices=())
    name = forms.LineField(label=_("Tên bảng điểm"), help_text=_("Ví dụ: Bảng điểm B1 năm 2026"), max_length=200)
    source = forms.LineField(label=_("Văn bản ban hành"), max_length=300)
    valid_from = forms.DayField(
        label=_("Dùng từ ngày"), required=False, help_text=_("Để trống: từ ngày đầu của chuẩn. Ví dụ: 1 9 2026")
    )
    is_superseded = forms.AgreementField(label=_("Bảng của giai đoạn trước, chỉ để thử"), required=False)
    file = table_file(_("Tệp bảng điểm"), help_text=_("XLSX hoặc CSV theo mẫu, tối đa 5 MB"))

    without = forms.ChoicesField(
        label=_("Bảng mới bỏ hẳn đặc điểm"),
        required=False,
        help_text=_("Đánh dấu nếu văn bản mới bỏ đặc điểm ấy, rồi chọn lại tệp. Nếu không, hãy bổ sung vào tệp."),
    )

    def __init__(self, *args: Any, features: Mapping[str, str] = MappingProxyType({}), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "standard_id", [(one, one.replace("-", "–")) for one in reversed(standard_ids())])
        self.ask_about(features)

    def ask_about(self, features: Mapping[str, str]) -> None:
        """Ask whether features of the version before are meant to go; where there are none, nothing is asked."""
        forms.choose_from(self, "without", [(code, f"{name} ({code})") for code, name in features.items()])


class LineForm(forms.Form):
    """A line of the province."""

    kind = forms.ChoiceField(label=_("Loại chuẩn"), choices=LineKind.choices)
    area = forms.ChoiceField(label=_("Khu vực"), choices=AreaKind.choices)
    amount = forms.MoneyField(label=_("Mức, một người một tháng"), at_least=1, at_most=100_000_000)
    instrument = forms.LineField(label=_("Nghị quyết của Hội đồng nhân dân tỉnh"), max_length=200)
    valid_from = forms.DayField(label=_("Áp dụng từ ngày"))
    last_day = forms.DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa biết"))

    def to_command(self) -> PrepareLine:
        """Return the command."""
        given = self.cleaned_data
        return PrepareLine(
            area=AreaKind(given["area"]), kind=LineKind(given["kind"]), amount=given["amount"],
            instrument=given["instrument"], valid_from=given["valid_from"], valid_until=day_after(given["last_day"]),
        )  # fmt: skip


class DesignationForm(forms.Form):
    """The area of the hamlets that were marked."""

    area = forms.ChoiceField(label=_("Xếp vào khu vực"), choices=AreaKind.choices)
    instrument = forms.LineField(label=_("Văn bản xếp khu vực"), max_length=200)
    valid_from = forms.DayField(label=_("Áp dụng từ ngày"))

    def to_commands(self, places: list[tuple[int, str]]) -> list[Designate]:
        """Return a command for each place."""
        given = self.cleaned_data
        return [
            Designate(
                unit_id=unit_id, hamlet=hamlet, area=AreaKind(given["area"]), instrument=given["instrument"],
                valid_from=given["valid_from"],
            )
            for unit_id, hamlet in places
        ]  # fmt: skip


class AreasFileForm(forms.Form):
    """A file that says the area of each hamlet."""

    file = table_file(
        _("Tệp danh sách thôn, tổ dân phố"),
        help_text=_("Tải danh sách về, điền cột “Xếp khu vực” là nông thôn hoặc thành thị, rồi gửi lại"),
    )
    instrument = forms.LineField(label=_("Văn bản xếp khu vực"), max_length=200)
    valid_from = forms.DayField(label=_("Áp dụng từ ngày"))


class ReasonForm(forms.Form):
    """Why something is turned down or taken out of use."""

    prefix = "why"
    reason = forms.NoteField(label=_("Lý do"), max_length=300, rows=2)


class EndForm(forms.Form):
    """The last day of something that holds."""

    prefix = "end"
    last_day = forms.DayField(label=_("Ngày cuối cùng còn áp dụng"))


def day_after(day: date | None) -> date | None:
    """Return the first day on which something no longer holds, from the last one on which it does."""
    return None if day is None else date.fromordinal(day.toordinal() + 1)
