"""How long a search among 1.3 million people takes, by what is asked, beside fetching twenty rows by their keys."""

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connections

from lienthong.infra import statements
from lienthong.kernel.text import fold
from lienthong.ops.bench import desk, machine, scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure, Report, percentile
from lienthong.ops.demo.population import load_population
from lienthong.people.models import Person, PersonName
from lienthong.people.policies import SYSTEM
from lienthong.people.queries import PersonSearch, search_people
from lienthong.units import services as units

PEOPLE, PEOPLE_QUICK = 1_300_000, 5_000
EACH, EACH_QUICK = 200, 15
SEED = 1
TARGET_MS = 50.0
PAGE = 20
LETTERS = "abcdefghiklmnopqrstuvxy"

FLOOR = (
    f"{PAGE} người lấy theo khóa chính bằng một câu lệnh đã lập kế hoạch sẵn, cùng kết nối, cùng lần đo: "
    "không tìm gì cả, chỉ đọc các dòng"
)


def measure(order: Order) -> Report:
    """Measure every kind of question a clerk asks, one after the other on one connection."""
    count, each = (PEOPLE_QUICK, EACH_QUICK) if order.is_quick else (PEOPLE, EACH)
    order.say(f"Dân cư để tìm: {count} người")
    url = scratch.prepared(
        order.server_url, "people", {"people": count, "seed": SEED},
        build=partial(fill, count), fresh=order.is_fresh, say=order.say,
    )  # fmt: skip
    scratch.point_django_at(url)
    facts = machine.facts()
    rng = random.Random(SEED)
    people = _drawn(rng, each)
    floor = _milliseconds([partial(_rows_by_key, rng) for _ in range(each)], warm_up=20)
    beside = percentile(floor, 0.95)
    measures = []
    for kind, searches in _questions(rng, people, each=each).items():
        order.say(f"{kind}: {len(searches)} lần")
        found: list[bool] = []
        times = _milliseconds([partial(_ask, search, found) for search in searches], warm_up=3)
        measures.append(_summed(kind, times, beside, answered=sum(found[-len(times) :])))
    connections.close_all()
    worst = max(measures, key=lambda one: one.ours)
    return Report(
        name="people",
        floor=FLOOR,
        meaning=(
            f"Chậm nhất là “{worst.what}”: 95 % câu hỏi xong trong {worst.ours:.0f} ms. Người ở quầy gõ tên không dấu, "
            "gõ sai một chữ hay chỉ nhớ họ và tên đều thấy kết quả ngay."
        ),
        measures=measures,
        machine={**facts, "people": count},
        is_quick=order.is_quick,
    )


def fill(count: int) -> None:
    """Fill an empty database with places and as many people."""
    units.load_places(now=desk.NOW)
    load_population(count, today=desk.TODAY, seed=SEED, now=desk.NOW)


def _drawn(rng: random.Random, each: int) -> list[Person]:
    """Draw people by chance, each as likely as any other."""
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    wanted = rng.sample(range(1, last + 1), min(2 * each, last))
    found = list(Person.objects.filter(pk__in=wanted).exclude(unit=None).select_related("unit").order_by("pk"))
    rng.shuffle(found)
    return found[:each]


def _questions(rng: random.Random, people: Sequence[Person], *, each: int) -> dict[str, list[PersonSearch]]:
    """Ask for these people as clerks would, with the errors that are made."""
    commonest = list(PersonName.objects.order_by("-people", "name_key").values_list("name_key", flat=True)[:each])

    def asked(text: Callable[[Person], str], **known: Callable[[Person], Any]) -> list[PersonSearch]:
        return [
            PersonSearch(text=text(person), **{name: value(person) for name, value in known.items()})
            for person in people
        ]

    def last_word(person: Person) -> str:
        return person.name_key.split()[-1]

    def first_and_last(person: Person) -> str:
        return f"{person.name_key.split()[0]} {last_word(person)}"

    def commune(person: Person) -> str:
        return person.unit.code if person.unit else ""

    return {
        "số định danh": asked(lambda person: person.personal_id_number),
        "họ tên đúng như ghi": asked(lambda person: person.full_name),
        "họ tên không dấu": asked(lambda person: fold(person.full_name)),
        "sai một chữ cái": asked(lambda person: misspelt(rng, person.name_key)),
        "sai hai chữ cái": asked(lambda person: misspelt(rng, misspelt(rng, person.name_key))),
        "thiếu tên đệm": asked(first_and_last),
        "đảo thứ tự": asked(lambda person: " ".join(reversed(person.name_key.split()))),
        "họ tên và năm sinh": asked(
            lambda person: fold(person.full_name), birth_year=lambda person: person.birth_on and person.birth_on.year
        ),
        "họ tên và xã": asked(lambda person: fold(person.full_name), unit_code=commune),
        "tên và xã": asked(last_word, unit_code=commune),
        "chỉ có tên": asked(last_word),
        "các họ tên phổ biến nhất": [PersonSearch(text=name) for name in commonest],
        "phổ biến nhất, sai một chữ": [PersonSearch(text=misspelt(rng, name)) for name in commonest],
        "cả một xã": asked(lambda person: "", unit_code=commune),
        "họ tên không ai mang": [PersonSearch(text=nonsense(rng)) for _ in range(each)],
    }


def misspelt(rng: random.Random, name: str) -> str:
    """Make one mistake of the keyboard: a letter wrong, lost, doubled, or swapped with the next."""
    places = [place for place in range(1, len(name) - 1) if name[place] != " " and name[place + 1] != " "]
    if not places:
        return name + rng.choice(LETTERS)
    place = rng.choice(places)
    head, letter, tail = name[:place], name[place], name[place + 1 :]
    wrong, lost, doubled = head + rng.choice(LETTERS) + tail, head + tail, head + letter + letter + tail
    return rng.choice([wrong, lost, doubled, head + tail[0] + letter + tail[1:]])


def nonsense(rng: random.Random) -> str:
    """Make three words that nobody bears."""
    return " ".join("".join(rng.choices(LETTERS, k=rng.randint(2, 6))) for _ in range(3))


def _ask(search: PersonSearch, found: list[bool]) -> None:
    found.append(bool(search_people(search, SYSTEM)))


def _rows_by_key(rng: random.Random) -> None:
    first = rng.randrange(1, 4_000)
    keys = list(range(first, first + PAGE))
    statements.execute("SELECT * FROM people_person WHERE id = ANY(%s)", [keys])


def _milliseconds(questions: Sequence[Callable[[], None]], *, warm_up: int) -> list[float]:
    for question in questions[:warm_up]:
        question()
    times = []
    for question in questions:
        began = time.perf_counter()
        question()
        times.append((time.perf_counter() - began) * 1000)
    return times


def _summed(kind: str, times: list[float], floor: float, *, answered: int) -> Measure:
    slow = percentile(times, 0.95)
    return Measure(
        what=f"Tìm theo {kind}, p95",
        ours=slow,
        unit="ms",
        floor=floor,
        ratio=slow / floor,
        target=f"≤ {TARGET_MS:.0f} ms",
        is_met=slow <= TARGET_MS,
        detail={
            "p50_ms": round(percentile(times, 0.5), 2), "p95_ms": round(slow, 2), "most_ms": round(max(times), 2),
            "asked": len(times), "answered": answered,
        },
    )  # fmt: skip
