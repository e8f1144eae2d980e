"""The standard reports of a round: which there are, their tables on the map of any day, and the households behind a number."""

from lienthong.poverty.queries.reports.declarations import REPORTS, report_named
from lienthong.poverty.queries.reports.households import (
    HouseholdOnMap,
    households_behind,
    listed_households,
    places_of_households,
    unplaced_households,
)
from lienthong.poverty.queries.reports.shape import LEGAL_LINE, Column, Report, Rows, indicators_of
from lienthong.poverty.queries.reports.tables import Asked, Basis, Cell, Line, Table, communes_seen, table_of

__all__ = [
    "LEGAL_LINE",
    "REPORTS",
    "Asked",
    "Basis",
    "Cell",
    "Column",
    "HouseholdOnMap",
    "Line",
    "Report",
    "Rows",
    "Table",
    "communes_seen",
    "households_behind",
    "indicators_of",
    "listed_households",
    "places_of_households",
    "report_named",
    "table_of",
    "unplaced_households",
]
