"""The names of everything a procedure file may hold: the key in YAML, the heading in a spreadsheet."""

from django.utils.translation import gettext_lazy as _

PROCEDURE = {
    "code": _("Mã thủ tục"),
    "field": _("Lĩnh vực"),
    "code_confidence": _("Độ tin cậy của mã"),
    "confidence": _("Độ tin cậy"),
    "predecessors": _("Thay thế cho"),
}

VERSION = {
    "valid_from": _("Có hiệu lực từ"),
    "valid_until": _("Hết hiệu lực từ"),
    "status": _("Tình trạng"),
    "name": _("Tên thủ tục"),
    "level": _("Cấp tiếp nhận"),
    "competent": _("Cấp giải quyết"),
    "handled_by": _("Cơ quan ngoài giải quyết"),
    "applicants": _("Đối tượng thực hiện"),
    "online_level": _("Mức độ trực tuyến"),
    "online_level_then": _("Mức độ theo thang 1–4"),
    "online_level_confidence": _("Độ tin cậy của mức độ"),
    "channels": _("Cách thức nộp"),
    "instant": _("Trả kết quả ngay"),
    "joint": _("Liên thông"),
    "allowance": _("Thời hạn giải quyết"),
    "allowance_text": _("Thời hạn theo văn bản"),
    "supplement_rule": _("Sau khi bổ sung"),
    "supplement_confidence": _("Độ tin cậy của cách tính"),
    "sets": _("Số bộ hồ sơ"),
    "conditions": _("Yêu cầu, điều kiện"),
    "source": _("Nguồn"),
    "notes": _("Ghi chú"),
    "confidence": _("Độ tin cậy"),
}

DECISION = {
    "number": _("Số quyết định công bố"),
    "signed_on": _("Ngày ký"),
    "issuer": _("Cơ quan ban hành"),
    "confidence": _("Độ tin cậy của quyết định"),
}

START_PAGE = {"who": _("Ai làm được"), "gives": _("Nhận được gì")}

ITEM = {
    "number": _("Số thứ tự"),
    "name": _("Tên giấy tờ"),
    "form": _("Mẫu số"),
    "kind": _("Hình thức"),
    "originals": _("Bản chính"),
    "copies": _("Bản sao"),
    "required": _("Bắt buộc"),
    "condition": _("Chỉ khi"),
}

STEP = {
    "number": _("Số thứ tự"),
    "name": _("Tên bước"),
    "kind": _("Loại bước"),
    "role": _("Vai trò"),
    "place": _("Nơi thực hiện"),
    "agency_level": _("Cấp của cơ quan"),
    "allowance": _("Thời hạn của bước"),
}

FEE = {
    "amount": _("Mức thu (đồng)"),
    "note": _("Nội dung thu"),
    "channel": _("Cách thức nộp"),
    "valid_from": _("Từ ngày"),
    "valid_until": _("Đến trước ngày"),
    "confidence": _("Độ tin cậy"),
}

RESULT = {
    "number": _("Số thứ tự"),
    "name": _("Tên kết quả"),
    "code": _("Mã kết quả"),
    "digital": _("Có bản điện tử"),
}

ALLOWANCE = {"amount": _("Số lượng"), "unit": _("Đơn vị")}
