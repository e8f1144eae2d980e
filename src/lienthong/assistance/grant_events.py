"""What happens to grants that are paid or handed out once: emergencies, and what a death brings. Nothing says who a person is."""

from dataclasses import dataclass
from datetime import date

from lienthong.assistance.states import EmergencyGrantKind
from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class EmergencyGranted(Fact):
    """Quyết định trợ giúp xã hội khẩn cấp, bằng tiền hoặc bằng gạo."""

    sentence = "Quyết định {kind} vì việc xảy ra ngày {happened_on}: {given}."
    coded = {"kind": EmergencyGrantKind}
    grant_id: int
    person_id: int
    kind: str
    happened_on: date
    given: str
    amount: int
    rice_kg: int
    dossier_code: str = ""
    decision_number: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class RiceHandedOut(Fact):
    """Ghi đã phát gạo hỗ trợ."""

    sentence = "Đã phát {rice_kg} kg gạo hỗ trợ ngày {handed_out_on}."
    grant_id: int
    person_id: int
    rice_kg: int
    handed_out_on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathGrantMade(Fact):
    """Quyết định trợ cấp khi người có công từ trần."""

    sentence = "Quyết định trợ cấp khi người có công từ trần theo hồ sơ {dossier_code}: {amount} đồng."
    person_id: int
    dossier_code: str
    died_on: date
    amount: int
