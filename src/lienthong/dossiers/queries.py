"""Questions about dossiers. ``get_*`` loads and authorises at once: not there and not yours look the same."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.accounts.queries import Happening, happenings_of
from lienthong.accounts.states import Role
from lienthong.catalogue.states import Channel
from lienthong.dossiers import policies, routing, statistics
from lienthong.dossiers.deadlines import current_due
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.states import Action, DossierState
from lienthong.infra.events import events_of, sentence_of
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold
from lienthong.rules.allowances import Allowance, Unit
from lienthong.rules.deadlines import due_at
from lienthong.rules.timeliness import TimeLeft, time_left
from lienthong.units import queries as units

DUE_SOON_WORKING_DAYS = 2
LONGEST_SERIAL = 6
ROWS_COUNTED_AT_MOST = 1000


class DossierNotFound(NotFound):
    """There is no such dossier, or this user may not see it."""

    def __str__(self) -> str:
        return "Không tìm thấy hồ sơ. Kiểm tra lại số hồ sơ và mã tra cứu in trên giấy tiếp nhận."


def get_dossier(public_id: UUID, *, user: User, now: datetime) -> Dossier:
    """Load a dossier that this user may see.

    Raises:
        DossierNotFound: It does not exist or is not theirs to see.
    """
    visible = policies.visible_to(user, on=local_day(now))
    dossier = _for_page().filter(visible, public_id=public_id).first()
    if dossier is None:
        raise DossierNotFound
    return dossier


def get_tracked(code: str, secret: str) -> Dossier:
    """Load a dossier for a guest who holds its number and its secret. Tra cứu hồ sơ.

    Raises:
        DossierNotFound: The number is unknown or the secret is not its.
    """
    dossier = _for_page().filter(code=code.strip().upper()).first()
    if dossier is None or not policies.speaks_for_applicant(None, dossier, secret=secret.strip()):
        raise DossierNotFound
    return dossier


def get_tracked_by_id(public_id: UUID, secret: str) -> Dossier:
    """Load a dossier for a guest by the address that the QR code holds, and its secret.

    Raises:
        DossierNotFound: The address is unknown or the secret is not its.
    """
    dossier = _for_page().filter(public_id=public_id).first()
    if dossier is None or not policies.speaks_for_applicant(None, dossier, secret=secret.strip()):
        raise DossierNotFound
    return dossier


def get_draft(draft_id: UUID, *, user: User) -> Dossier:
    """Load a draft that this user is writing in a browser.

    Raises:
        DossierNotFound: There is none, or it is somebody else's, or it was sent already.
    """
    rows = _for_page().filter(public_id=draft_id, state=DossierState.DRAFT, submitted_by=user.pk)
    draft = rows.filter(channel=Channel.ONLINE).first()
    if draft is None:
        raise DossierNotFound
    return draft


def get_desk_draft(draft_id: UUID, *, procedure_code: str, user: User, on: date) -> Dossier:
    """Load a draft that an officer began for a desk, to be continued there by the author or a colleague.

    Raises:
        DossierNotFound: There is none for this procedure, or it is another agency's, or an applicant's own.
    """
    rows = _for_page().filter(policies.keeps_drafts(user, on=on), public_id=draft_id, procedure_code=procedure_code)
    draft = rows.exclude(channel=Channel.ONLINE).first()
    if draft is None:
        raise DossierNotFound
    return draft


def drafts_of(user: User) -> QuerySet[Dossier]:
    """Return the requests that somebody is still writing in a browser, last touched first. Hồ sơ đang soạn."""
    drafts = Dossier.objects.filter(submitted_by=user.pk, state=DossierState.DRAFT, channel=Channel.ONLINE)
    return drafts.select_related("version__procedure").order_by("-updated_at", "-id")


def own_dossiers(user: User) -> QuerySet[Dossier]:
    """Return the dossiers that an applicant has sent or handed in, newest first. Hồ sơ của tôi."""
    sent = Dossier.objects.filter(policies.own(user)).exclude(state=DossierState.DRAFT)
    return sent.select_related("version", "agency", "receiving_agency").order_by("-id")


def actions_for(dossier: Dossier, *, user: User | None, now: datetime, secret: str = "") -> list[Action]:
    """Return what this user may do to the dossier now."""
    actions = policies.possible_actions(
        user, dossier, on=local_day(now), decides_now=routing.decides_now(dossier), secret=secret
    )
    if Action.RATE in actions and Rating.objects.filter(dossier=dossier).exists():
        actions.remove(Action.RATE)
    return actions


def time_left_of(dossier: Dossier, *, now: datetime) -> TimeLeft | None:
    """Return how long the dossier still has; None while the clock stands or has stopped."""
    if dossier.current_due_at is None or dossier.calendar_id is None or dossier.finished_at is not None:
        return None
    return time_left(now, dossier.current_due_at, units.calendar_version(dossier.calendar_id))


def timeline(dossier: Dossier) -> list[Happening]:
    """Return what happened to the dossier, newest first, with who did it. Diễn biến hồ sơ."""
    return happenings_of(dossier.stream)[::-1]


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One state of the promise: when it was set, to what, and why. ``due_at`` None while the clock stands."""

    at: datetime
    due_at: datetime | None
    why: str
    trace: tuple[str, ...] = ()


