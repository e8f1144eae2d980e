"""What stands on each printed form: plain frozen values that the caller has already decided and worded.

Names and wording of the forms themselves (title, number, legal line) follow the day of issue: see ``forms/editions.yaml``.
An empty text means "not given" and prints as a dotted line to fill in by hand, or not at all where the form allows it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

from lienthong.documents.states import FormCode


@dataclass(frozen=True, slots=True, kw_only=True)
class FormItem:
    """One paper of a dossier. Thành phần hồ sơ.

    Args:
        originals, certified, copies: How many originals (bản chính), certified copies (bản sao) and photocopies
            (bản chụp); 0 prints as nothing.
        note: What is wrong with it or how to complete it; printed on the supplement request.
    """

    number: int
    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """What a code on a paper says. The template gets it drawn, as SVG. Mã QR."""

    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedData:
    """What every printed paper begins with.

    Args:
        agency_lines: From the superior body down to the body that issues; the last one is printed bold.
        place: Name of the place in "Thái Nguyên, ngày 23 tháng 11 năm 2026", without the comma.
        issued_on: Day of issue; chooses the edition of the form.
    """

    agency_lines: tuple[str, ...]
    place: str
    issued_on: date

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON values: days and moments in ISO 8601, moments in UTC."""
        return {name: _plain(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormData(PrintedData):
    """A form of the one-stop mechanism; its edition gives names and legal line."""

    code: ClassVar[FormCode]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperData(PrintedData):
    """A paper of a programme, which brings its own layout and names: nothing here knows which programmes there are.

    Giấy tờ của một chương trình.

    Args:
        code: Which paper it is, among those of its programme.
        layout: The Typst file; it begins with ``#import "/documents/forms/frame.typ": *``.
        title: Printed lines of the title.
        legal_line: Which form of which text it follows; empty where none prescribes it.
    """

    code: ClassVar[str]
    layout: ClassVar[Path]
    title: ClassVar[tuple[str, ...]]
    legal_line: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptForm(FormData):
    """Receipt of a dossier with the promised day.

    Giấy tiếp nhận hồ sơ và hẹn trả kết quả (mẫu 01).

    Args:
        receiving_unit: Name of the one-stop desk, as in a sentence.
        tracking_url: Address that the second QR code opens.
        secret: Tracking secret, printed beside that code.
        channel_words: How it was handed in: "trực tiếp", "trực tuyến", "bưu chính công ích".
        id_number: Personal number or tax code of the applicant.
        owner_name, owner_address: The one the dossier is about, where that is not the applicant.
        allowance_words: Time allowed by rule, in words with its unit: "22 ngày làm việc".
        promised_at: None where no time limit is set, which the form then says.
        result_place: Where and how the result is to be received.
        book_number, book_sequence: Only where a paper register is still kept.
    """

    code = FormCode.RECEIPT

    dossier_code: str
    procedure_code: str
    receiving_unit: str
    tracking_url: str
    secret: str
    applicant_name: str
    channel_words: str
    address: str
    phone: str = ""
    email: str = ""
    id_number: str = ""
    summary: str
    owner_name: str = ""
    owner_address: str = ""
    items: tuple[FormItem, ...]
    sets: int = 1
    allowance_words: str
    received_at: datetime
    promised_at: datetime | None
    result_place: str
    receiver_name: str
    book_number: str = ""
    book_sequence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementForm(FormData):
    """Request to complete a dossier, once, for everything that is missing.

    Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (mẫu 02).

    Args:
        dossier_code: Empty where the dossier has not been received yet.
        items: What to hand in or to correct; ``note`` says what is wrong.
        reason: Ground of the request.
        answer_by_words: Until when to answer, in words; empty where no time is set.
        website: Where the dossier can be completed.
    """

    code = FormCode.SUPPLEMENT

    dossier_code: str = ""
    receiving_unit: str
    applicant_name: str
    summary: str
    address: str
    phone: str = ""
    email: str = ""
    items: tuple[FormItem, ...]
    reason: str
    answer_by_words: str = ""
    website: str = ""
    guide_name: str
    guide_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRefusalForm(FormData):
    """Refusal to receive or to settle a dossier, with the reason.

    Phiếu từ chối tiếp nhận, giải quyết hồ sơ (mẫu 03).

    Args:
        after_receipt: True where the dossier was received and its settlement is refused; False at intake.
        dossier_code, submitted_at, id_number: Known where it came in online or was received before.
        reason: Ground of the refusal; paragraphs are separated by a line break.
        legal_basis: Article that the refusal rests on.
        officer_name: Who hands the paper out.
    """

    code = FormCode.REFUSAL

    after_receipt: bool = False
    dossier_code: str = ""
    submitted_at: datetime | None = None
    receiving_unit: str
    applicant_name: str
    address: str
    phone: str = ""
    email: str = ""
    id_number: str = ""
    summary: str
    reason: str
    legal_basis: str = ""
    officer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyForm(FormData):
    """Apology for a delay with the new day.

    Phiếu xin lỗi và hẹn lại ngày trả kết quả; văn bản xin lỗi và đề nghị gia hạn (mẫu 04).

    Args:
        number: Number and symbol of the letter; empty leaves room for the clerk.
        agency_name: The body that speaks, as in a sentence ("Sở Nội vụ tỉnh Thái Nguyên").
        late_agency: The body that caused the delay, where it is another.
        promised_at: The appointment that is not kept.
        new_due_at: The new appointment.
    """

    code = FormCode.APOLOGY

    number: str = ""
    agency_name: str
    addressee: str
    received_at: datetime
    dossier_code: str
    summary: str
    promised_at: datetime
    late_agency: str = ""
    reason: str
    new_due_at: datetime
    result_place: str
    signer_title: str
    signer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopForm(FormData):
    """Notice that a dossier is no longer handled.

    Thông báo dừng giải quyết hồ sơ (mẫu 05 từ 15/9/2025).

    Args:
        ground: Why it stops.
        rights: What the applicant may do now: hand in again, complain, get papers back.
    """

    code = FormCode.STOP

    number: str = ""
    agency_name: str
    addressee: str
    dossier_code: str
    procedure_name: str
    received_at: datetime
    ground: str
    legal_basis: str = ""
    stopped_at: datetime
    rights: str
    signer_title: str
    signer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One hand-over between two offices. Giao nhận hồ sơ.

    Args:
        at: When it was handed over.
        result_words: "Trước hạn", "Đúng hạn", "Quá hạn" of the giver, empty where nothing was due.
        giver_name, taker_name: Printed where they would sign.
    """

    from_agency: str
    to_agency: str
    at: datetime
    result_words: str = ""
    giver_name: str = ""
    taker_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlForm(FormData):
    """The way of a dossier through the offices.

    Phiếu kiểm soát quá trình giải quyết hồ sơ (mẫu 06; trước 15/9/2025 là mẫu 05).
    """

    code = FormCode.CONTROL

    dossier_code: str
    applicant_name: str
    summary: str
    received_at: datetime
    promised_at: datetime | None
    lead_agency: str
    cooperating_agencies: tuple[str, ...] = ()
    hand_overs: tuple[HandOver, ...]
    book_number: str = ""
    book_sequence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPaper:
    """One paper of the result. Giấy tờ kết quả.

    Args:
        symbol: Number and symbol of the paper ("1234/QĐ-UBND"), with its day where known.
        count: How many; 0 for an electronic result only.
    """

    number: int
    name: str
    symbol: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSlipForm(FormData):
    """Slip on which the result is handed over.

    Giấy giao nhận kết quả.

    Args:
        recipient_name: Who takes it; the owner or somebody with an authorisation.
        authorization: The paper that lets somebody else take it.
        way_words: "trực tiếp tại quầy", "qua bưu chính", "bản điện tử".
        timeliness_words: "trước hạn 2 ngày", "đúng hạn", "quá hạn 1 ngày"; empty where nothing was promised.
        fee_words: Fees paid, in words and figures; empty where there are none.
        returned_originals: Papers shown for comparison that are given back.
    """

    code = FormCode.RESULT_SLIP

    dossier_code: str
    receiving_unit: str
    owner_name: str
    summary: str
    recipient_name: str
    recipient_id_number: str = ""
    recipient_phone: str = ""
    authorization: str = ""
    promised_at: datetime | None = None
    handed_over_at: datetime
    timeliness_words: str = ""
    way_words: str
    results: tuple[ResultPaper, ...]
    returned_originals: tuple[str, ...] = ()
    fee_words: str = ""
    giver_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One dossier in the register. Dòng của sổ theo dõi."""

    sequence: int
    dossier_code: str
    procedure_name: str
    sets: int = 1
    applicant_name: str
    address_and_phone: str
    lead_agency: str
    received_at: datetime
    promised_at: datetime | None
    returned_at: datetime | None = None
    return_way: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBook(FormData):
    """The register of dossiers for a period, landscape A4.

    Sổ theo dõi hồ sơ (mẫu 07; trước 15/9/2025 là mẫu 06).

    Args:
        first_day, last_day: The period, both days included.
        book_number: Number of the book; a book is opened each year.
        keeper_name: Who keeps it.
        closer_title, closer_name: Who closes it.
    """

    code = FormCode.REGISTER

    receiving_unit: str
    first_day: date
    last_day: date
    book_number: str = ""
    rows: tuple[RegisterRow, ...]
    keeper_name: str = ""
    closer_title: str = ""
    closer_name: str = ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
