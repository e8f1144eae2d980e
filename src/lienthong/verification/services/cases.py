"""The verbs of a case in one place. Callers say ``from lienthong.verification.services import cases``."""

from lienthong.verification.services.ask_police import NothingToAsk, ask_police, take_police_answer
from lienthong.verification.services.bulk_accept import (
    BULK_AT_MOST,
    BulkReport,
    ManyCases,
    NothingMarked,
    TooManyAtOnce,
    bulk_accept,
    bulk_approve,
)
from lienthong.verification.services.case_moves import (
    AnotherCaseOpen,
    CaseRefused,
    CaseTarget,
    KeyUsedElsewhere,
    NotPossibleNow,
    NotYourCase,
    ReasonNeeded,
    StaleCase,
)
from lienthong.verification.services.close import close
from lienthong.verification.services.corrections import EntryChanged
from lienthong.verification.services.decide import (
    SEXES,
    LookFirst,
    NotATwin,
    NothingToAccept,
    NothingTyped,
    TwinOfAnotherCommune,
    TypedWrong,
    accept,
    confirm_death,
    correct_ours,
    settle_double,
)
from lienthong.verification.services.inquire import NobodyToAsk, NoSuchQuestion, inquire
from lienthong.verification.services.propose import (
    FinalAlready,
    NotTheSecond,
    NotYoursToUndo,
    ProposedBySame,
    approve,
    send_back,
    undo,
)
from lienthong.verification.services.visit import order_visit, report_visit

__all__ = [
    "BULK_AT_MOST",
    "SEXES",
    "AnotherCaseOpen",
    "BulkReport",
    "CaseRefused",
    "CaseTarget",
    "EntryChanged",
    "FinalAlready",
    "KeyUsedElsewhere",
    "LookFirst",
    "ManyCases",
    "NoSuchQuestion",
    "NobodyToAsk",
    "NotATwin",
    "NotPossibleNow",
    "NotTheSecond",
    "NotYourCase",
    "NotYoursToUndo",
    "NothingMarked",
    "NothingToAccept",
    "NothingToAsk",
    "NothingTyped",
    "ProposedBySame",
    "ReasonNeeded",
    "StaleCase",
    "TooManyAtOnce",
    "TwinOfAnotherCommune",
    "TypedWrong",
    "accept",
    "approve",
    "ask_police",
    "bulk_accept",
    "bulk_approve",
    "close",
    "confirm_death",
    "correct_ours",
    "inquire",
    "order_visit",
    "report_visit",
    "send_back",
    "settle_double",
    "take_police_answer",
    "undo",
]