def deadline_history(dossier: Dossier) -> list[DeadlineLine]:
    """Return every state of the time limit, oldest first; the first is the promise on the receipt. Lịch sử hạn trả."""
    lines = []
    for row in events_of(dossier.stream):
        due = row.payload.get("promised_due_at") or row.payload.get("current_due_at")
        if row.name == "SupplementRequested":
            lines.append(DeadlineLine(row.at, None, sentence_of(row)))
        elif due:
            trace = tuple(row.payload.get("trace", ()))
            lines.append(DeadlineLine(row.at, datetime.fromisoformat(due), sentence_of(row), trace))
    return lines


def remaining_allowance(dossier: Dossier) -> str:
    """Return in words what is left of the time limit while the clock stands."""
    due = current_due(dossier)
    return due.remaining.in_words if due.remaining else ""


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """What waits for an officer, as seven figures that each open a list."""

    in_hand: int
    queue: int
    due_soon: int
    overdue: int
    online: int
    to_return: int
    awaiting_supplement: int
    drafts: int


def work_lists(user: User, *, now: datetime) -> dict[str, QuerySet[Dossier]]:
    """Return the lists of an officer's day by name: each the exact records behind the figure of the same name.

    Việc của tôi. Lists are ordered by what is due first and then by id, so that their order is stable.
    """
    today = local_day(now)
    soon = due_soon_until(now)
    does_step, at_desk = Q(pk__in=[]), Q(pk__in=[])
    for mandate in user.mandates_on(today):
        fields = Q(field_code__in=mandate.fields) if mandate.fields else Q()
        if mandate.role in policies.CASE_ROLES - {Role.AUDITOR}:
            does_step |= Q(agency=mandate.agency_id, step_role=mandate.role) & fields
        if mandate.role in policies.DESK_ROLES:
            at_desk |= Q(receiving_agency=mandate.agency_id) & fields
    running = Dossier.objects.filter(state__in=[DossierState.RECEIVED, DossierState.IN_PROGRESS])
    mine = running.filter(does_step).filter(Q(holder=None) | Q(holder=user.pk))
    desk = Dossier.objects.filter(at_desk)
    lists = {
        "in_hand": running.filter(holder=user.pk),
        "queue": running.filter(does_step, holder=None),
        "due_soon": mine.filter(current_due_at__gte=now, current_due_at__lte=soon),
        "overdue": mine.filter(current_due_at__lt=now),
        "online": desk.filter(state=DossierState.SUBMITTED),
        "to_return": desk.filter(state=DossierState.DECIDED),
        "awaiting_supplement": desk.filter(state__in=[DossierState.AWAITING_SUPPLEMENT, DossierState.INCOMPLETE]),
        "drafts": desk.filter(state=DossierState.DRAFT).exclude(channel=Channel.ONLINE),
    }
    return {name: _for_list(rows) for name, rows in lists.items()}


def work_counts(user: User, *, now: datetime) -> WorkCounts:
    """Count the lists of an officer's day in one query each."""
    return WorkCounts(**{name: rows.order_by().count() for name, rows in work_lists(user, now=now).items()})


