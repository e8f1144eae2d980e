"""The form of a draft of the law: a name, a day, and changes row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lienthong.infra import forms
from lienthong.rules.drafts import MOST_CHANGES, Change, Changeable, ChangeRefused, read_change, written

PARTS = ("parameter", "value", "from")


class DraftForm(forms.Form):
    """A draft: ``rows`` says how many changes it has; an empty row is left out."""

    name = forms.LineField(label="", max_length=200)
    note = forms.NoteField(label="", max_length=2000, rows=3, required=False)
    as_of = forms.DayField(label="")

    def __init__(self, *args: Any, changeable: Iterable[Changeable], rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên phương án")
        self.fields["note"].label = _("Ghi chú")
        self.fields["as_of"].label = _("Tính với dữ liệu của ngày")
        self.count = min(max(rows, 1), MOST_CHANGES)
        choices = [("", _("Chọn tham số"))]
        choices += [
            (one.name, _("%(name)s (hiện nay %(value)s)") % {"name": one.words, "value": f"{one.today} {one.unit}".strip()})
            for one in changeable
        ]  # fmt: skip
        for place in range(self.count):
            number = {"n": place + 1}
            self.fields[f"parameter_{place}"] = forms.ChoiceField(
                label=_("Thay đổi %(n)s: tham số") % number, choices=choices, select=True, required=False
            )
            self.fields[f"value_{place}"] = forms.LineField(
                label=_("Giá trị mới"), max_length=40, width=10, required=False, spellcheck=False,
                help_text=_("Ví dụ 600000, hệ số 1,8, tuổi 70") if place == 0 else "",
            )  # fmt: skip
            self.fields[f"from_{place}"] = forms.LineField(
                label=_("Áp dụng từ ngày"), max_length=10, width=10, required=False, spellcheck=False,
                help_text=_("Bỏ trống: ngay từ tháng đầu; ví dụ 01/07/2027") if place == 0 else "",
            )  # fmt: skip

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the fields of each change, to be drawn side by side."""
        return [tuple(self[f"{part}_{place}"] for part in PARTS) for place in range(self.count)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        changes: list[Change] = []
        for place in range(self.count):
            plain = {part: cleaned.get(f"{part}_{place}", "") for part in PARTS}
            if not any(plain.values()):
                continue
            try:
                changes.append(read_change(plain, f"changes.{place + 1}"))
            except ChangeRefused as refusal:
                part = refusal.key.rpartition(".")[2]
                self.add_error(f"{part if part in PARTS else 'parameter'}_{place}", refusal.sentence)
        seen = {(one.parameter, one.applied_from) for one in changes}
        if len(seen) < len(changes):
            self.add_error(None, _("Một tham số có hai giá trị từ cùng một ngày. Hãy bỏ một dòng."))
        elif not changes and not self.errors:
            self.add_error("parameter_0", _("Chưa có thay đổi nào. Hãy chọn ít nhất một tham số."))
        cleaned["changes"] = tuple(changes)
        return cleaned


def initial_of(changes: Iterable[Change], *, name: str, note: str, as_of: date) -> dict[str, Any]:
    """Return what a form begins with that changes an earlier draft."""
    found: dict[str, Any] = {"name": name, "note": note, "as_of": as_of}
    for place, one in enumerate(changes):
        found[f"parameter_{place}"] = one.parameter
        found[f"value_{place}"] = written(one.parameter, one.value)
        found[f"from_{place}"] = f"{one.applied_from:%d/%m/%Y}" if one.applied_from else ""
    return found


def rows_asked(sent: Mapping[str, Any]) -> int:
    """Return how many rows a form that was sent has."""
    numbers = [
        int(name.rpartition("_")[2])
        for name in sent
        if name.startswith("parameter_") and name[10:].isdecimal() and len(name) < 14
    ]
    return max(numbers, default=0) + 1
