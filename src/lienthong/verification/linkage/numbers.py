"""Identity numbers as columns: what was typed, read into a number of 12 digits, a number of 9, or neither.

Numbers are compared as whole numbers inside the engine only; what leaves it is the text of the population.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

NONE = -1
_SCIENTIFIC = r"^\d([.,]\d+)?[eE]\+?\d{1,2}$"
_WHOLE_FRACTION = r"^(\d+)[.,]0+$"
_PLACEHOLDER = r"^(?:(\d)\d*|123456789(?:012)?)$"


class Numbers(NamedTuple):
    """Identity numbers as columns; -1 where there is none.

    Attributes:
        number: Of 12 digits, lost leading zeros given back.
        old_number: Of 9 digits.
        is_odd: Whether digits are there that make neither, one digit too many or too few.
        is_given: Whether anything was typed.
    """

    number: npt.NDArray[np.int64]
    old_number: npt.NDArray[np.int64]
    is_odd: npt.NDArray[np.bool_]
    is_given: npt.NDArray[np.bool_]


def read_numbers(column: pl.Series) -> Numbers:
    """Read numbers as people type them and spreadsheets hold them."""
    typed = column.fill_null("").str.replace_all(r"[\s'’‘`\u00a0]", "")
    is_given = (typed != "").to_numpy()
    typed = typed.str.replace(_WHOLE_FRACTION, "${1}")
    scientific = typed.str.contains(_SCIENTIFIC)
    digits = typed.str.replace_all(r"[^0-9]", "")
    if scientific.any():
        digits = digits.scatter(scientific.arg_true(), [_unscientific(text) for text in typed.filter(scientific)])
    lengths = digits.str.len_chars().to_numpy().astype(np.int64)
    values = digits.cast(pl.Int64, strict=False).fill_null(NONE).to_numpy()
    starts_with_zero = digits.str.starts_with("0").to_numpy()
    real = ~_are_placeholders(digits)
    new = (lengths == 12) | (((lengths == 11) | (lengths == 10)) & ~starts_with_zero)
    old = (lengths == 9) | ((lengths == 8) & ~starts_with_zero)
    number = np.where(real & new, values, NONE)
    old_number = np.where(real & old, values, NONE)
    return Numbers(number, old_number, is_given & (number == NONE) & (old_number == NONE) & real, is_given)


def read_population_numbers(column: pl.Series, *, digits: int) -> npt.NDArray[np.int64]:
    """Read the population's own numbers, all of one length; -1 for what has another."""
    values = column.cast(pl.Int64, strict=False).fill_null(NONE).to_numpy()
    if values.max(initial=0) >= 10**digits or values.min(initial=0) < NONE:
        return np.where((values < 10**digits) & (values >= 0), values, NONE)
    return values


def _unscientific(text: str) -> str:
    """Write a number out of a spreadsheet's notation in full; nothing where its last digits are lost."""
    mantissa, exponent = text.lower().replace("+", "").replace(",", ".").split("e")
    whole, _, fraction = mantissa.partition(".")
    return (
        (whole + fraction).ljust(int(exponent) + 1, "0") if 0 < len(fraction.rstrip("0")) >= int(exponent) - 1 else ""
    )


def _are_placeholders(digits: pl.Series) -> npt.NDArray[np.bool_]:
    """Say which are one digit over and over, or counted up: typed because something had to be."""
    one_digit = pl.any_horizontal([pl.col("d").str.contains(f"^{digit}+$") for digit in range(10)])
    counted = pl.col("d").is_in(["123456789", "123456789012", "012345678912", "0123456789"])
    few = pl.col("d").str.strip_chars_start("0").str.len_chars() <= 2
    return digits.to_frame("d").select(one_digit | counted | few).to_series().to_numpy()