def waiting_counts(user: User, *, now: datetime) -> tuple[int, int]:
    """Count what waits for an officer in the steps of theirs, and at their desk. For the navigation of every page."""
    lists = work_lists(user, now=now)
    mine = lists["in_hand"].order_by() | lists["queue"].order_by()
    desk = lists["online"].order_by() | lists["to_return"].order_by()
    return mine.count(), desk.count()


def due_soon_until(now: datetime) -> datetime:
    """Return the moment up to which a due dossier counts as due soon: two working days on."""
    _, calendar = units.work_calendar(None)
    allowance = Allowance(amount=DUE_SOON_WORKING_DAYS, unit=Unit.WORKING_DAY)
    return due_at(start=now, allowance=allowance, calendar=calendar).due_at or now


def visible_dossiers(user: User, *, now: datetime) -> QuerySet[Dossier]:
    """Return every dossier that this user may see, newest first."""
    return Dossier.objects.filter(policies.visible_to(user, on=local_day(now))).select_related(
        "version", "agency", "holder", "receiving_agency"
    ).order_by("-id")  # fmt: skip


def awaiting_decision(user: User, *, now: datetime) -> QuerySet[Dossier]:
    """Return the dossiers that wait for this user's decision, what is due first first. Hồ sơ chờ phê duyệt."""
    today = local_day(now)
    mine = Q(pk__in=[])
    for mandate in user.mandates_on(today):
        if mandate.role in policies.HEAD_ROLES - policies.DESK_ROLES:
            fields = Q(field_code__in=mandate.fields) if mandate.fields else Q()
            mine |= Q(agency=mandate.agency_id, step_role=mandate.role) & fields
    return _for_list(
        Dossier.objects.filter(mine, state=DossierState.IN_PROGRESS).filter(Q(holder=None) | Q(holder=user.pk))
    )


def behind_figure(name: str, *, first: date, until: date, user: User, now: datetime) -> QuerySet[Dossier]:
    """Return exactly the dossiers that a figure of a user's unit counts, newest first, so that every figure opens.

    Args:
        name: A name of ``statistics.FIGURE_NAMES``.
        first: First day of the period.
        until: Day after its last day.
        user: Whose figures they are.
        now: The moment of the question.
    """
    counted = policies.passed_through(policies.counted_by(user, on=local_day(now)))
    behind = statistics.records_behind(name, first=first, until=until, now=now)
    return visible_dossiers(user, now=now).filter(counted).filter(behind)


def search_dossiers(user: User, text: str, *, now: datetime, limit: int = 50) -> list[Dossier]:
    """Find dossiers by number, by the applicant's number, or by the beginning of the applicant's name.

    Tìm hồ sơ. Diacritics and capitals do not matter in a name.
    """
    text = text.strip()
    if not text:
        return []
    rows = visible_dossiers(user, now=now)
    if text.isdigit():
        by_number = Q(applicant_number=text)
        # Digits as long as a person's are no end of a dossier's number, for which a year would be read through.
        if len(text) <= LONGEST_SERIAL:
            by_number |= Q(code__endswith=f"-{text}", received_at__gte=_days_ago(now, 370))
        found = rows.filter(by_number)
    elif any(letter.isdigit() for letter in text):
        found = rows.filter(code__startswith=text.upper())
    else:
        found = rows.filter(applicant_key__startswith=fold(text))
    return list(found[:limit])


def filter_counts(rows: QuerySet[Dossier], column: str) -> list[tuple[str, int]]:
    """Return the values of a column with how many rows each has, most first; for filters that show counts."""
    counted = rows.order_by().values(column).annotate(rows=Count("pk")).order_by("-rows", column)
    return [(row[column], row["rows"]) for row in counted]


def _for_page() -> QuerySet[Dossier]:
    return Dossier.objects.select_related(
        "version__procedure__field", "person", "organization", "agency", "receiving_agency", "holder", "unit"
    ).order_by("pk")


def _for_list(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    return rows.select_related("version", "agency", "holder").order_by(F("current_due_at").asc(nulls_last=True), "pk")


def _days_ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
