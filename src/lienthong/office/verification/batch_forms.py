"""Forms of batches and copies: which register, which column is which, how it is verified, what came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.office.sent_once import SentOnce
from lienthong.verification import services, sources, store
from lienthong.verification.queries import batches as queries
from lienthong.verification.states import BatchKind
from lienthong.verification.tables.vocabulary import REGISTER_WORDS, VIETNAMESE

TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".parquet")
NEW_REGISTER = "new"
AS_GUESSED, NOT_THERE = "guess", "none"
_HELP = _("XLSX, CSV hoặc Parquet, tối đa 200 MB. Tệp được đọc thử trước; chưa gì được ghi.")


def _table_file(label: Any, *, required: bool = True, help_text: Any = _HELP) -> Any:
    return forms.FilesField(
        label=label, several=False, at_most=1, kinds=TABLES, limit_bytes=settings.VERIFICATION_LIMIT_BYTES, required=required,
        help_text=help_text,
    )  # fmt: skip


class NewBatchForm(SentOnce):
    """Which register is verified: one of this house, one that came as a file before, or a new file."""

    register = forms.ChoiceField(label=_("Sổ cần xác thực"), choices=())
    register_name = forms.LineField(
        label=_("Tên sổ mới"),
        required=False,
        help_text=_("Chỉ khi chọn sổ mới. Ví dụ: Đối tượng bảo trợ xã hội"),
        max_length=200,
    )
    file = _table_file(_("Tệp của sổ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = queries.all_registers()
        held = {one.source_key for one in known if one.source_key}
        choices = [(f"register:{one.pk}", one.name) for one in known]
        choices += [(f"source:{one.key}", one.name) for one in sources.all_sources() if one.key not in held]
        forms.choose_from(self, "register", [*choices, (NEW_REGISTER, _("Sổ mới, từ một tệp"))])
        self._of_house = {f"register:{one.pk}" for one in known if one.source_key}

    def clean(self) -> dict[str, Any]:
        """Ask for a name and a file where they are needed."""
        data = super().clean()
        chosen = data.get("register")
        if chosen == NEW_REGISTER and not data.get("register_name"):
            self.add_error("register_name", _("Ghi tên sổ để lần sau chọn lại được."))
        of_house = chosen in self._of_house or str(chosen).startswith("source:")
        if chosen and not of_house and "file" not in self.errors and not data.get("file"):
            self.add_error("file", _("Chọn tệp của sổ này."))
        return data

    def to_command(self) -> services.CreateBatch:
        """Take the file in and return the command.

        Raises:
            FileNotTaken: The file is empty or too large.
        """
        chosen, given = str(self.cleaned_data["register"]), self.cleaned_data.get("file") or []
        kind, _colon, name = chosen.partition(":")
        of_house = chosen in self._of_house or kind == "source"
        upload = None if of_house or not given else given[0]
        return services.CreateBatch(
            register_id=int(name) if kind == "register" else None,
            register_name=self.cleaned_data.get("register_name") or "",
            source_key=name if kind == "source" else "",
            file=store.take_in(upload, name=str(upload.name)) if upload else None,
            file_name=str(upload.name) if upload else "",
            client_key=self.cleaned_data["client_key"],
        )


class ColumnsForm(forms.Form):
    """Which column of the file is which of our fields."""

    def __init__(self, *args: Any, heads: list[str], mapping: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heads, self._mapping = heads, mapping
        for name in REGISTER_WORDS:
            guess = mapping.get(name)
            choices: list[tuple[str, Any]] = [(NOT_THERE, _("Không có trong tệp"))]
            if guess is not None and not isinstance(guess, str):
                choices.append((AS_GUESSED, " + ".join(_columns_in(guess))))
            choices += [(head, head) for head in heads]
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=capfirst(VIETNAMESE[name]), choices=choices, select=True,
                initial=guess if isinstance(guess, str) else AS_GUESSED if guess else NOT_THERE,
            )  # fmt: skip

    @property
    def unused(self) -> list[str]:
        """The columns of the file that no field reads as things are chosen now."""
        used = {head for name in REGISTER_WORDS for head in self._read_by(name)}
        return [head for head in self._heads if head not in used]

    @property
    def has_numbers(self) -> bool:
        """Whether a column of identity numbers, of today or of before, is chosen."""
        return bool(self._read_by("number") or self._read_by("old_number"))

    def _read_by(self, name: str) -> list[str]:
        """Return the columns that a field reads, as chosen on the page or proposed."""
        chosen = str(self[f"column_{name}"].value() or NOT_THERE)
        if chosen == NOT_THERE:
            return []
        proposed = self._mapping.get(name)
        if chosen == AS_GUESSED:
            return [] if proposed is None else [proposed] if isinstance(proposed, str) else _columns_in(proposed)
        return [chosen]

    def columns(self) -> dict[str, str]:
        """Return what was chosen for each field."""
        chosen = {name.removeprefix("column_"): str(value) for name, value in self.cleaned_data.items()}
        return {name: "" if value == NOT_THERE else value for name, value in chosen.items()}


_WAY_HINTS: dict[str, Any] = {
    "delta": _("Chỉ các bản ghi mới, đã sửa, hoặc có người liên quan thay đổi trong dữ liệu dân cư"),
    "csv": _("Dùng khi sổ lớn, trên một triệu dòng"),
}


class WayForm(forms.Form):
    """How a checked batch is verified."""

    way = forms.ChoiceField(
        label=_("Xác thực bằng cách nào?"),
        choices=(
            ("full", _("Đối chiếu với bản sao dữ liệu dân cư tại tỉnh, toàn bộ sổ")),
            ("delta", _("Đối chiếu với bản sao, chỉ phần thay đổi từ lần trước")),
            ("xlsx", _("Gửi tệp XLSX cho Công an")),
            ("csv", _("Gửi tệp CSV cho Công an")),
        ),
        hints=_WAY_HINTS,
    )

    @property
    def kind(self) -> BatchKind | None:
        """The kind of run here; None where a file is sent."""
        way = self.cleaned_data["way"]
        return BatchKind(way) if way in BatchKind.values else None


class ReturnForm(forms.Form):
    """A file that the police gave back."""

    file = _table_file(
        _("Tệp Công an trả"),
        help_text=_("XLSX hoặc CSV, tối đa 200 MB. Trả từng phần, sai thứ tự hay có dòng lặp đều được."),
    )


class CopyForm(forms.Form):
    """A new copy of the population data."""

    as_of = forms.DayField(
        label=_("Dữ liệu đến ngày"), help_text=_("Ngày mà dữ liệu được trích, ghi trên văn bản gửi kèm")
    )
    file = _table_file(_("Tệp dữ liệu dân cư"), help_text=_("Parquet, CSV hoặc XLSX, tối đa 200 MB"))
    insists = forms.AgreementField(label=_("Vẫn nạp bản này"), required=False)
    reason = forms.NoteField(label=_("Lý do"), required=False, max_length=500)

    def __init__(self, *args: Any, may_insist: bool, **rest: Any) -> None:
        """Offer to use a copy in spite of what it loses only where one has just been refused for that."""
        super().__init__(*args, **rest)
        if not may_insist:
            del self.fields["insists"], self.fields["reason"]

    def to_command(self) -> services.LoadCopy:
        """Take the file in and return the command.

        Raises:
            FileNotTaken: The file is empty or too large.
        """
        upload = self.cleaned_data["file"][0]
        as_of: date = self.cleaned_data["as_of"]
        return services.LoadCopy(
            file=store.take_in(upload, name=str(upload.name)), file_name=str(upload.name), as_of=as_of,
            is_insisted=self.cleaned_data.get("insists", False), reason=self.cleaned_data.get("reason", ""),
        )  # fmt: skip


def _columns_in(source: Any) -> list[str]:
    """Return the heads that a mapping of several columns names."""
    if isinstance(source, Mapping):
        found = [head for value in source.values() for head in (value if isinstance(value, list) else [value])]
        return [str(head) for head in found]
    if isinstance(source, list):
        return [str(head) for head in source]
    raise ValidationError(_now("Ánh xạ cột đã lưu không đọc được. Hãy chọn lại từng cột."))
