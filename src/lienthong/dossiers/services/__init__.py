"""The verbs of a dossier, one transaction each. Callers say ``from lienthong.dossiers import services as dossiers``."""

from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.answer import (
    AnswerSupplement,
    CompleteDossier,
    answer_supplement,
    complete_dossier,
)
from lienthong.dossiers.services.appraise import AppraisalWrong, RecordAppraisal, record_appraisal
from lienthong.dossiers.services.clock import ExtendDeadline, TooLateToExtend, extend_deadline
from lienthong.dossiers.services.continuing import DraftGone
from lienthong.dossiers.services.decide import RESULT, Approve, Refuse, approve, refuse, stop, withdraw
from lienthong.dossiers.services.deliver import RateDossier, ReturnResult, rate, return_result
from lienthong.dossiers.services.draft import (
    ChangeDraft,
    DraftNotFound,
    SaveDraft,
    VersionChanged,
    change_draft,
    discard_draft,
    drop_draft_file,
    renew_draft,
    save_draft,
    submit_draft,
)
from lienthong.dossiers.services.moving import (
    ActionNotPossible,
    NotAllowed,
    StaleDossier,
    Target,
)
from lienthong.dossiers.services.receive import (
    ItemsMissing,
    ReceiveDossier,
    ReceiveSubmitted,
    RefuseIntake,
    receive_dossier,
    receive_submitted,
    refuse_intake,
    request_completion,
)
from lienthong.dossiers.services.request import (
    Applicant,
    GivenItem,
    MarkedItem,
    Request,
    missing_papers,
    needed_in_some_cases,
    unclear_papers,
)
from lienthong.dossiers.services.route import (
    ClaimReport,
    PassOn,
    assign,
    claim,
    claim_many,
    pass_on,
    release,
    send_back,
)
from lienthong.dossiers.services.supplement import RequestSupplement, request_supplement

__all__ = [
    "RESULT",
    "ActionNotPossible", "AnswerSupplement", "Applicant", "AppraisalWrong", "Approve", "ChangeDraft", "ClaimReport", "CompleteDossier",
    "DossierRefusal", "DraftGone", "DraftNotFound", "ExtendDeadline", "GivenItem", "ItemsMissing", "MarkedItem", "NotAllowed", "PassOn", "RateDossier",
    "ReceiveDossier", "ReceiveSubmitted", "RecordAppraisal", "Refuse", "RefuseIntake", "Request", "RequestSupplement", "ReturnResult",
    "SaveDraft", "StaleDossier", "Target", "TooLateToExtend", "VersionChanged", "answer_supplement", "approve", "assign", "change_draft", "claim", "claim_many",
    "complete_dossier", "discard_draft", "drop_draft_file", "extend_deadline", "missing_papers", "needed_in_some_cases", "pass_on", "rate", "receive_dossier", "receive_submitted",
    "record_appraisal", "refuse", "refuse_intake", "release", "renew_draft", "request_completion", "request_supplement", "return_result",
    "save_draft", "send_back", "stop", "submit_draft", "unclear_papers", "withdraw",
]  # fmt: skip
