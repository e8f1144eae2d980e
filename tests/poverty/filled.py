"""Filled forms as devices send them, and a commune in which somebody fills them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from defusedxml import ElementTree

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.kernel.days import local_day
from lienthong.poverty.models import CommuneReview, FormVersion, HouseholdReview, PointsTableVersion
from lienthong.poverty.services.devices import DeviceKeys, add_device
from lienthong.poverty.services.forms import PublishForm, publish_form, publish_shipped_forms
from lienthong.poverty.services.submissions import Photo, Received, ReceiveSubmission, receive_submission
from lienthong.poverty.survey.workbooks import as_xlsx, shipped_source
from tests.factories.poverty import STANDARD, CommuneReviewFactory, HouseholdReviewFactory, ReviewRoundFactory
from tests.factories.poverty_standards import PointsTableVersionFactory
from tests.world import COMMUNE, World

_instances = count(1)

MEMBER: dict[str, str] = {
    "relation": "head", "full_name": "Ma Văn Sình", "sex": "male", "birth_known": "date", "birth_date": "1980-05-17",
    "age": "46", "has_health_insurance": "no", "qualification": "primary", "studying": "none", "work": "self_employed",
    "job": "farm", "monthly_allowance": "none", "is_disabled_or_ill": "no", "receives_pension": "no", "uses_internet": "no",
}  # fmt: skip
HOUSE: dict[str, str] = {
    "wall": "not_durable", "pillar": "not_durable", "roof": "durable", "housing_area_m2": "40", "water_source": "surface",
    "toilet": "none", "devices": "none", "waste": "untreated", "asked_color_tv": "no", "area": "rural",
}  # fmt: skip


def members(number: int) -> list[dict[str, str]]:
    """Return a head and others of another year of birth each."""
    others = [
        MEMBER | {"relation": "child", "birth_date": f"{1990 + place}-01-01", "age": str(2026 - 1990 - place)}
        for place in range(1, number)
    ]
    return [MEMBER, *others]


def filled(
    form: FormVersion,
    household: str,
    *,
    instance_id: str = "",
    deprecated_id: str = "",
    ended_at: datetime,
    minutes: float = 30,
    photo: str = "",
    people: list[dict[str, str]] | None = None,
    **answers: str,
) -> bytes:
    """Return the XML of a filled form: form B of a household that is deprived in a lot, unless answers say otherwise."""
    started_at = ended_at - timedelta(minutes=minutes)
    said: dict[str, Any] = {
        "start": started_at.isoformat(), "end": ended_at.isoformat(), "household": household,
        "visited_on": local_day(ended_at).isoformat(),
    }  # fmt: skip
    if form.form_id == "phieu-b":
        said |= HOUSE
    said |= {"photo": photo} | answers
    people = [] if form.form_id == "phieu-a" else [MEMBER] if people is None else people
    inner = _grouped(_blank(form.xml), {name: value for name, value in said.items() if value}, people)
    instance_id = instance_id or new_instance()
    old = f"<orx:deprecatedID>{deprecated_id}</orx:deprecatedID>" if deprecated_id else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><data id="{form.form_id}" version="{form.version}"'
        f' xmlns:orx="http://openrosa.org/xforms">{inner}'
        f"<orx:meta><orx:instanceID>{instance_id}</orx:instanceID>{old}</orx:meta></data>"
    ).encode()


@lru_cache(maxsize=8)
def _blank(xform: str) -> Element:
    """Return what a form holds before anybody has filled it: its groups and questions."""
    instance = next(one for one in ElementTree.fromstring(xform).iter() if _name(one) == "instance")
    return instance[0]


def _grouped(group: Element, said: dict[str, Any], people: list[dict[str, str]]) -> str:
    """Write a group as a device does: every question in its place, empty where nothing was answered; then what no form asks."""
    return _group(group, said, people) + _leaves({name: said[name] for name in said.keys() - _names(group)})


def _group(group: Element, said: dict[str, Any], people: list[dict[str, str]]) -> str:
    written = ""
    for child in group:
        name = _name(child)
        if name == "members":
            written += (
                "" if child.keys() else "".join(f"<members>{_grouped(child, one, [])}</members>" for one in people)
            )
        elif name == "meta":
            continue
        elif len(child):
            written += f"<{name}>{_group(child, said, people)}</{name}>"
        else:
            written += _leaves({name: said.get(name, "")})
    return written


def _names(group: Element) -> set[str]:
    return {_name(one) for one in group.iter()}


def _leaves(said: dict[str, Any]) -> str:
    return "".join(
        f"<{name}>{escape(value)}</{name}>" if value else f"<{name}/>" for name, value in sorted(said.items())
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def new_instance() -> str:
    return f"uuid:1f0e7d2c-0000-4000-8000-{next(_instances):012d}"


@dataclass
class Field:
    """A commune that visits, with its forms, an officer, an enumerator with a phone, and a household to visit."""

    world: World
    commune: CommuneReview
    officer: User
    enumerator: User
    review: HouseholdReview
    table: PointsTableVersion

    @property
    def now(self) -> datetime:
        return self.world.now

    def form(self, form_id: str = "phieu-b") -> FormVersion:
        return FormVersion.objects.get(form_id=form_id, replaced_at=None)

    def newer_form(self, *, at: datetime | None = None) -> FormVersion:
        """Let another version of form B be published, that asks one thing in other words."""
        source = as_xlsx(shipped_source("phieu-b").replace("| Tường |", "| Tường bao quanh |"))
        command = PublishForm(standard_id=STANDARD, source=source, source_name="sửa.xlsx", points_table=self.table)
        return publish_form(command, acting_user=None, now=at or self.now)

    def household(self, **facts: Any) -> HouseholdReview:
        return HouseholdReviewFactory(commune_review=self.commune, **facts)

    def phone(self, user: User | None = None) -> DeviceKeys:
        return add_device(user or self.enumerator, self.commune.unit, "Máy thử", acting_user=self.officer, now=self.now)

    def another_enumerator(self) -> User:
        return self.world.officer(Role.ENUMERATOR, another=True)

    def xml(self, review: HouseholdReview | None = None, *, form: str = "phieu-b", **facts: Any) -> bytes:
        facts.setdefault("ended_at", self.now - timedelta(hours=1))
        return filled(self.form(form), (review or self.review).household.code, **facts)

    def send(self, xml: bytes, *photos: Photo, by: User | None = None, later: timedelta = timedelta()) -> Received:
        command = ReceiveSubmission(xml=xml, media=photos)
        return receive_submission(command, acting_user=by or self.enumerator, now=self.now + later)

    def visit(self, review: HouseholdReview | None = None, **facts: Any) -> Received:
        by = facts.pop("by", None)
        return self.send(self.xml(review, **facts), by=by)


def set_field(world: World) -> Field:
    table = PointsTableVersionFactory(standard_id=STANDARD)
    round_ = ReviewRoundFactory(points_table=table)
    commune = CommuneReviewFactory(round=round_, unit=world.agency(COMMUNE).unit, visiting=True)
    publish_shipped_forms(standard_id=STANDARD, points_table=table, now=world.now - timedelta(days=60))
    return Field(
        world=world,
        commune=commune,
        officer=world.officer(Role.PROCESSOR),
        enumerator=world.officer(Role.ENUMERATOR),
        review=HouseholdReviewFactory(commune_review=commune),
        table=table,
    )
