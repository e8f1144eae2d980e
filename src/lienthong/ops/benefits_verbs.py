"""Every proposal and record that the office enters for a person, as a table: what it is called, what it asks, what does it.

What a verb asks has the names of the command it becomes. The services are those of the screens, and so are the refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from lienthong.assistance.services import proposing_changes, proposing_ways_back
from lienthong.assistance.services.certificates import LONGEST_NUMBER
from lienthong.assistance.services.circumstances import MERIT_RECORDED, RECORDED
from lienthong.assistance.states import (
    GROUNDS_OF_PEOPLE,
    MERIT_BENEFITS,
    SOCIAL_BENEFITS,
    Benefit,
    EmergencyGrantKind,
    EmergencyPayee,
    OnceKind,
    ProposalKind,
)
from lienthong.ops import benefits_acts as acts
from lienthong.ops import benefits_fields as asks
from lienthong.ops.benefits_acts import Act, Case
from lienthong.ops.benefits_fields import Field
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from lienthong.rules.emergency import kinds as rules
from lienthong.rules.merit.facts import CLAIM_FLAGS, CLAIM_NUMBERS, Category, Relation
from lienthong.rules.merit.words import CLAIM_QUESTIONS
from lienthong.rules.social_assistance.words import question


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing that the office enters for a person.

    Attributes:
        words: What it does, in Vietnamese.
        fields: What it asks.
        act: Gives what does it for a case.
        one_of: Exactly one of these is told.
        records: It is written down at once, by one person; else another one decides.
    """

    words: str
    fields: tuple[Field, ...]
    act: Callable[[Case], Act]
    one_of: tuple[str, ...] = ()
    records: bool = False


_REASON: Final = asks.line("reason", "lý do", needed=True)
_NOTE: Final = asks.line("note", "ghi chú")
_LAST_DAY: Final = asks.day("last_day", "đúng đến hết ngày; để trống khi vẫn còn đúng")
_BENEFITS: Final = (*SOCIAL_BENEFITS, Benefit.INSTITUTION, *MERIT_BENEFITS)
_WHICH: Final = (
    asks.code("benefit", "khoản nào, khi người này có nhiều khoản", _BENEFITS),
    asks.whole("entitlement", "số của khoản, xem bằng benefits show"),
)
_PAYEE: Final = (
    asks.person_number("payee_number", "số định danh của người nhận thay"),
    asks.line("payee_name", "họ và tên của người nhận thay, đúng như trên giấy tờ", at_most=120),
)
_GROUND: Final = asks.code("ground", "tư cách người nhận tiền (mặc định: chính người hưởng)", GROUNDS_OF_PEOPLE)
_VALUE: Final = asks.plain("value", "câu trả lời: mã, có hoặc không, số đồng; danh sách con theo tệp", needed=True)
_FROM: Final = asks.day("valid_from", "đúng từ ngày", needed=True)
_EVIDENCE: Final = asks.line("evidence", "giấy tờ, căn cứ", needed=True)
_RECORD: Final = asks.whole("id", "số của bản ghi, xem bằng benefits show", needed=True)


def _of_benefit(
    kind: ProposalKind, words: str, command: Callable[..., Any], service: Act, *fields: Field, one_of: tuple[str, ...] = ()
) -> Verb:  # fmt: skip
    """Describe a change of one benefit whose command has the names of the fields."""
    names = [one.name for one in fields]

    def act(case: Case) -> Act:
        return partial(service, command(entitlement_id=case.entitlement(kind).pk, **case.of(*names)))

    return Verb(words=words, fields=(*_WHICH, *fields), act=act, one_of=one_of)


_CLAIM_FIELDS: Final = tuple(
    asks.code(name, words, Relation) if name == "relation"
    else asks.yes_no(name, words) if name in CLAIM_FLAGS
    else asks.whole(name, words) if name in CLAIM_NUMBERS
    else asks.line(name, words, at_most=120)
    for name, words in CLAIM_QUESTIONS.items()
)  # fmt: skip


def _emergency_field(name: str) -> Field:
    words = rules.QUESTIONS[name]
    if name == "poverty_class":
        words = "phân loại hộ ngày xảy ra, chỉ dùng khi kết quả rà soát chưa có hộ này"
    if name in rules.CHOICES:
        return asks.code(name, words, rules.CHOICES[name])
    if name in rules.NUMBERS:
        return asks.whole(name, words)
    if name in rules.DAYS:
        return asks.day(name, words)
    return asks.dong(name, words) if name in rules.AMOUNTS else asks.yes_no(name, words)


