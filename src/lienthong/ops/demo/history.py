"""Telling what happened: one story after another for a small province, in several processes at once for a large one."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from os import cpu_count
from random import Random
from typing import Any

from django.db import connection, connections, transaction

from lienthong.accounts.models import User
from lienthong.dossiers import handlers
from lienthong.dossiers.events import DossierApproved
from lienthong.dossiers.services.bulk import Lines, Story, lines_of, load_lines, load_stories, take_dossier_ids
from lienthong.ops.console import Note
from lienthong.ops.demo.course import Course, Ending, Mood, draw_plan
from lienthong.ops.demo.life import Life
from lienthong.ops.demo.staff import Staff
from lienthong.ops.demo.wishes import Wishes, row_of, sent_before

CHUNK = 5_000
AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Dossiers to invent with everything that their stories need.

    Attributes:
        name: What it is called; each name has chances of its own.
        wishes: What is asked for.
        staff: Who works.
        mood: How things go.
        lately: How they go for what was received in the last weeks; None where they go as ever.
        lately_since: The working minute from which on it was received.
        until: Nothing happens at or after it.
        seed: The same seed tells the same.
    """

    name: str
    wishes: Wishes
    staff: Staff
    mood: Mood
    until: datetime
    seed: int
    lately: Mood | None = None
    lately_since: int = 0

    def stories(self, places: Sequence[int]) -> Iterator[Story]:
        """Tell the stories at some places of the list; each place is a chance of its own."""
        for place in places:
            yield self._story(place, self.luck(place))

    def luck(self, place: int) -> Random:
        """Return where chance comes from for one story."""
        return Random(f"{self.seed}/{self.name}/{place}")

    def _story(self, place: int, luck: Random) -> Story:
        wish, law, hours = self.wishes.wish(place), self.wishes.law, self.wishes.hours
        received = hours.moment(wish.received)
        sent_at = sent_before(received, luck) if wish.is_online else None
        life = Life(law, wish.version, row_of(wish, luck=luck, created_at=sent_at or received), code=wish.code)
        mood = self.lately if self.lately and wish.received >= self.lately_since else self.mood
        plan = draw_plan(luck, mood)
        if wish.is_refused_at_intake:
            plan = replace(plan, ending=Ending.REFUSED_AT_INTAKE)
        course = Course(life, hours=hours, law=law, staff=self.staff, luck=luck, until=self.until, claimed=mood.claimed)
        course.run(plan, received=wish.received, sent_at=sent_at)
        return life.story()


def load(history: History) -> None:
    """Write a history, and let the programmes carry out what was approved."""
    stories = list(history.stories(range(len(history.wishes))))
    load_stories(stories)
    for story in stories:
        _carry_out(story)


def load_sent(history: History) -> None:
    """Write requests that were sent online in the evening before the present and that no desk has answered yet."""
    stories = []
    for place in range(len(history.wishes)):
        luck = history.luck(place)
        wish, sent_at = history.wishes.wish(place), history.until - timedelta(minutes=luck.randint(70, 330))
        life = Life(history.wishes.law, wish.version, row_of(wish, luck=luck, created_at=sent_at), code="")
        life.submit(at=sent_at)
        stories.append(life.story())
    load_stories(stories)


def load_large(history: History, *, say: Note) -> None:
    """Write a history of very many dossiers: told by as many processes as there are processors, written by one.

    Its procedures are none in which a programme takes part.
    """
    count = len(history.wishes)
    history.wishes.learn(until=history.until)
    first_id = take_dossier_ids(count)
    connections.close_all()  # a forked process must open its own
    _Worker.history, _Worker.first_id = history, first_id
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("fork")) as pool:
        starts = iter(range(0, count, CHUNK))
        # The first orders fork the processes, before this one opens a connection again.
        ordered = [pool.submit(_tell_chunk, start) for start in islice(starts, AHEAD * (cpu_count() or 1))]
        load_lines(_in_order(pool, ordered, starts, count, say))


class _Worker:
    """What a forked process finds there."""

    history: History
    first_id: int


def _in_order(
    pool: ProcessPoolExecutor, ordered: list[Future[Lines]], starts: Iterator[int], count: int, say: Note
) -> Iterator[Lines]:
    """Yield the lines of one chunk after the other, never many more in memory than can be written soon."""
    done = 0
    while ordered:
        lines = ordered.pop(0).result()
        if (start := next(starts, None)) is not None:
            ordered.append(pool.submit(_tell_chunk, start))
        yield lines
        done += len(lines.dossiers)
        if done % (20 * CHUNK) == 0 or done == count:
            say(f"{done} hồ sơ")


def _tell_chunk(start: int) -> Lines:
    history = _Worker.history
    places = range(start, min(start + CHUNK, len(history.wishes)))
    with connection.execute_wrapper(_refuse):
        return lines_of(list(history.stories(places)), first_id=_Worker.first_id + start)


def _refuse(*_: Any) -> None:
    """Fail rather than wait for ever: whoever writes holds the tables that a question would be about."""
    raise RuntimeError("a story asked the database; it must have been learnt before")


def _carry_out(story: Story) -> None:
    """Let a programme do what follows from an approval, as the service of approval does."""
    handler = handlers.registered().get(story.dossier.procedure_code)
    if handler is None:
        return
    for told in story.told:
        if isinstance(told.fact, DossierApproved) and told.actor_id is not None:
            with transaction.atomic():
                handler.apply(story.dossier, acting_user=User.objects.get(pk=told.actor_id), now=told.at)
