"""In which tone stages and visits are shown."""

from lienthong.poverty.states import CommuneState, HouseholdClass, VisitState

STAGE_TONES = {
    CommuneState.LISTING: "draft", CommuneState.VISITING: "open", CommuneState.MEETING: "open", CommuneState.POSTED: "wait",
    CommuneState.DECIDED: "done", CommuneState.REPORTED: "ended",
}  # fmt: skip
VISIT_TONES = {
    VisitState.TO_VISIT: "open", VisitState.REVISIT: "soon", VisitState.VISITED: "done",
    VisitState.SCREENED_OUT: "done", VisitState.GONE: "ended",
}  # fmt: skip
CLASS_TONES = {
    HouseholdClass.POOR: "late", HouseholdClass.NEAR_POOR: "soon", HouseholdClass.AVERAGE: "open", HouseholdClass.NOT_POOR: "done",
}  # fmt: skip
