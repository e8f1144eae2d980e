"""Tables of population copies, registers, batches, verdicts and what officers do with them."""

from lienthong.verification.models.batches import Batch, Exchange, ExchangeRow, Verdict
from lienthong.verification.models.cases import Case, Inquiry
from lienthong.verification.models.duplicates import DuplicatePair
from lienthong.verification.models.figures import Judgement, QualityFigure, ReviewItem, ReviewSample
from lienthong.verification.models.registers import ColumnMapping, PopulationCopy, Register, RegisterEntry
from lienthong.verification.models.thresholds import ThresholdChoice

__all__ = [
    "Batch",
    "Case",
    "ColumnMapping",
    "DuplicatePair",
    "Exchange",
    "ExchangeRow",
    "Inquiry",
    "Judgement",
    "PopulationCopy",
    "QualityFigure",
    "Register",
    "RegisterEntry",
    "ReviewItem",
    "ReviewSample",
    "ThresholdChoice",
    "Verdict",
]
