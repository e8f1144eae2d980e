"""Registers and population files as tables: read whatever offices send, and write verdicts back. No Django, no database.

A file becomes a ``Table`` (text cells under named heads, every row of the file accounted for), a ``ColumnMapping`` says
which head is which of our columns, and ``canonical_frame`` gives the columns that the engine asks for. Tệp danh sách.
"""

from lienthong.verification.tables.canonical import POPULATION_COLUMNS, Canonical, canonical_frame
from lienthong.verification.tables.guessing import Guess, guess_mapping
from lienthong.verification.tables.mapping import BySex, ColumnMapping, FirstOf, Joined, read_mapping_file
from lienthong.verification.tables.reading import read_table
from lienthong.verification.tables.refusals import TableRefused
from lienthong.verification.tables.results import write_results
from lienthong.verification.tables.table import SkippedRows, Table
from lienthong.verification.tables.vocabulary import TableKind

__all__ = [
    "POPULATION_COLUMNS",
    "BySex",
    "Canonical",
    "ColumnMapping",
    "FirstOf",
    "Guess",
    "Joined",
    "SkippedRows",
    "Table",
    "TableKind",
    "TableRefused",
    "canonical_frame",
    "guess_mapping",
    "read_mapping_file",
    "read_table",
    "write_results",
]
