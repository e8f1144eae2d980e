"""Tables of social assistance and of people with merit."""

from lienthong.assistance.models.decision_sheets import DecisionSheet
from lienthong.assistance.models.emergency import EmergencyGrant
from lienthong.assistance.models.entitlements import Entitlement, EntitlementRate, Recovery
from lienthong.assistance.models.facts import (
    Circumstance,
    DifficultArea,
    DifficultAreaDraft,
    DisabilityCertificate,
    MeritClaim,
)
from lienthong.assistance.models.findings import Finding, LeftOutReview, Scenario
from lienthong.assistance.models.funeral import DeathGrant, FuneralSupport
from lienthong.assistance.models.law_changes import LawChange, LawChangeRow, handling_words
from lienthong.assistance.models.of_grants import REFERENCES, of
from lienthong.assistance.models.proposals import Proposal
from lienthong.assistance.models.revocable import WITHDRAWN, Revocable
from lienthong.assistance.models.taking_over import TakeOver, TakeOverRow
from lienthong.assistance.models.top_ups import TopUp, standing_top_ups

__all__ = [
    "REFERENCES",
    "WITHDRAWN",
    "Circumstance",
    "DeathGrant",
    "DecisionSheet",
    "DifficultArea",
    "DifficultAreaDraft",
    "DisabilityCertificate",
    "EmergencyGrant",
    "Entitlement",
    "EntitlementRate",
    "Finding",
    "FuneralSupport",
    "LawChange",
    "LawChangeRow",
    "LeftOutReview",
    "MeritClaim",
    "Proposal",
    "Recovery",
    "Revocable",
    "Scenario",
    "TakeOver",
    "TakeOverRow",
    "TopUp",
    "handling_words",
    "of",
    "standing_top_ups",
]
