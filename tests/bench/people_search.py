"""How long a search of people takes, by what is asked: run ``python -m tests.bench.people_search`` on a loaded database."""

import json
import random
import sys
import time
from collections.abc import Callable
from statistics import quantiles

from lienthong.kernel.text import fold
from lienthong.people.models import Person, PersonName
from lienthong.people.policies import SYSTEM, Reader, visible_people
from lienthong.people.queries import PersonSearch, search_people

LETTERS = "abcdefghiklmnopqrstuvxy"


def questions(rng: random.Random, reader: Reader, *, each: int) -> dict[str, list[PersonSearch]]:
    """Ask for people whom the reader may see, as clerks would and with the errors that are made, ``each`` times a kind."""
    visible = Person.objects.filter(visible_people(reader)).order_by("pk").values_list("pk", flat=True)
    people = list(Person.objects.filter(pk__in=rng.sample(list(visible), each)).select_related("unit").order_by("pk"))
    commonest = PersonName.objects.order_by("-people", "name_key").values_list("name_key", flat=True)[:each]

    def asked(text: Callable[[Person], str], **known: Callable[[Person], object]) -> list[PersonSearch]:
        return [
            PersonSearch(text=text(person), **{name: value(person) for name, value in known.items()})  # type: ignore[arg-type]
            for person in people
        ]

    commune = {"unit_code": lambda person: person.unit.code}
    return {
        "number": asked(lambda person: person.personal_id_number),
        "name as written": asked(lambda person: person.full_name),
        "name without diacritics": asked(lambda person: fold(person.full_name)),
        "one letter wrong": asked(lambda person: misspelt(rng, person.name_key)),
        "two words misspelt": asked(lambda person: misspelt(rng, misspelt(rng, person.name_key))),
        "middle name missing": asked(lambda person: f"{person.name_key.split()[0]} {person.name_key.split()[-1]}"),
        "words in another order": asked(lambda person: " ".join(reversed(person.name_key.split()))),
        "name and birth year": asked(
            lambda person: fold(person.full_name), birth_year=lambda person: person.birth_on.year
        ),
        "name and commune": asked(lambda person: fold(person.full_name), **commune),
        "one letter wrong and commune": asked(lambda person: misspelt(rng, person.name_key), **commune),
        "given name and commune": asked(lambda person: person.name_key.split()[-1], **commune),
        "given name alone": asked(lambda person: person.name_key.split()[-1]),
        "commonest names": [PersonSearch(text=name) for name in commonest],
        "commonest names, one letter wrong": [PersonSearch(text=misspelt(rng, name)) for name in commonest],
        "whole commune": asked(lambda person: "", **commune),
        "names that nobody bears": [PersonSearch(text=name) for name in absent(rng, people, each=each)],
        "nonsense": [PersonSearch(text=nonsense(rng)) for _ in range(each)],
    }


def misspelt(rng: random.Random, name: str) -> str:
    """Make one mistake of the keyboard: a letter wrong, lost, doubled or swapped with the next."""
    places = [place for place in range(1, len(name) - 1) if name[place] != " " and name[place + 1] != " "]
    if not places:
        return name + rng.choice(LETTERS)
    place = rng.choice(places)
    head, letter, tail = name[:place], name[place], name[place + 1 :]
    return rng.choice(
        [
            head + rng.choice(LETTERS) + tail,
            head + tail,
            head + letter + letter + tail,
            head + tail[0] + letter + tail[1:],
        ]
    )


def absent(rng: random.Random, people: list[Person], *, each: int) -> list[str]:
    """Make names out of the words of real ones, in numbers of words that occur, that nobody bears."""
    words = [person.name_key.split() for person in people]
    made = {
        " ".join([rng.choice(words)[0], rng.choice(words)[1], rng.choice(words)[-1], rng.choice(words)[-1]])
        for _ in range(4 * each)
    }
    known = set(PersonName.objects.filter(name_key__in=made).values_list("name_key", flat=True))
    return sorted(made - known)[:each]


def nonsense(rng: random.Random) -> str:
    """Make words that nobody bears."""
    return " ".join("".join(rng.choices(LETTERS, k=rng.randint(2, 6))) for _ in range(3))


def measure(reader: Reader = SYSTEM, *, each: int = 200, seed: int = 1) -> list[dict[str, object]]:
    """Return for every kind of question how many were asked, how many found somebody, and p50, p95 and the most, in ms."""
    rows: list[dict[str, object]] = []
    for kind, searches in questions(random.Random(seed), reader, each=each).items():
        milliseconds, answered = [], 0
        for search in searches:
            begun = time.perf_counter()
            answered += bool(search_people(search, reader))
            milliseconds.append((time.perf_counter() - begun) * 1000)
        cuts = quantiles(milliseconds, n=20)
        rows.append(
            {
                "kind": kind,
                "asked": len(searches),
                "answered": answered,
                "p50_ms": round(cuts[9], 1),
                "p95_ms": round(cuts[18], 1),
                "most_ms": round(max(milliseconds), 1),
            }
        )
    return rows


if __name__ == "__main__":
    import django

    django.setup()
    for line in measure():
        sys.stdout.write(json.dumps(line) + "\n")
