"""Tables of population copies, registers, batches, verdicts and what officers do with them."""

from lienthong.verification.models.batches import Batch, Exchange, ExchangeRow, Verdict
from lienthong.verification.models.cases import Case
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