VERBS: Final[Mapping[str, Verb]] = {
    "grant": Verb(
        words="cho hưởng một khoản",
        fields=(
            asks.code("benefit", "khoản đề xuất", _BENEFITS, needed=True),
            asks.line("institution", "mã số thuế của cơ sở nuôi dưỡng, với khoản institution", at_most=20),
            _GROUND, *_PAYEE, asks.month("first_month", "hưởng không sớm hơn tháng này (mặc định: theo luật định)"),
        ),
        act=acts.grant,
    ),
    "adjust": Verb(
        words="tính lại mức hưởng",
        fields=(*_WHICH, asks.month("from_month", "tính lại từ tháng có sự thay đổi", needed=True), _REASON),
        act=acts.adjust,
    ),
    "suspend": _of_benefit(
        ProposalKind.SUSPEND, "tạm dừng hưởng",
        proposing_changes.ProposeSuspension, proposing_changes.propose_suspension,
        asks.whole("uncollected_months", "số tháng liên tục không nhận tiền"),
        asks.day("refuses_review_on", "ngày không chấp hành xác định lại mức độ khuyết tật, điều kiện hưởng"),
        asks.day("detained_on", "ngày bị tạm giam"), _NOTE,
        one_of=("uncollected_months", "refuses_review_on", "detained_on"),
    ),
    "resume": _of_benefit(
        ProposalKind.RESUME, "cho hưởng trở lại",
        proposing_changes.ProposeResumption, proposing_changes.propose_resumption,
        asks.month("first_month", "hưởng trở lại từ tháng", needed=True), _REASON,
    ),
    "stop": _of_benefit(
        ProposalKind.STOP, "thôi hưởng",
        proposing_changes.ProposeStop, proposing_changes.propose_stop,
        asks.day("died_on", "ngày chết"), asks.day("missing_on", "ngày bị tuyên bố mất tích"),
        asks.day("ineligible_on", "ngày không còn đủ điều kiện"),
        asks.day("imprisoned_on", "ngày chấp hành án phạt tù"), asks.day("declined_on", "ngày từ chối nhận"), _NOTE,
        one_of=("died_on", "missing_on", "ineligible_on", "imprisoned_on", "declined_on"),
    ),
    "reinstate": _of_benefit(
        ProposalKind.REINSTATE, "phục hồi khoản đã thôi hưởng nhầm",
        proposing_ways_back.ProposeReinstatement, proposing_ways_back.propose_reinstatement, _REASON,
    ),
    "move": Verb(
        words="chuyển nơi hưởng sang xã khác",
        fields=(*_WHICH, asks.line("commune", "mã xã, phường chuyển đến", needed=True, at_most=10), _REASON),
        act=acts.move,
    ),
    "payee": Verb(words="thay người nhận tiền", fields=(*_WHICH, _GROUND, *_PAYEE, _REASON), act=acts.payee),
    "recover": Verb(
        words="thu hồi tiền hưởng thừa bằng khấu trừ hằng tháng",
        fields=(
            *_WHICH, asks.dong("amount", "tổng số phải thu"),
            asks.numbers("overpayments", "số của các khoản chi thừa cần thu, xem bằng payroll overpayment list"),
            asks.whole("instead_of", "số của quyết định thu hồi ở khoản đã thôi hưởng, thu phần còn lại của nó"),
            asks.dong("monthly", "khấu trừ mỗi tháng", needed=True),
            asks.month("first_month", "khấu trừ từ tháng", needed=True), _REASON,
        ),
        act=acts.recover, one_of=("amount", "overpayments", "instead_of"),
    ),
    "death": Verb(
        words="ghi nhận đã chết; mọi khoản thôi hưởng sau tháng chết",
        fields=(
            asks.day("died_on", "ngày chết", needed=True),
            asks.line("paper", "giấy tờ xác nhận, ví dụ trích lục khai tử", needed=True),
        ),
        act=acts.death, records=True,
    ),
    "no-death": Verb(words="rút ghi nhận đã chết do nhầm", fields=(_REASON,), act=acts.no_death),
    "emergency": Verb(
        words="trợ giúp khẩn cấp; với người chết, mất tích là hỗ trợ mai táng",
        fields=(
            asks.code("kind", "loại trợ giúp", EmergencyGrantKind, needed=True),
            asks.day("happened_on", "ngày xảy ra; với người chết là ngày chết, mất tích", needed=True),
            *(_emergency_field(name) for name in acts.EMERGENCY_FACTS),
            asks.day("listed_on", "ngày trưởng thôn lập danh sách"), asks.day("met_on", "ngày thôn họp xét"),
            asks.line("urgent_reason", "lý do rất khẩn cấp, không qua họp thôn"),
            asks.code("ground", "tư cách người nhận", EmergencyPayee), *_PAYEE,
        ),
        act=acts.emergency,
    ),
    "handed-out": Verb(
        words="ghi đã phát gạo", fields=(_RECORD, asks.day("handed_out_on", "ngày phát gạo", needed=True)),
        act=acts.handed_out, records=True,
    ),
    "revoke": Verb(
        words="thu hồi một quyết định chi một lần",
        fields=(asks.code("decision", "loại quyết định", OnceKind, needed=True), _RECORD, _REASON),
        act=acts.revoke,
    ),
    "top-up": Verb(
        words="bổ sung phần chênh lệch mà mức mới đem lại cho một quyết định chi một lần",
        fields=(asks.code("decision", "loại quyết định", OnceKind, needed=True), _RECORD, _REASON),
        act=acts.top_up,
    ),
    "once-payee": Verb(
        words="thay người nhận một khoản chi một lần chưa trả",
        fields=(
            asks.code("decision", "loại quyết định", OnceKind, needed=True), _RECORD,
            *(replace(one, needed=True) for one in _PAYEE),
            asks.code("ground", "tư cách người nhận, với khoản trợ giúp khẩn cấp", EmergencyPayee), _REASON,
        ),
        act=acts.once_payee,
    ),
    "claim": Verb(
        words="công nhận một diện người có công, thân nhân",
        fields=(
            asks.code("category", "diện người có công", Category, needed=True), *_CLAIM_FIELDS,
            asks.day("valid_from", "hưởng từ ngày", needed=True), _LAST_DAY, _GROUND, *_PAYEE,
        ),
        act=acts.claim,
    ),
    "fact": Verb(
        words="ghi một thông tin của người này",
        fields=(
            asks.code("name", "thông tin nào", (*RECORDED, *MERIT_RECORDED), needed=True), _VALUE, _FROM, _LAST_DAY,
            _EVIDENCE, asks.yes_no("ends_earlier", "lần ghi trước còn để ngỏ thì kết thúc vào ngày liền trước"),
        ),
        act=acts.fact, records=True,
    ),
    "facts": Verb(
        words="ghi nhiều thông tin của một lần hỏi, cùng một căn cứ",
        fields=(*(asks.plain(name, question(name)) for name in RECORDED), _FROM, _EVIDENCE),
        act=acts.facts, records=True,
    ),
    "fact-correct": Verb(
        words="đính chính một thông tin ghi sai",
        fields=(_RECORD, _VALUE, _FROM, _LAST_DAY, _EVIDENCE, _REASON), act=acts.fact_correct, records=True,
    ),
    "fact-end": Verb(
        words="ghi ngày kết thúc của một thông tin", fields=(_RECORD, replace(_LAST_DAY, needed=True)),
        act=acts.fact_end, records=True,
    ),
    "fact-withdraw": Verb(
        words="rút một thông tin ghi nhầm", fields=(_RECORD, _REASON), act=acts.fact_withdraw, records=True,
    ),
    "certificate": Verb(
        words="ghi giấy xác nhận khuyết tật",
        fields=(
            asks.code("level", "mức độ khuyết tật", DisabilityLevel, needed=True),
            asks.code("kind", "dạng khuyết tật", DisabilityKind, needed=True),
            asks.line("number", "số giấy xác nhận", needed=True, at_most=LONGEST_NUMBER),
            asks.day("issued_on", "ngày cấp", needed=True),
            asks.line("issued_by", "mã xã, phường cấp giấy", at_most=10),
            asks.line("form_items", "mục khuyết tật đặc biệt nặng trong phiếu Mẫu số 02, cách nhau bằng dấu phẩy", at_most=60),
            _LAST_DAY,
        ),
        act=acts.certificate, records=True,
    ),
    "certificate-withdraw": Verb(
        words="rút giấy xác nhận khuyết tật ghi nhầm", fields=(_RECORD, _REASON), act=acts.certificate_withdraw,
        records=True,
    ),
}  # fmt: skip


def schema() -> asks.Schema:
    """Describe the file of facts of every verb."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lienthong benefits propose",
        "description": "Tệp --facts của từng việc nằm ở $defs, theo tên của việc. Mục để trống hoặc null là không ghi.",
        "$defs": {name: _described(verb) for name, verb in VERBS.items()},
    }


def _described(verb: Verb) -> asks.Schema:
    found = {"description": verb.words, **asks.schema_of(verb.fields)}
    if verb.one_of:
        found["oneOf"] = [{"required": [name]} for name in verb.one_of]
    return found
