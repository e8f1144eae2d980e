"""The engine: a register and the population as columns in, one verdict per register row out.

Pure: numpy, polars and rapidfuzz, no Django and no database. The way of a record: its columns are normalised
(``names``, ``dates``, ``numbers``, ``places``), exact keys settle what they can, blocks propose candidates
(``blocking``), agreement is weighed by Fellegi and Sunter with weights that the data themselves give (``weights``),
candidates compete with each other and with "not in the population" (``deciding``), households help, and the verdict is
put in an officer's words (``verdicts``).
"""

from lienthong.verification.linkage.answered import compare_found
from lienthong.verification.linkage.asking import Variant, variants
from lienthong.verification.linkage.changes import affected_rows
from lienthong.verification.linkage.duplicates import duplicates
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.precheck import Finding, precheck
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.verdicts import Linkage, link
from lienthong.verification.linkage.weights import Model

__all__ = [
    "Finding", "Linkage", "Model", "Places", "Population", "Register", "Variant", "affected_rows", "compare_found",
    "duplicates", "link", "precheck", "variants",
]  # fmt: skip
