"""Forms of imported lists: the file with its commune and day, which column is which, and the word to write."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.office.poverty.standard_forms import MEGABYTE, table_file
from lienthong.poverty.list_columns import FIELDS
from lienthong.poverty.services.list_import import BeginImport
from lienthong.poverty.states import HouseholdClass
from lienthong.verification import store

LIMIT = 30 * MEGABYTE


class ListFileForm(forms.Form):
    """A list of one commune."""

    unit = forms.ChoiceField(label=_("Xã, phường"), choices=(), select=True)
    valid_from = forms.DayField(
        label=_("Phân loại có từ ngày"), help_text=_("Ngày quyết định công nhận có hiệu lực. Ví dụ: 1 1 2026")
    )
    class_of_all = forms.ChoiceField(
        label=_("Danh sách gồm những hộ nào?"),
        choices=(
            ("", _("Nhiều loại; tệp có cột phân loại")),
            (HouseholdClass.POOR, _("Chỉ hộ nghèo")),
            (HouseholdClass.NEAR_POOR, _("Chỉ hộ cận nghèo")),
            (HouseholdClass.AVERAGE, _("Chỉ hộ có mức sống trung bình")),
        ),
        required=False,
    )
    file = table_file(
        _("Tệp danh sách"), limit=LIMIT,
        help_text=_("XLSX, XLS, ODS hoặc CSV, tối đa 30 MB, cột theo thứ tự nào cũng được. Tệp được đọc thử trước."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "unit", units)
        if len(units) == 1:
            self.initial.setdefault("unit", units[0][0])

    def to_command(self) -> BeginImport:
        """Take the file in and return the command.

        Raises:
            FileNotTaken: The file is empty or too large.
        """
        given = self.cleaned_data
        upload = given["file"][0]
        return BeginImport(
            file=store.take_in(upload, name=str(upload.name)), file_name=str(upload.name), unit_id=int(given["unit"]),
            valid_from=given["valid_from"], class_of_all=given["class_of_all"],
        )  # fmt: skip


class ColumnsForm(forms.Form):
    """Which column of the file is which of ours."""

    def __init__(self, *args: Any, heads: list[str], mapping: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Không có")), *((head, head) for head in heads)]
        for name, label in FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, select=True, required=False, initial=mapping.get(name, "")
            )


class CommitForm(forms.Form):
    """The word to write a staged list."""

    leaves_out_refused = forms.AgreementField(label=_("Bỏ các dòng không nhận, ghi các dòng còn lại"), required=False)
