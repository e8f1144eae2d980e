"""What happens when something that was decided once or recorded is put right, or raised by a new law, by two people.

Nothing says who a person is.
"""

from dataclasses import dataclass
from datetime import date

from lienthong.assistance.states import OnceKind
from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class FuneralSupportRevoked(Fact):
    """Thu hồi quyết định hỗ trợ chi phí mai táng."""

    sentence = "Thu hồi quyết định hỗ trợ chi phí mai táng theo hồ sơ {dossier_code}: {reason}"
    dossier_code: str
    amount: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathGrantRevoked(Fact):
    """Thu hồi quyết định trợ cấp khi người có công từ trần."""

    sentence = "Thu hồi quyết định trợ cấp khi người có công từ trần theo hồ sơ {dossier_code}: {reason}"
    dossier_code: str
    amount: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class EmergencyGrantRevoked(Fact):
    """Thu hồi quyết định trợ giúp khẩn cấp."""

    sentence = "Thu hồi quyết định trợ giúp khẩn cấp {given}: {reason}"
    grant_id: int
    person_id: int
    given: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class TopUpGranted(Fact):
    """Quyết định bổ sung chênh lệch của một khoản chi một lần theo mức mới."""

    sentence = "Quyết định bổ sung chênh lệch {amount} đồng cho {what}, trước đó là {before} đồng, theo mức áp dụng từ tháng {from_month}. {decision_number}"
    coded = {"what": OnceKind}
    top_up_id: int
    what: str
    grant_id: int
    before: int
    amount: int
    from_month: date
    decision_number: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class TopUpRevoked(Fact):
    """Thu hồi quyết định bổ sung chênh lệch."""

    sentence = "Thu hồi quyết định bổ sung chênh lệch {amount} đồng: {reason}"
    top_up_id: int
    amount: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class OncePayeeNamed(Fact):
    """Thay người nhận một khoản chi một lần."""

    sentence = "Thay người nhận {what}: {reason}"
    coded = {"what": OnceKind}
    what: str
    grant_id: int
    payee_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathTakenBack(Fact):
    """Rút ghi nhận một người đã chết, theo quyết định của hai người."""

    sentence = "Rút ghi nhận đã chết ngày {died_on}: {reason}"
    person_id: int
    died_on: date
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementReinstated(Fact):
    """Phục hồi một khoản đã thôi hưởng nhầm."""

    sentence = "Phục hồi hưởng từ tháng {first_month}: {reason}"
    entitlement_id: int
    person_id: int
    first_month: date
    reason: str
