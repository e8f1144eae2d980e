"""Tables of standards, forms, rounds, visits, scores, the village's part, and decisions."""

from lienthong.poverty.models.decisions import HouseholdStanding, RecognitionDecision
from lienthong.poverty.models.forms import EnumeratorDevice, FormSource, FormVersion
from lienthong.poverty.models.imports import ListImport, ListImportRow
from lienthong.poverty.models.nonces import UsedNonce
from lienthong.poverty.models.rounds import CommuneReview, HouseholdReview, ReviewRequest, ReviewRound
from lienthong.poverty.models.standards import AreaDesignation, PointsTableVersion, ProvincialLine
from lienthong.poverty.models.village import Objection, Posting, ResultChange, VillageMeeting
from lienthong.poverty.models.visits import Score, Submission, SubmissionMedia, Visit, VisitFlag

__all__ = [
    "AreaDesignation",
    "CommuneReview",
    "EnumeratorDevice",
    "FormSource",
    "FormVersion",
    "HouseholdReview",
    "HouseholdStanding",
    "ListImport",
    "ListImportRow",
    "Objection",
    "PointsTableVersion",
    "Posting",
    "ProvincialLine",
    "RecognitionDecision",
    "ResultChange",
    "ReviewRequest",
    "ReviewRound",
    "Score",
    "Submission",
    "SubmissionMedia",
    "UsedNonce",
    "VillageMeeting",
    "Visit",
    "VisitFlag",
]
