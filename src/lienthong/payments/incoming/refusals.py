"""Why an answer of a bank or payer is not taken: where it stands and what is wrong, worded for whoever loads it."""

from __future__ import annotations


class AnswerRefused(ValueError):
    """The file cannot be taken as it is; nothing of it is stored. Tệp không nhận được.

    Attributes:
        row: Row of the sheet, line of the text, or number of the entry; None where the whole file is meant.
        column: Head of the column, field of the message.
    """

    def __init__(self, reason: str, *, row: int | None = None, column: str = "", row_word: str = "Dòng") -> None:
        where = ", ".join(filter(None, [f"{row_word} {row}" if row else "", f"cột “{column}”" if column else ""]))
        super().__init__(f"{where[:1].upper()}{where[1:]}: {reason}" if where else reason)
        self.reason, self.row, self.column = reason, row, column


class EmptyAnswer(AnswerRefused):
    """Nothing is in it."""


class NotAnAnswer(AnswerRefused):
    """It is no statement, no report and no workbook of the kind."""


class DamagedAnswer(AnswerRefused):
    """It breaks off or contradicts its own form."""


class DangerousAnswer(AnswerRefused):
    """It declares entities or would unfold beyond measure."""


class TooManyLines(AnswerRefused):
    """No account of a province has so many lines in one statement."""


class WrongCurrency(AnswerRefused):
    """It speaks of another money than đồng."""


class WrongAmount(AnswerRefused):
    """An amount is no whole number of đồng above 0."""


class ColumnsWrong(AnswerRefused):
    """Heads that the template names are not there, or one is there twice."""


class ZerosLost(AnswerRefused):
    """A number that names something was read as a quantity: zeros in front are gone."""


class SumsDiffer(AnswerRefused):
    """What the file adds up to is not what it says."""
