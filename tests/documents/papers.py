"""One typical set of data for each printed form."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from lienthong.documents.form_data import (
    ApologyForm,
    ControlForm,
    FormData,
    FormItem,
    HandOver,
    IntakeRefusalForm,
    ReceiptForm,
    RegisterBook,
    RegisterRow,
    ResultPaper,
    ResultSlipForm,
    StopForm,
    SupplementForm,
)
from lienthong.kernel.days import local_moment

ISSUED_ON = date(2026, 11, 23)
RECEIVED_AT = local_moment(ISSUED_ON, time(8, 5))
PROMISED_AT = local_moment(date(2026, 12, 24), time(17))
CODE = "H55.19-261123-0042"
DESK = "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng"
APPLICANT = "Nguyễn Thị Ỷ Ỵ Ặng"
ADDRESS = "Tổ 5, phường Phan Đình Phùng, tỉnh Thái Nguyên"
SUMMARY = "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hằng tháng"
HEAD: dict[str, Any] = {
    "agency_lines": ("Ủy ban nhân dân tỉnh Thái Nguyên", "Trung tâm Phục vụ hành chính công"),
    "place": "Thái Nguyên",
    "issued_on": ISSUED_ON,
}
NAMES = (
    "Tờ khai đề nghị trợ giúp xã hội (Mẫu số 1d)",
    "Giấy xác nhận khuyết tật",
    "Bản sao giấy khai sinh của trẻ em dưới 36 tháng tuổi",
    "Giấy xác nhận thuộc hộ cận nghèo",
)


def items(count: int) -> tuple[FormItem, ...]:
    return tuple(
        FormItem(
            number=place + 1,
            name=NAMES[place % len(NAMES)],
            originals=int(place % 3 == 0),
            certified=int(place % 3 == 1),
            copies=2 * int(place % 3 == 2),
            note="Ảnh chụp mờ, không đọc được số giấy" if place % 2 else "",
        )
        for place in range(count)
    )


RECEIPT = ReceiptForm(
    **HEAD,
    dossier_code=CODE,
    procedure_code="1.001776",
    receiving_unit=DESK,
    tracking_url=f"https://motcua.example.vn/tra-cuu/{CODE}",
    secret="K7QX2M9P",
    applicant_name=APPLICANT,
    channel_words="trực tiếp",
    address=ADDRESS,
    phone="0912 345 678",
    email="nguyen.thi.y@example.vn",
    id_number="019184001234",
    summary=SUMMARY,
    owner_name="Nguyễn Đức Ẵn",
    owner_address="Xóm Đồng Ỗi, xã Võ Nhai, tỉnh Thái Nguyên",
    items=items(4),
    allowance_words="22 ngày làm việc",
    received_at=RECEIVED_AT,
    promised_at=PROMISED_AT,
    result_place="quầy số 3",
    receiver_name="Hoàng Thị Mỗ Nữ",
    book_number="01/2026",
    book_sequence="42",
)
SUPPLEMENT = SupplementForm(
    **HEAD,
    dossier_code=CODE,
    receiving_unit=DESK,
    applicant_name=APPLICANT,
    summary=SUMMARY,
    address=ADDRESS,
    phone="0912 345 678",
    email="nguyen.thi.y@example.vn",
    items=items(3),
    reason="Thành phần hồ sơ còn thiếu theo khoản 2 Điều 8 Nghị định số 20/2021/NĐ-CP.\nẢnh chụp bị mờ.",
    answer_by_words="trước 17 giờ 00 phút, ngày 30 tháng 11 năm 2026",
    website="https://motcua.example.vn",
    guide_name="Hoàng Thị Mỗ Nữ",
    guide_phone="0208 3855 123",
)
REFUSAL = IntakeRefusalForm(
    **HEAD,
    dossier_code=CODE,
    submitted_at=RECEIVED_AT,
    receiving_unit=DESK,
    applicant_name=APPLICANT,
    address=ADDRESS,
    phone="0912 345 678",
    email="nguyen.thi.y@example.vn",
    id_number="019184001234",
    summary=SUMMARY,
    reason="Nơi thường trú của người đề nghị thuộc tỉnh khác.",
    legal_basis="điểm b khoản 1 Điều 17 Nghị định số 118/2025/NĐ-CP",
    officer_name="Hoàng Thị Mỗ Nữ",
)
APOLOGY = ApologyForm(
    **HEAD,
    number="12/PXL-TTPVHCC",
    agency_name="Sở Nội vụ tỉnh Thái Nguyên",
    addressee="Ông Nguyễn Đức Ẵn",
    received_at=RECEIVED_AT,
    dossier_code=CODE,
    summary=SUMMARY,
    promised_at=PROMISED_AT,
    late_agency="Ủy ban nhân dân phường Phan Đình Phùng",
    reason="Cần xác minh thêm tại nơi cư trú.",
    new_due_at=local_moment(date(2026, 12, 30), time(17)),
    result_place="quầy số 3",
    signer_title="Giám đốc",
    signer_name="Trần Văn Kiều Ổn",
)
STOP = StopForm(
    **HEAD,
    number="7/TB-SNV",
    agency_name="Sở Nội vụ tỉnh Thái Nguyên",
    addressee="Bà Nguyễn Thị Ỷ",
    dossier_code=CODE,
    procedure_name=SUMMARY,
    received_at=RECEIVED_AT,
    ground="Bà có đơn đề nghị rút hồ sơ ngày 25/11/2026.",
    legal_basis="Nghị định số 118/2025/NĐ-CP",
    stopped_at=local_moment(date(2026, 11, 26), time(9)),
    rights="Nhận lại giấy tờ đã nộp.\nNộp lại hồ sơ bất cứ lúc nào.",
    signer_title="KT. Giám đốc\nPhó Giám đốc",
    signer_name="Trần Văn Kiều Ổn",
)
CONTROL = ControlForm(
    **HEAD,
    dossier_code=CODE,
    applicant_name=APPLICANT,
    summary=SUMMARY,
    received_at=RECEIVED_AT,
    promised_at=PROMISED_AT,
    lead_agency="Sở Y tế tỉnh Thái Nguyên",
    cooperating_agencies=("Ủy ban nhân dân phường Phan Đình Phùng", "Công an tỉnh"),
    hand_overs=tuple(
        HandOver(
            from_agency=giver,
            to_agency=taker,
            at=RECEIVED_AT + timedelta(days=place),
            result_words=result,
            giver_name="Hoàng Thị Mỗ Nữ",
            taker_name="Lê Văn Ẩn",
            note="Kèm bản giấy" if place else "",
        )
        for place, (giver, taker, result) in enumerate(
            [("Một cửa", "Phòng Bảo trợ", ""), ("Phòng Bảo trợ", "Lãnh đạo Sở", "Trước hạn"), ("Lãnh đạo Sở", "Văn thư", "Đúng hạn")]
        )
    ),
    book_number="01/2026",
    book_sequence="42",
)  # fmt: skip
RESULT_SLIP = ResultSlipForm(
    **HEAD,
    dossier_code=CODE,
    receiving_unit=DESK,
    owner_name=APPLICANT,
    summary=SUMMARY,
    recipient_name="Nguyễn Đức Ẵn",
    recipient_id_number="019184001234",
    recipient_phone="0912 345 678",
    authorization="số 12/2026, công chứng ngày 20/12/2026",
    promised_at=PROMISED_AT,
    handed_over_at=PROMISED_AT,
    timeliness_words="đúng hạn",
    way_words="trực tiếp tại quầy",
    results=(
        ResultPaper(number=1, name="Quyết định trợ cấp xã hội", symbol="1234/QĐ-UBND ngày 22/12/2026"),
        ResultPaper(number=2, name="Bản điện tử của quyết định", count=0),
    ),
    returned_originals=("Giấy khai sinh", "Sổ hộ nghèo"),
    fee_words="Miễn phí",
    giver_name="Hoàng Thị Mỗ Nữ",
)


def register(rows: int) -> RegisterBook:
    return RegisterBook(
        **HEAD,
        receiving_unit=DESK,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        book_number="01/2026",
        rows=tuple(
            RegisterRow(
                sequence=place + 1,
                dossier_code=f"H55.19-261123-{place + 1:04d}",
                procedure_name=SUMMARY if place % 2 else "Hỗ trợ chi phí mai táng",
                applicant_name=APPLICANT,
                address_and_phone=f"{ADDRESS}, 0912 345 678",
                lead_agency="Sở Y tế tỉnh Thái Nguyên",
                received_at=RECEIVED_AT,
                promised_at=PROMISED_AT,
                returned_at=PROMISED_AT if place % 3 == 0 else None,
                return_way="Trực tiếp",
                note="Ủy quyền" if place % 5 == 0 else "",
            )
            for place in range(rows)
        ),
        keeper_name="Hoàng Thị Mỗ Nữ",
        closer_title="Giám đốc",
        closer_name="Trần Văn Kiều Ổn",
    )


PAPERS: dict[str, FormData] = {
    "receipt": RECEIPT,
    "supplement": SUPPLEMENT,
    "refusal": REFUSAL,
    "refusal_later": replace(REFUSAL, after_receipt=True),
    "apology": APOLOGY,
    "stop": STOP,
    "control": CONTROL,
    "result_slip": RESULT_SLIP,
    "register": register(8),
}
