"""How the demo province verified its register: a population copy, batch after batch, what people decided, how quality grew."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

import polars as pl

from lienthong.infra.working import told_moment
from lienthong.kernel.days import local_moment
from lienthong.ops.demo.registers import decisions, reviewing
from lienthong.ops.demo.registers.files import Files, Wanted
from lienthong.ops.demo.registers.house import people_of_the_province
from lienthong.ops.demo.staff import Staff
from lienthong.verification import services, store
from lienthong.verification.models import Batch
from lienthong.verification.services.quality import count_quality, freeze_quality

REGISTER = "Người hưởng trợ giúp xã hội, hộ nghèo, hộ cận nghèo (dữ liệu minh họa)"
PROVINCE_OFFICER, PROVINCE_HEAD, PROVINCE_LEADER = "demo.chuyenvien", "demo.truongphong", "demo.lanhdao"
MORNING = time(9)
# The communes of the first batches are those of now.
FIRST_DAY = date(2025, 8, 1)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One batch: how many months ago it was made, and how tidy the register was then."""

    months_ago: int
    tier: str


CHAPTERS = (Chapter(3, "hard"), Chapter(0, "medium"))
CHAPTERS_OF_A_LARGE_PROVINCE = (Chapter(0, "medium"),)


class RegisterStory:
    """Tells it through the services, as officers would have done it.

    Args:
        staff: Officers of the demo.
        wanted: How many records.
        seed: The same seed gives the same story.
        today: The day that is today.
    """

    def __init__(self, staff: Staff, *, wanted: Wanted, seed: int, today: date) -> None:
        self._staff, self._wanted, self._seed, self._today = staff, wanted, seed, today
        self._luck = Random(f"{seed} verification")
        self._officer = staff.user(PROVINCE_OFFICER)

    def tell(self, chapters: Sequence[Chapter] = CHAPTERS) -> None:
        """Load the population before each batch, run the batches, decide, and keep the figures of every month."""
        files = Files(people_of_the_province(seed=self._seed), wanted=self._wanted, seed=self._seed)
        last = _working_day_before(self._today)
        days = [max(_months_before(last, chapter.months_ago), FIRST_DAY) for chapter in chapters]
        batch = None
        for day, chapter, until in zip(days, chapters, [*days[1:], last], strict=True):
            # Data of more than three months ago say of nobody that they live: each batch is run against its own copy.
            people = files.population if day == days[-1] else files.population_before
            self._load(people, day - timedelta(days=3))
            first, batch = batch is None, self._run(files.register(chapter.tier), day)
            if first and len(chapters) > 1:
                self._come_to_trust(batch, _morning(day))
            for month_end in _month_ends(day, until):
                self._work(batch, month_end)
                freeze_quality(now=_morning(month_end + timedelta(days=1)))
        assert batch is not None, "a story has chapters"
        self._work(batch, last)
        reviewing.draw_open_sample(batch, self._officer, luck=self._luck, now=_morning(last) + timedelta(hours=5))
        reviewing.seek(_morning(last) + timedelta(hours=6))

    def _come_to_trust(self, batch: Batch, now: datetime) -> None:
        """Judge a sample of the first batch and choose the threshold on it."""
        head, leader = self._staff.user(PROVINCE_HEAD), self._staff.user(PROVINCE_LEADER)
        reviewing.judge_sample(batch, (self._officer, head), luck=self._luck, now=now)
        reviewing.choose_by_two(batch, self._officer, leader, now=now + timedelta(hours=3))

    def _work(self, batch: Batch, day: date) -> None:
        """Decide some cases and count what the register is worth then."""
        now = _morning(day) + timedelta(hours=4)
        decisions.decide_some(batch, self._staff, luck=self._luck, on=day, now=now)
        count_quality(now=now)

    def _load(self, population: pl.DataFrame, as_of: date) -> None:
        now = _morning(as_of + timedelta(days=1))
        command = services.LoadCopy(file=_taken_in(population), file_name="dan-cu-minh-hoa.parquet", as_of=as_of)
        copy = services.load_population_copy(command, acting_user=self._officer, now=now)
        with told_moment(now):
            services.prepare_population_copy(copy.pk)

    def _run(self, register: pl.DataFrame, day: date) -> Batch:
        now = _morning(day)
        command = services.CreateBatch(
            register_name=REGISTER, file=_taken_in(register), file_name=f"danh-sach-{day:%Y-%m}.parquet",
            client_key=UUID(int=self._luck.getrandbits(128)),
        )  # fmt: skip
        batch = services.create_batch(command, acting_user=self._officer, now=now)
        with told_moment(now):
            services.read_batch(batch.pk)
            batch.refresh_from_db()
            confirm = services.ConfirmColumns(batch_id=batch.pk, mapping=batch.reading["mapping"])
            services.confirm_columns(confirm, acting_user=self._officer, now=now)
            services.check_batch(batch.pk)
            services.start_batch(services.RunBatch(batch_id=batch.pk), acting_user=self._officer, now=now)
            services.run_batch(batch.pk)
        batch.refresh_from_db()
        return batch


def _taken_in(frame: pl.DataFrame) -> store.Arrived:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    buffer.seek(0)
    return store.take_in(buffer, name="dữ liệu minh họa")


def _morning(day: date) -> datetime:
    return local_moment(day, MORNING)


def _working_day_before(day: date) -> date:
    """Return the last weekday before a day: what is invented has happened before the day begins."""
    before = day - timedelta(days=1)
    while before.weekday() >= 5:
        before -= timedelta(days=1)
    return before


def _months_before(day: date, months: int) -> date:
    """Return the tenth of an earlier month, or the day itself."""
    if not months:
        return day
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 10)


def _month_ends(first: date, until: date) -> Iterator[date]:
    """Yield the last day of each month that ends after a day and before another."""
    day = first
    while True:
        next_month = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if next_month > until:
            return
        yield next_month - timedelta(days=1)
        day = next_month
