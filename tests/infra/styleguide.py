"""Draws the style guide: every part in every state, with names as long as real ones are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from lienthong.infra import forms

UNITS = [("", "Chọn xã, phường"), ("05443", "Phường Phan Đình Phùng"), ("05716", "Xã Võ Nhai")]
SEXES = [("female", "Nữ"), ("male", "Nam")]
WAYS = [("counter", "Tại bộ phận một cửa"), ("post", "Qua bưu điện"), ("online", "Trực tuyến")]
WAY_HINTS = {"post": "Bưu tá thu phí khi giao", "online": "Bản có chữ ký số, giá trị như bản giấy"}


class SampleForm(forms.Form):
    full_name = forms.LineField(label="Họ và tên", help_text="Viết như trên thẻ căn cước", autocomplete="name")
    personal_id = forms.PersonalIdField()
    born = forms.BirthDateField()
    filed_on = forms.DayField(label="Ngày nộp", required=False)
    phone = forms.PhoneField(required=False)
    email = forms.EmailField(required=False)
    tax_code = forms.TaxCodeField(required=False)
    amount = forms.MoneyField(label="Số tiền trợ cấp")
    unit = forms.ChoiceField(label="Nơi thường trú", choices=UNITS, select=True)
    sex = forms.ChoiceField(label="Giới tính", choices=SEXES, inline=True)
    ways = forms.ChoicesField(label="Cách nhận kết quả", choices=WAYS, hints=WAY_HINTS)
    note = forms.NoteField(label="Ghi chú cho người giải quyết", max_length=300, required=False)
    papers = forms.FilesField(label="Giấy xác nhận khuyết tật")
    agreed = forms.AgreementField(label="Tôi cam đoan những điều khai trên là đúng")


class FilledForm(SampleForm):
    prefix = "filled"


class WrongForm(SampleForm):
    prefix = "wrong"


WRONG = {
    "wrong-full_name": "Nguyễn\x07 Thị",
    "wrong-personal_id": "19085001234",
    "wrong-born_day": "31",
    "wrong-born_month": "2",
    "wrong-born_year": "1954",
    "wrong-filed_on_year": "3000",
    "wrong-phone": "912345678",
    "wrong-email": "an.vidu.vn",
    "wrong-tax_code": "0100233489",
    "wrong-amount": "một triệu",
    "wrong-note": "x" * 312,
}


def context() -> dict[str, Any]:
    """Give everything that the style guide shows."""
    bars = "".join(
        f'<rect x="{24 + 40 * place}" y="{110 - height}" width="28" height="{height}" fill="{fill}"/>'
        f'<text x="{38 + 40 * place}" y="126" font-size="12" text-anchor="middle" fill="#56605c">{place + 1}</text>'
        for place, (height, fill) in enumerate([(50, "#d9d8cf"), (44, "#d9d8cf"), (60, "#d9d8cf"), (90, "#0f6b53")])
    )
    svg = f'<svg viewBox="0 0 200 132" width="400" role="img" aria-label="Hồ sơ theo quý">{bars}</svg>'
    return {
        "crumbs": [{"label": "Việc của tôi", "url": "/"}, {"label": "Sổ mẫu", "url": ""}],
        "empty_form": SampleForm(),
        "filled": FilledForm(
            initial={"full_name": "Hoàng Thị Phương Thảo", "born": date(1985, 3, 12), "sex": "female"}
        ),
        "wrong_form": WrongForm(WRONG, {"wrong-papers": SimpleUploadedFile("giấy khai sinh.exe", b"MZ")}),
        "sample_day": date(2026, 11, 23),
        "sample_moment": datetime(2026, 11, 23, 1, 15, tzinfo=UTC),
        "state_choices": [
            ("", "Tất cả", 18),
            ("open", "Đang giải quyết", 12),
            ("wait", "Chờ bổ sung", 5),
            ("late", "Trễ hạn", 1),
        ],
        "field_choices": [("", "Mọi lĩnh vực"), ("social", "Bảo trợ xã hội"), ("work", "Việc làm")],
        "page": Paginator(range(1, 1_001), 50).page(7),
        "svg": mark_safe(svg),
        "chart_columns": ["Quý", "Hồ sơ"],
        "chart_rows": [["1", "50"], ["2", "44"], ["3", "60"], ["4", "90"]],
        "papers": [
            {"name": "Giấy xác nhận khuyết tật.pdf", "url": "/f/1", "kind": "PDF", "size": 2_516_582, "note": ""},
            {
                "name": "ảnh chụp sổ hộ khẩu trang 1 và trang 2 mới nhất bản đã công chứng ngày 12 tháng 3.jpg",
                "url": "/f/2",
                "kind": "JPG",
                "size": 812_000,
                "note": "Chưa đối chiếu với bản chính",
            },
        ],
        "demo_mode": True,
        "province_name": "tỉnh Thái Nguyên",
        "language_choices": [("vi", "Tiếng Việt"), ("en", "English")],
        "navigation": [
            {"url": "/", "label": "Việc của tôi", "count": 18, "current": True},
            {"url": "/a", "label": "Tiếp nhận hồ sơ", "count": None, "current": False},
            {"url": "/b", "label": "Hồ sơ của bộ phận", "count": 1204, "current": False},
            {"url": "/c", "label": "Chờ phê duyệt", "count": 3, "current": False},
        ],
        "signed_in": {"name": "Trần Văn Quỳnh", "role": "Chuyên viên", "unit": "Phòng Bảo trợ xã hội"},
    }


def page(shell: str = "base/office.html") -> str:
    """Draw the style guide in one of the two shells."""
    request = RequestFactory().get("/styleguide", {"sort": "due", "state": "open"})
    return get_template("base/styleguide.html").render({**context(), "shell": shell}, request)
