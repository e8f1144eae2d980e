"""What happens in social assistance."""

from dataclasses import dataclass, field
from datetime import date

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class FuneralSupportGranted(Fact):
    """Hỗ trợ chi phí mai táng được quyết định."""

    sentence = "Quyết định hỗ trợ chi phí mai táng theo hồ sơ {dossier_code}."
    dossier_code: str
    died_on: date
    amount: int
    reasons: list[str] = field(default_factory=list)
