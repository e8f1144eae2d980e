"""What a bank wants and sends: the columns of its workbook of transfers, the heads and labels of its statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, writes
from lienthong.kernel.text import whole_number
from lienthong.office.pages import office_page
from lienthong.office.payments.account_forms import bank_choices
from lienthong.payments import policies
from lienthong.payments.banks import UnknownBank, bank_name
from lienthong.payments.queries.files import bank_templates, get_bank_template
from lienthong.payments.services.paying_accounts import (
    RecordBankTemplate,
    approve_bank_template,
    record_bank_template,
)
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import FileKind
from lienthong.payments.templates import (
    IN_NEEDED,
    LABELS_NEEDED,
    OutTemplate,
    TemplateRefused,
)

MOST_COLUMNS = 40
FIXED = "fixed"
PARTS = ("heading", "meaning", "text")
OUT_WORDS = {
    "number": gettext_lazy("Số thứ tự"), "key": gettext_lazy("Mã dòng chi"), "account": gettext_lazy("Số tài khoản"),
    "holder": gettext_lazy("Tên chủ tài khoản"), "bank_code": gettext_lazy("Mã ngân hàng"),
    "bank_name": gettext_lazy("Tên ngân hàng"), "amount": gettext_lazy("Số tiền"), "purpose": gettext_lazy("Nội dung"),
}  # fmt: skip
IN_WORDS = {
    "reference": gettext_lazy("Mã dòng chi"), "booked_on": gettext_lazy("Ngày ghi sổ"), "debit": gettext_lazy("Ghi nợ"),
    "credit": gettext_lazy("Ghi có"), "text": gettext_lazy("Nội dung"),
    "bank_reference": gettext_lazy("Số bút toán của ngân hàng"),
}  # fmt: skip
LABEL_WORDS = {
    "account": gettext_lazy("Số tài khoản"), "statement": gettext_lazy("Số sao kê"), "from": gettext_lazy("Từ ngày"),
    "until": gettext_lazy("Đến ngày"), "opening": gettext_lazy("Số dư đầu kỳ"), "closing": gettext_lazy("Số dư cuối kỳ"),
}  # fmt: skip
"""What the fields of ``payments.templates`` are called on screen."""


class BankTemplateForm(forms.Form):
    """A bank's template; ``rows`` says how many columns it has. An empty row is left out."""

    bank_code = forms.ChoiceField(label=gettext_lazy("Ngân hàng"), choices=bank_choices, select=True)
    name = forms.LineField(
        label=gettext_lazy("Tên mẫu"), max_length=140, required=False,
        help_text=gettext_lazy("Để trống thì lấy tên ngân hàng"),
    )  # fmt: skip
    order_kind = forms.ChoiceField(
        label=gettext_lazy("Dạng lệnh chi"),
        choices=lambda: [(one.value, capfirst(str(one.label))) for one in (FileKind.PAIN001, FileKind.XLSX)],
    )
    plain_letters = forms.AgreementField(label=gettext_lazy("Tên người nhận viết không dấu"), required=False)
    sheet = forms.LineField(label=gettext_lazy("Tên trang tính"), max_length=31, width=20, required=False)
    first_row = forms.LineField(
        label=gettext_lazy("Danh sách bắt đầu từ dòng"), max_length=2, width=2, spellcheck=False,
        help_text=gettext_lazy("Từ 2 đến 50; tên cột ở dòng ngay trên"),
    )  # fmt: skip
    amounts_as_text = forms.AgreementField(
        label=gettext_lazy("Ngân hàng ghi số tiền dạng chữ, ví dụ 1.234.567"), required=False
    )

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(max(rows, 1), MOST_COLUMNS)
        meanings = [("", "—"), *OUT_WORDS.items(), (FIXED, _("Nội dung cố định"))]
        for place in range(self.count):
            number = {"n": place + 1}
            self.fields[f"heading_{place}"] = forms.LineField(
                label=_("Cột %(n)s: tên cột") % number, max_length=140, width=20, required=False
            )
            self.fields[f"meaning_{place}"] = forms.ChoiceField(
                label=_("Cột %(n)s ghi gì") % number, choices=meanings, select=True, required=False
            )
            self.fields[f"text_{place}"] = forms.LineField(
                label=_("Nội dung cố định của cột %(n)s") % number, max_length=140, width=20, required=False
            )
        for prefix, names in (("in", IN_WORDS), ("label", LABEL_WORDS)):
            for name, words in names.items():
                self.fields[f"{prefix}_{name}"] = forms.LineField(label=words, max_length=140, width=20, required=False)

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the fields of each column, from left to right."""
        return [tuple(self[f"{part}_{place}"] for part in PARTS) for place in range(self.count)]

    def heads(self) -> list[Any]:
        """Return the fields of the statement's columns."""
        return [self[f"in_{name}"] for name in IN_WORDS]

    def labels(self) -> list[Any]:
        """Return the fields of the statement's labels."""
        return [self[f"label_{name}"] for name in LABEL_WORDS]

    def clean_first_row(self) -> int:
        number = whole_number(self.cleaned_data["first_row"], digits=2)
        if number is None:
            raise ValidationError(_("Ghi một số từ 2 đến 50, ví dụ 2."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        found = [self._column(cleaned, place) for place in range(self.count)]
        cleaned["columns"] = [one for one in found if one]
        cleaned["incoming"] = self._incoming(cleaned)
        return cleaned

    def to_command(self) -> RecordBankTemplate:
        """Return the command."""
        data = self.cleaned_data
        return RecordBankTemplate(
            bank_code=data["bank_code"], name=data["name"], order_kind=FileKind(data["order_kind"]),
            plain_letters=data["plain_letters"], columns=data["columns"], first_row=data["first_row"],
            sheet=data["sheet"], incoming=data["incoming"],
        )  # fmt: skip

    def _column(self, cleaned: Mapping[str, Any], place: int) -> dict[str, str]:
        heading, meaning, text = (cleaned.get(f"{part}_{place}") or "" for part in PARTS)
        if not (heading or meaning or text):
            return {}
        number = {"n": place + 1}
        if not heading:
            self.add_error(
                f"heading_{place}", _("Cột %(n)s chưa có tên. Ghi tên cột đúng như tệp của ngân hàng.") % number
            )
        if not meaning:
            self.add_error(f"meaning_{place}", _("Chọn cột %(n)s ghi gì, hoặc xóa cả dòng này.") % number)
        elif meaning == FIXED and not text:
            self.add_error(f"text_{place}", _("Ghi nội dung giống nhau ở mọi dòng của cột %(n)s, ví dụ VND.") % number)
        elif meaning != FIXED and text:
            self.add_error(
                f"text_{place}", _("Cột %(n)s đã ghi dữ liệu của từng khoản. Hãy xóa nội dung cố định này.") % number
            )
        return {"heading": heading, "text": text} if meaning == FIXED else {"heading": heading, "field": meaning}

    def _incoming(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return heads and labels of statements; nothing at all means our own."""
        found: dict[str, dict[str, str]] = {}
        for prefix, part, names in (("in", "columns", IN_WORDS), ("label", "labels", LABEL_WORDS)):
            found[part] = {name: words for name in names if (words := cleaned.get(f"{prefix}_{name}"))}
        if not any(found.values()):
            return {}
        for prefix, part, needed, names in (
            ("in", "columns", IN_NEEDED, IN_WORDS), ("label", "labels", LABELS_NEEDED, LABEL_WORDS),
        ):  # fmt: skip
            for name in needed:
                if name not in found[part] and f"{prefix}_{name}" not in self.errors:
                    words = _("Sao kê phải có “%(what)s”. Ghi chữ đúng như ngân hàng viết, hoặc xóa cả phần sao kê.")
                    self.add_error(f"{prefix}_{name}", words % {"what": names[name]})
        return {**found, "amounts_as_text": bool(cleaned.get("amounts_as_text"))}


@allowed(policies.prepares)
@writes
def new_bank_template(request: HouseRequest) -> HttpResponse:
    """Put down a template, beginning with the one in use or with our own columns; ``add`` gives one more row."""
    sent = request.POST if request.method == "POST" else None
    if sent is None:
        form = _begun(request)
    elif sent.get("verb") == "add":
        typed = {name: value for name, value in sent.items() if name not in {"verb", "csrfmiddlewaretoken"}}
        form = BankTemplateForm(initial=typed, rows=_rows_asked(sent) + 1)
    else:
        form = BankTemplateForm(sent, rows=_rows_asked(sent))
        if form.is_valid():
            try:
                kept = record_bank_template(form.to_command(), acting_user=request.user, now=request.received_at)
            except UnknownBank as refusal:
                form.show(refusal, field="bank_code")
            except (PaymentRefused, TemplateRefused) as refusal:
                form.show(refusal)
            else:
                words = _("Đã ghi mẫu “%(name)s”, phiên bản %(version)s. Lãnh đạo duyệt rồi các tệp mới theo mẫu này.")
                messages.success(request, words % {"name": kept.name, "version": kept.version})
                return redirect("office:payments_paying_accounts")
    status = 422 if form.errors else 200
    return office_page(request, "office/payments/new_bank_template.html", {"form": form}, status=status)


@allowed(policies.approves)
@writes
def approve_template(request: HouseRequest, bank_template_id: int) -> HttpResponse:
    """Show what a template says, column by column, beside the one in use, and approve it."""
    template = get_bank_template(bank_template_id, user=request.user, on=request.today)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            approve_bank_template(template.pk, acting_user=request.user, now=request.received_at)
        except (PaymentRefused, TemplateRefused) as refusal:
            form.show(refusal)
        else:
            words = _("Đã duyệt mẫu “%(name)s”, phiên bản %(version)s. Các tệp lập từ nay theo mẫu này.")
            messages.success(request, words % {"name": template.name, "version": template.version})
            return redirect("office:payments_paying_accounts")
    of_bank = bank_templates(request.user, on=request.today).filter(bank_code=template.bank_code)
    context = {
        "form": form,
        "template": template,
        "bank": bank_name(template.bank_code),
        "used": of_bank.exclude(approved_at=None).first(),
        "columns": [(one["heading"], _held_in(one)) for one in template.columns],
        "statement": _statement_words(template.incoming),
    }
    status = 422 if form.errors else 200
    return office_page(request, "office/payments/approve_bank_template.html", context, status=status)


def _held_in(column: Mapping[str, str]) -> str:
    """Say what stands under a heading."""
    if column.get("field"):
        return str(OUT_WORDS[column["field"]])
    return _("luôn ghi “%(text)s”") % {"text": column.get("text", "")}


def _statement_words(incoming: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the heads and labels of a bank's statements, each with what we take from there."""
    parts = (("columns", IN_WORDS), ("labels", LABEL_WORDS))
    return [
        (words, str(names.get(name, name))) for part, names in parts for name, words in incoming.get(part, {}).items()
    ]


def _begun(request: HouseRequest) -> BankTemplateForm:
    bank_code = request.GET.get("bank", "")[:6]
    used = bank_templates(request.user, on=request.today).filter(bank_code=bank_code).last()
    own = OutTemplate()
    initial: dict[str, Any] = {
        "bank_code": bank_code, "order_kind": FileKind.XLSX, "plain_letters": True, "first_row": own.first_row,
    }  # fmt: skip
    columns: list[dict[str, str]] = [{"heading": one.heading, "field": one.field} for one in own.columns]
    if used is not None:
        initial |= {name: getattr(used, name) for name in ("name", "order_kind", "plain_letters", "first_row", "sheet")}
        columns = used.columns or columns
        incoming = used.incoming
        initial["amounts_as_text"] = bool(incoming.get("amounts_as_text"))
        initial |= {f"in_{name}": words for name, words in incoming.get("columns", {}).items()}
        initial |= {f"label_{name}": words for name, words in incoming.get("labels", {}).items()}
    for place, one in enumerate(columns):
        initial |= {
            f"heading_{place}": one.get("heading", ""), f"meaning_{place}": one.get("field") or FIXED,
            f"text_{place}": one.get("text", ""),
        }  # fmt: skip
    return BankTemplateForm(initial=initial, rows=len(columns))


def _rows_asked(sent: Mapping[str, Any]) -> int:
    begins = len("heading_")
    numbers = [
        number
        for name in sent
        if name.startswith("heading_") and (number := whole_number(name[begins:], digits=3)) is not None
    ]
    return max(numbers, default=0) + 1
