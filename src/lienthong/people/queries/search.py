"""Search of people: by number, by name with or without diacritics, by commune, tolerant of small errors.

A name is looked for in steps, each only when it is needed: people of that very name; then names of the dictionary that
are near it, and their people; at last names that merely look alike. The dictionary holds each name once, so that the
tolerant steps do not touch the many people who cannot be meant.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Lower

from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.people.models import IdentityNumber, Person, PersonName
from lienthong.people.name_matching import WHOLE_NAME, Nearness, TypedName
from lienthong.people.policies import Reader, visible_people
from lienthong.people.states import BirthPrecision
from lienthong.units.models import AdministrativeUnit

_MOST_RESULTS = 100
_NAMES_AT_MOST = 500
_NAMES_READ = 60
_HOLDERS_AT_MOST = 5_000
_FEW_COMMUNES = 25
_PEOPLE_OF_A_COMMUNE_AT_MOST = 300
_SHORT_NAME = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSearch:
    """What somebody knows of the person they look for.

    Attributes:
        text: A number, a name or a part of one; empty to list the people of a commune.
        birth_year: Year of birth, where the day is not known.
        birth_on: Day of birth; people of whom only the month or year is known are found by that.
        unit_code: Code of the commune.
        limit: How many people at most.
    """

    text: str
    birth_year: int | None = None
    birth_on: date | None = None
    unit_code: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class PersonHit:
    """One person found, and how near what was typed. ``number`` is the one that was found, also when no longer valid."""

    person: Person
    nearness: Nearness
    number: str = ""


def search_people(search: PersonSearch, reader: Reader) -> list[PersonHit]:
    """Return the people who may be meant and whom ``reader`` may see, nearest first.

    Tìm người. Never more than 100.
    """
    limit = max(1, min(search.limit, _MOST_RESULTS))
    people = _people_born(search).filter(visible_people(reader)).select_related("unit")
    communes = None
    if search.unit_code is not None:
        communes = _rows_in_time({search.unit_code})
        people = people.filter(unit__in=communes)
    if any(character.isdigit() for character in search.text):
        return _by_number(search.text, people, limit)
    typed = TypedName(search.text)
    if not typed.words:
        return _whole_commune(people, communes or [], limit)
    if communes is None and reader.unit_codes:
        communes = _rows_in_time(reader.unit_codes)
        if len(communes) <= _FEW_COMMUNES:
            people = people.filter(Q(unit__in=communes) | Q(unit=None))
    if communes is None or len(communes) > _FEW_COMMUNES:
        return _by_name(typed, people, limit)
    return _by_name_in_communes(typed, people, limit)


def _rows_in_time(codes: Collection[str]) -> list[int]:
    """Give the ids of the communes that ever had these codes."""
    return list(AdministrativeUnit.objects.filter(code__in=codes).values_list("pk", flat=True))


def _people_born(search: PersonSearch) -> QuerySet[Person]:
    people = Person.objects.all()
    if search.birth_on is not None:
        return people.filter(_may_be_born_on(search.birth_on))
    if search.birth_year is None:
        return people
    if not date.min.year <= search.birth_year <= date.max.year:
        return people.none()
    return people.filter(birth_on__range=(date(search.birth_year, 1, 1), date(search.birth_year, 12, 31)))


def _may_be_born_on(day: date) -> Q:
    """Give the condition that a person may be born on a day; what is partly known is kept as its first day."""
    return (
        Q(birth_precision=BirthPrecision.DAY, birth_on=day)
        | Q(birth_precision=BirthPrecision.MONTH, birth_on=day.replace(day=1))
        | Q(birth_precision=BirthPrecision.YEAR, birth_on=day.replace(month=1, day=1))
    )


def _by_number(text: str, people: QuerySet[Person], limit: int) -> list[PersonHit]:
    held = IdentityNumber.objects.filter(number__in=_numbers_meant(text))
    numbers: dict[int, str] = {}
    for person_id, number in held.order_by(F("valid_until").desc(nulls_first=True), "pk").values_list(
        "person_id", "number"
    )[:_MOST_RESULTS]:
        numbers.setdefault(person_id, number)
    found = people.in_bulk(list(numbers))
    hits = [PersonHit(found[pk], Nearness.SAME_NUMBER, number) for pk, number in numbers.items() if pk in found]
    return hits[:limit]


def _numbers_meant(text: str) -> list[str]:
    """Give the number as it is kept, and the one that a spreadsheet may have shortened."""
    meant = ["".join(text.split()).upper()]
    try:
        meant.append(read_personal_id(text).number)
    except UnreadablePersonalId as unreadable:
        if unreadable.suggestion:
            meant.append(unreadable.suggestion)
    return meant


def _whole_commune(people: QuerySet[Person], unit_ids: Iterable[int], limit: int) -> list[PersonHit]:
    """List a commune in the order of names, which its index holds for each of its rows in time."""
    listed = [
        person
        for unit_id in unit_ids
        for person in people.filter(unit_id=unit_id).order_by("sort_key", "birth_on", "pk")[:limit]
    ]
    listed.sort(key=lambda person: person.sort_key)
    return [PersonHit(person, Nearness.SAME_LETTERS) for person in listed[:limit]]


def _by_name(typed: TypedName, people: QuerySet[Person], limit: int) -> list[PersonHit]:
    found = _of_that_name(typed, people, limit)
    if len(found) < limit:
        found += _holders(_near_names(typed), people, limit - len(found))
    if len(typed.words) < WHOLE_NAME and len(found) < limit:
        known = {person.pk for person in found}
        longer = _holders(_longer_names(typed), people, limit)
        found += [person for person in longer if person.pk not in known]
    if not found:
        found = _holders(_similar_names(typed), people, limit)
    return _hits(typed, found, limit)


def _by_name_in_communes(typed: TypedName, people: QuerySet[Person], limit: int) -> list[PersonHit]:
    """Look among the people of a few communes themselves: they are few, and every name of theirs counts."""
    found = _of_that_name(typed, people, limit)
    if len(found) < limit:
        found += _some(people.filter(name_key__in=list(typed.neighbours)))
    if not found or (len(typed.words) < WHOLE_NAME and len(found) < limit):
        known = {person.pk for person in found}
        found += [person for person in _some(people.filter(_has_a_word_more(typed))) if person.pk not in known]
    if not found:
        found = _holders(_similar_names(typed), people, limit)
    return _hits(typed, found, limit)


def _some(people: QuerySet[Person]) -> list[Person]:
    return list(people.order_by("sort_key", "birth_on", "pk")[:_PEOPLE_OF_A_COMMUNE_AT_MOST])


def _hits(typed: TypedName, people: Iterable[Person], limit: int) -> list[PersonHit]:
    hits = [
        PersonHit(person, typed.nearness(name_key=person.name_key, full_name=person.full_name)) for person in people
    ]
    hits.sort(key=lambda hit: hit.nearness)
    return hits[:limit]


def _of_that_name(typed: TypedName, people: QuerySet[Person], limit: int) -> list[Person]:
    same_spelling = Case(When(small__in=typed.spellings, then=0), default=1, output_field=IntegerField())
    named = people.filter(name_key=typed.key).annotate(small=Lower("full_name"))
    return list(named.order_by(same_spelling, "birth_on", "pk")[:limit])


def _holders(names: Sequence[str], people: QuerySet[Person], limit: int) -> list[Person]:
    """Return people of these names, in the order of the names; of each name only so many as are asked for."""
    if not names:
        return []
    of_one_name = people.filter(name_key=OuterRef("name_key")).order_by("birth_on", "pk").values("pk")[:limit]
    ids = dict(
        PersonName.objects.filter(name_key__in=names)
        .annotate(ids=ArraySubquery(of_one_name))
        .values_list("name_key", "ids")
    )
    wanted = [person_id for name in names for person_id in ids.get(name) or ()][:limit]
    found = people.in_bulk(wanted)
    return [found[person_id] for person_id in wanted if person_id in found]


def _near_names(typed: TypedName) -> list[str]:
    neighbours = typed.neighbours
    names = list(PersonName.objects.filter(name_key__in=list(neighbours))[:_NAMES_AT_MOST])
    names.sort(key=lambda name: (neighbours[name.name_key], -name.people, name.name_key))
    return _few_enough(names)


def _longer_names(typed: TypedName) -> list[str]:
    names = list(PersonName.objects.filter(_has_a_word_more(typed))[:_NAMES_AT_MOST])
    names.sort(key=lambda name: (name.name_key.count(" "), -name.people, name.name_key))
    return _few_enough(names)


def _has_a_word_more(typed: TypedName) -> Q:
    """Give the condition that a name has the typed words in order, and more at one place."""
    fits = Q()
    for before, after in typed.gaps:
        fits |= Q(name_key__startswith=before, name_key__endswith=after)
    return fits & ~Q(name_key=typed.key)


def _similar_names(typed: TypedName) -> list[str]:
    if len(typed.words) == 1:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        # The index is quick only with a high threshold; the default of 0.3 would compare half the dictionary. In a short
        # name one wrong word weighs more, and few names share its letters.
        threshold = "0.5" if len(typed.key) < _SHORT_NAME else "0.6"
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [threshold])
        alike = PersonName.objects.filter(name_key__trigram_similar=typed.key)
        nearest = alike.order_by(TrigramSimilarity("name_key", typed.key).desc(), "-people", "name_key")
        names = list(nearest[:_NAMES_READ])
    names.sort(key=lambda name: typed.nearness(name_key=name.name_key, full_name=""))
    return _few_enough(names)


def _few_enough(names: Iterable[PersonName]) -> list[str]:
    """Keep the first names, at least one, that have together no more holders than can be looked through."""
    kept: list[str] = []
    holders = 0
    for name in names:
        holders += name.people
        if kept and (holders > _HOLDERS_AT_MOST or len(kept) == _NAMES_READ):
            break
        kept.append(name.name_key)
    return kept
