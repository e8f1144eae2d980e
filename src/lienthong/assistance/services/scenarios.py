"""Drafts of the law that are kept: written down, reckoned by a job, laid beside each other, thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.finding_events import ScenarioComputed, ScenarioKept, ScenarioRemoved
from lienthong.assistance.models import Scenario
from lienthong.assistance.queries.register_columns import register_on
from lienthong.assistance.queries.what_if import Effect, as_plain, effect_of
from lienthong.assistance.services.refusals import AssistanceRefusal, NotYours
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.infra.working import Progress, alone, moment
from lienthong.kernel.days import local_day
from lienthong.kernel.text import clean_line
from lienthong.rules.drafts import Change, ChangeRefused, law_with, read_changes, tables_with
from lienthong.rules.drafts import as_plain as changes_as_plain
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.timing import month_of

LONGEST_NAME: Final = 200
LONGEST_NOTE: Final = 2_000


class ScenarioUnknown(NotFound):
    """There is no such scenario."""


class NameMissing(AssistanceRefusal):
    """A scenario that is kept has a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepScenario:
    """Lệnh lưu một phương án giả định."""

    name: str
    changes: Sequence[Change]
    note: str = ""
    as_of: date | None = None


def keep_scenario(command: KeepScenario, *, acting_user: User, now: datetime) -> Scenario:
    """Keep a draft of the law; a job reckons what it costs.

    Lưu phương án giả định.

    Raises:
        NotYours: The user does not work at the province's agency.
        NameMissing: It has no name.
        ChangeRefused: A change does not fit to the law of the day.
        NoValueInForce: The law of the day is not recorded.
    """
    on = local_day(now)
    if not policies.drafts_law(acting_user, on=on):
        raise NotYours(_("Chỉ cán bộ của sở phụ trách lập được phương án giả định."))
    name, as_of = clean_line(command.name, at_most=LONGEST_NAME), command.as_of or on
    if not name:
        raise NameMissing(_("Hãy đặt tên cho phương án, ví dụ “Mức chuẩn 600.000 đồng”."))
    check_changes(command.changes, on=as_of)
    with transaction.atomic():
        scenario = Scenario.objects.create(
            name=name, changes=changes_as_plain(command.changes), note=command.note.strip()[:LONGEST_NOTE], as_of=as_of,
            created_by=acting_user, created_at=now,
        )  # fmt: skip
        fact = ScenarioKept(scenario_id=scenario.pk, changes=len(command.changes), as_of=as_of)
        record(fact, stream=stream_of(scenario), actor_id=acting_user.pk, at=now)
        return scenario


def check_changes(changes: Sequence[Change], *, on: date) -> None:
    """Refuse changes that do not fit to the law on the day each of them begins.

    Raises:
        ChangeRefused: One does not.
        NoValueInForce: The law of the day is not recorded.
    """
    begins = {month_of(on)} | {max(one.applied_from, on) for one in changes if one.applied_from}
    for day in sorted(begins):
        law_with(day, changes)
        tables_with(day, changes)


def compute_scenario(scenario_id: int) -> Effect | None:
    """Reckon a scenario that was kept; done twice, it says the same.

    Returns:
        What it costs; None where it was thrown away meanwhile, or cannot be reckoned: then the row says why.

    Raises:
        WorkedElsewhere: Another worker reckons it.
    """
    with alone(f"scenario:{scenario_id}"):
        scenario = Scenario.objects.filter(pk=scenario_id).first()
        if scenario is None:
            return None
        progress = Progress(scenario, now=moment())
        progress(_("Đọc dữ liệu của mọi người"), 0.02)
        try:
            changes = read_changes(scenario.changes)
            effect = effect_of(register_on(scenario.as_of), changes, progress=progress)
        except (ChangeRefused, NoValueInForce) as refusal:
            Scenario.objects.filter(pk=scenario_id).update(problem=str(refusal), computed_at=moment())
            return None
        return effect if _kept(scenario_id, effect) else None


def _kept(scenario_id: int, effect: Effect) -> bool:
    with transaction.atomic():
        scenario = Scenario.objects.select_for_update().filter(pk=scenario_id).first()
        if scenario is None:
            return False
        now = moment()
        scenario.results, scenario.computed_at, scenario.problem = as_plain(effect), now, ""
        scenario.save(update_fields=["results", "computed_at", "problem"])
        fact = ScenarioComputed(
            scenario_id=scenario.pk, monthly=effect.whole.difference, gained=effect.whole.gained, lost=effect.whole.lost
        )
        record(fact, stream=stream_of(scenario), actor_id=scenario.created_by_id, at=now)
        return True


def remove_scenario(scenario_id: int, *, acting_user: User, now: datetime) -> None:
    """Throw a scenario away; what happened to it stays in the log.

    Raises:
        NotYours: The user does not work at the province's agency.
        ScenarioUnknown: There is none.
    """
    if not policies.drafts_law(acting_user, on=local_day(now)):
        raise NotYours(_("Chỉ cán bộ của sở phụ trách xóa được phương án giả định."))
    with transaction.atomic():
        scenario = Scenario.objects.select_for_update().filter(pk=scenario_id).first()
        if scenario is None:
            raise ScenarioUnknown
        record(ScenarioRemoved(scenario_id=scenario.pk), stream=stream_of(scenario), actor_id=acting_user.pk, at=now)
        scenario.delete()


def stream_of(scenario: Any) -> str:
    """Name the scenario's event stream."""
    return f"scenario:{scenario.pk}"
