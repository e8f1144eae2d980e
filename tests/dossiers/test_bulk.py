"""Loading whole histories: chain and rows stay sound, numbers go on, and nothing is half done.

That what was loaded equals what the verbs write is asked of every course of a dossier in tests/ops/demo/test_life.py.
"""

import dataclasses
import re
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.dossiers import events as facts
from lienthong.dossiers import integrity
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier, DossierCounter, Rating, SubmittedItem
from lienthong.dossiers.services.bulk import Story, Told, lines_of, load_lines, load_stories, take_dossier_ids
from lienthong.dossiers.states import ReturnWay, Satisfaction
from lienthong.infra.events import broken_links
from lienthong.infra.models import Event
from tests.world import COMMUNE, World, target


def finished(world: World) -> Dossier:
    """Return a dossier that the verbs led through its whole life."""
    dossier = world.approve(world.receive())
    handing = dossiers.ReturnResult(target=target(dossier), way=ReturnWay.COUNTER, recipient="Hoàng Văn Ẩn")
    dossier = dossiers.return_result(handing, acting_user=world.officer("receiver"), now=world.now)
    rating = dossiers.RateDossier(target=target(dossier), level=Satisfaction.SATISFIED, secret=dossier.secret)
    return dossiers.rate(rating, acting_user=None, now=world.now)


def retold(dossier: Dossier, *, code: str = "H55.X-261116-0001") -> Story:
    """Return the story of a dossier as its log tells it, under another number."""
    told = []
    for event in Event.objects.filter(stream=dossier.stream).order_by("sequence"):
        cls = getattr(facts, event.name)
        known = {field.name: event.payload[field.name] for field in dataclasses.fields(cls)}
        fact = cls(**({**known, "code": code} if "code" in known else known))
        told.append(Told(fact, event.actor_id, event.at))
    written = {
        field.attname: getattr(dossier, field.attname)
        for field in Dossier._meta.concrete_fields
        if field.attname in WRITTEN
    }
    items = [SubmittedItem(**{name: getattr(item, name) for name in ITEM}) for item in dossier.items.order_by("number")]
    rating = Rating.objects.get(dossier=dossier)
    return Story(
        Dossier(**written, secret=dossier.secret),
        told,
        items,
        Rating(level=rating.level, trips=rating.trips, comment=rating.comment, rated_at=rating.rated_at),
    )


WRITTEN = {
    "version_id", "procedure_code", "field_code", "channel", "person_id", "organization_id", "submitted_by_id",
    "applicant_name", "applicant_key", "applicant_number", "applicant_phone", "applicant_email", "applicant_address",
    "representative_name", "summary", "answers", "return_way", "return_address", "unit_id", "created_at", "updated_at",
    "receiving_agency_id",
}  # fmt: skip
ITEM = (
    "number",
    "name",
    "originals",
    "certified_copies",
    "copies",
    "is_given",
    "is_not_applicable",
    "mark",
    "comment",
    "is_open",
)


def test_the_doctor_finds_nothing_in_what_was_loaded(world: World) -> None:
    load_stories([retold(finished(world))])

    assert list(integrity.rows_that_differ_from_their_events()) == []
    assert list(integrity.gaps_in_numbers()) == []
    assert list(broken_links(Event.objects.order_by("stream", "sequence"))) == []


def test_lines_made_elsewhere_are_written_with_every_index_back_in_place(world: World) -> None:
    before = indexes()
    first = take_dossier_ids(2)
    original = finished(world)
    one, two = retold(original), retold(original, code="H55.X-261116-0002")

    blocks = [lines_of([one], first_id=first), lines_of([two], first_id=first + 1)]
    assert load_lines(blocks) == 2

    assert indexes() == before
    assert list(integrity.rows_that_differ_from_their_events()) == []
    assert Dossier.objects.filter(pk__in=[first, first + 1]).count() == 2


def test_what_breaks_a_constraint_is_not_loaded_at_all(world: World) -> None:
    before, original = indexes(), finished(world)
    first = take_dossier_ids(2)
    doubled = [retold(original), retold(original)]

    with pytest.raises(IntegrityError), transaction.atomic():
        load_lines([lines_of(doubled, first_id=first)])

    assert indexes() == before
    assert not Dossier.objects.filter(pk__gte=first).exists()


def test_the_next_number_follows_the_loaded_ones(world: World) -> None:
    original = finished(world)
    load_stories([retold(original, code=f"{COMMUNE}-261116-0007")])

    assert DossierCounter.objects.get(prefix=COMMUNE, day=date(2026, 11, 16)).last == 7
    assert world.receive().code == f"{COMMUNE}-261116-0008"


def test_texts_with_marks_of_their_own_survive_the_copy(world: World) -> None:
    story = retold(finished(world))
    story.dossier.applicant_name = 'Tab\there, "quotes", back\\slash, \\N and 🐘'
    story.dossier.answers = {"note": 'line\nbreak \\ "x"'}

    load_stories([story])

    loaded = Dossier.objects.get(pk=story.dossier.pk)
    assert loaded.applicant_name == story.dossier.applicant_name
    assert loaded.answers == {"note": 'line\nbreak \\ "x"'}


def indexes() -> set[tuple[str, str]]:
    """Return every index and constraint; PostgreSQL writes the casts of a condition anew each time it reads it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s)",
            [TABLES, TABLES],
        )
        return {(name, re.sub(r"::[a-z ]+(\[\])?|[()]", "", definition)) for name, definition in cursor.fetchall()}


TABLES = ["dossiers_dossier", "dossiers_submitteditem", "dossiers_rating", "infra_event"]
