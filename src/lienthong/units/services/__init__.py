"""Verbs of the units context: load the base data and borders, publish a calendar."""

from lienthong.units.services.boundaries import BoundariesRefused, LoadBoundaries, LoadedBoundaries, load_boundaries
from lienthong.units.services.calendar import (
    CalendarRefusal,
    DayChange,
    HoursChange,
    PublishCalendar,
    publish_calendar,
    publish_official_calendar,
)
from lienthong.units.services.files import InconsistentData
from lienthong.units.services.load import committee_code, load_agencies, load_places
from lienthong.units.services.synchronize import Loaded

__all__ = [
    "BoundariesRefused",
    "CalendarRefusal",
    "DayChange",
    "HoursChange",
    "InconsistentData",
    "LoadBoundaries",
    "Loaded",
    "LoadedBoundaries",
    "PublishCalendar",
    "committee_code",
    "load_agencies",
    "load_boundaries",
    "load_places",
    "publish_calendar",
    "publish_official_calendar",
]
