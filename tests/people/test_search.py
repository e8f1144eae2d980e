"""People are found as others type, say and misspell them; nearest first, and only by those who may see them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.people import queries
from lienthong.people.policies import Reader
from lienthong.people.queries import Nearness, PersonHit, PersonSearch
from lienthong.people.states import BirthPrecision
from lienthong.units.models import AdministrativeUnit
from tests.factories.people import IdentityNumberFactory, PersonFactory
from tests.people.conftest import EVERYBODY, OFFICER

pytestmark = pytest.mark.django_db

NAMES = (
    "Nguyễn Thị Lan",
    "Nguyễn Thị Lân",
    "Nguyễn Thị Na",
    "Nguyễn Thị Ngọc Lan",
    "Nguyễn Thị Hòa",
    "Trần Văn Cường",
    "Lò Thị Ún",
    "Hoàng Thị Hoài Thương",
    "Đặng Quốc Đạt",
    "Sùng Seo Páo",
)


def search(text: str = "", reader: Reader = EVERYBODY, **known: object) -> list[PersonHit]:
    return queries.search_people(PersonSearch(text=text, **known), reader)  # type: ignore[arg-type]


def names(hits: list[PersonHit]) -> list[str]:
    return [hit.person.full_name for hit in hits]


@pytest.fixture
def people(db: None) -> None:
    for name in NAMES:
        PersonFactory(full_name=name)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("text", "first", "nearness"),
    [
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan", Nearness.SAME_SPELLING),
        ("Nguyễn Thị Lân", "Nguyễn Thị Lân", Nearness.SAME_SPELLING),
        ("NGUYỄN THỊ LÂN", "Nguyễn Thị Lân", Nearness.SAME_SPELLING),
        ("  nguyễn  thị lân ", "Nguyễn Thị Lân", Nearness.SAME_SPELLING),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", Nearness.SAME_SPELLING),
        ("nguyen thi hoa", "Nguyễn Thị Hòa", Nearness.SAME_LETTERS),
        ("Nguyễn Thị Hoá", "Nguyễn Thị Hòa", Nearness.SAME_LETTERS),
        ("tran van cuong", "Trần Văn Cường", Nearness.SAME_LETTERS),
        ("Trần Văn Cương", "Trần Văn Cường", Nearness.SAME_LETTERS),
        ("dang quoc dat", "Đặng Quốc Đạt", Nearness.SAME_LETTERS),
        ("tran van cuogn", "Trần Văn Cường", Nearness.ONE_LETTER_OFF),
        ("tran van cuon", "Trần Văn Cường", Nearness.ONE_LETTER_OFF),
        ("trann van cuong", "Trần Văn Cường", Nearness.ONE_LETTER_OFF),
        ("tran vam cuong", "Trần Văn Cường", Nearness.ONE_LETTER_OFF),
        ("tranvan cuong", "Trần Văn Cường", Nearness.ONE_LETTER_OFF),
        ("cuong tran van", "Trần Văn Cường", Nearness.OTHER_ORDER),
        ("Lan Nguyễn Thị", "Nguyễn Thị Lan", Nearness.OTHER_ORDER),
        ("tran cuong", "Trần Văn Cường", Nearness.OTHER_WORDS),
        ("van cuong", "Trần Văn Cường", Nearness.OTHER_WORDS),
        ("Cường", "Trần Văn Cường", Nearness.OTHER_WORDS),
        ("lò ún", "Lò Thị Ún", Nearness.OTHER_WORDS),
        ("tran van manh cuong", "Trần Văn Cường", Nearness.OTHER_WORDS),
        ("hoang thi thuong", "Hoàng Thị Hoài Thương", Nearness.OTHER_WORDS),
        ("hoang thii hoai thuongg", "Hoàng Thị Hoài Thương", Nearness.SIMILAR),
        ("sung seo pao", "Sùng Seo Páo", Nearness.SAME_LETTERS),
    ],
)
def test_finds_a_person_by_name(text: str, first: str, nearness: Nearness) -> None:
    hit = search(text)[0]

    assert (hit.person.full_name, hit.nearness) == (first, nearness)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\\", "xyz qwv", "😀", "'; --", "zzzzzzzzzz", "n" * 300])
def test_finds_nobody_for_nonsense(text: str) -> None:
    assert search(text) == []


@pytest.mark.usefixtures("people")
def test_puts_the_exact_spelling_first_and_errors_after_it() -> None:
    hits = search("Nguyễn Thị Lân")

    assert names(hits)[:2] == ["Nguyễn Thị Lân", "Nguyễn Thị Lan"]
    assert [hit.nearness for hit in hits] == sorted(hit.nearness for hit in hits)
    assert "Trần Văn Cường" not in names(hits)


@pytest.mark.usefixtures("people")
def test_shows_near_names_after_one_that_fits() -> None:
    assert names(search("nguyen thi la")) == ["Nguyễn Thị Lan", "Nguyễn Thị Lân", "Nguyễn Thị Na"]


def test_names_each_person_once() -> None:
    PersonFactory(full_name="Lan Lan")
    PersonFactory(full_name="Lan")

    assert sorted(names(search("Lan"))) == ["Lan", "Lan Lan"]


def test_lists_the_holders_of_a_common_name_by_age_up_to_the_limit() -> None:
    for year in (1990, 1950, 1970):
        PersonFactory(full_name="Nguyễn Thị Lan", birth_on=date(year, 1, 1))

    found = search("nguyen thi lan", limit=2)

    assert [hit.person.birth_on.year for hit in found if hit.person.birth_on] == [1950, 1970]
    assert len(search("nguyen thi lan", limit=-5)) == 1
    assert len(search("nguyen thi lan", limit=10**9)) == 3


class TestNumbers:
    @pytest.mark.parametrize(
        "text", ["019180000001", "019 180 000 001", "019.180.000.001", "'019180000001", "19180000001"]
    )
    def test_finds_the_holder_however_it_is_typed(self, text: str) -> None:
        person = PersonFactory(number="019180000001")
        PersonFactory(number="019180000002")

        assert search(text) == [PersonHit(person, Nearness.SAME_NUMBER, "019180000001")]

    def test_finds_who_held_a_number_before(self) -> None:
        person = PersonFactory(number="019180000001")
        IdentityNumberFactory(person=person, old_card=True, number="090123456", valid_until=date(2020, 1, 1))

        assert search("090123456") == [PersonHit(person, Nearness.SAME_NUMBER, "090123456")]

    def test_names_who_holds_it_now_before_who_held_it(self) -> None:
        IdentityNumberFactory(old_card=True, number="090123456", valid_until=date(2020, 1, 1))
        now = IdentityNumberFactory(old_card=True, number="090123456", valid_from=date(2020, 1, 1))

        assert search("090123456")[0].person == now.person

    def test_finds_other_papers(self) -> None:
        person = IdentityNumberFactory(kind="passport", number="B1234567").person

        assert [hit.person for hit in search("b1234567")] == [person]

    @pytest.mark.parametrize("text", ["0", "0191800", "999999999999", "1e308", "٣٤٥"])
    def test_finds_nobody_by_a_part_or_a_stranger(self, text: str) -> None:
        PersonFactory(number="019180000001")

        assert search(text) == []


class TestBirth:
    def test_narrows_by_year(self) -> None:
        PersonFactory(full_name="Nguyễn Thị Lan", birth_on=date(1980, 1, 1))
        young = PersonFactory(full_name="Nguyễn Thị Lan", birth_on=date(1981, 12, 31))

        assert [hit.person for hit in search("nguyen thi lan", birth_year=1981)] == [young]
        assert search("nguyen thi lan", birth_year=0) == search("nguyen thi lan", birth_year=99999) == []

    @pytest.mark.parametrize(
        ("birth_on", "precision", "is_meant"),
        [
            (date(1954, 3, 12), BirthPrecision.DAY, True),
            (date(1954, 3, 13), BirthPrecision.DAY, False),
            (date(1954, 3, 1), BirthPrecision.MONTH, True),
            (date(1954, 4, 1), BirthPrecision.MONTH, False),
            (date(1954, 1, 1), BirthPrecision.YEAR, True),
            (date(1954, 1, 1), BirthPrecision.DAY, False),
        ],
    )
    def test_a_day_fits_what_is_partly_known(self, birth_on: date, precision: BirthPrecision, is_meant: bool) -> None:
        PersonFactory(full_name="Lò Thị Ún", birth_on=birth_on, birth_precision=precision)

        assert bool(search("lo thi un", birth_on=date(1954, 3, 12))) == is_meant


class TestCommunes:
    @pytest.fixture(autouse=True)
    def _neighbours(self, tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit) -> None:
        PersonFactory(full_name="Nguyễn Thị Lan", lives_in=tan_cuong)
        PersonFactory(full_name="Đặng Văn An", lives_in=tan_cuong)
        PersonFactory(full_name="Nguyễn Thị Lan", lives_in=dai_phuc)

    @pytest.mark.parametrize("text", ["Nguyễn Thị Lan", "nguyen thi lna", "lan", "nguyen lan", "nguyenn thii lan"])
    def test_looks_in_one_commune_only(self, text: str, tan_cuong: AdministrativeUnit) -> None:
        assert [hit.person.unit for hit in search(text, unit_code="05503")] == [tan_cuong]

    def test_lists_a_whole_commune_by_given_name(self) -> None:
        assert names(search(unit_code="05503")) == ["Đặng Văn An", "Nguyễn Thị Lan"]

    def test_an_unknown_commune_is_empty(self) -> None:
        assert search("lan", unit_code="00000") == search(unit_code="00000") == []

    def test_a_reader_finds_only_people_of_their_communes(self, tan_cuong: AdministrativeUnit) -> None:
        reader = Reader(user_id=OFFICER, unit_codes=frozenset({"05503"}))

        for text in ("nguyen thi lan", "nguyen thi lna", "nguyen lan", "nguyeen thii lan"):
            assert [hit.person.unit for hit in search(text, reader)] == [tan_cuong]
        assert search("nguyen thi lan", reader, unit_code="05488") == []

    def test_a_reader_also_finds_people_whose_commune_nobody_recorded(self) -> None:
        reader = Reader(user_id=OFFICER, unit_codes=frozenset({"05503"}))
        newcomer = PersonFactory(full_name="Sùng Seo Páo")

        for text in ("sung seo pao", "sung seo poa", "sung pao"):
            assert [hit.person for hit in search(text, reader)] == [newcomer]


class TestQueryCounts:
    """An exact name costs one query; the tolerant steps cost two more each, however many people there are."""

    @pytest.mark.parametrize(
        ("text", "known", "queries_needed"),
        [
            ("019180000001", {}, 2),  # holders of the number; people with their communes
            ("Nguyễn Thị Lan", {"limit": 1}, 1),  # people of that name
            ("nguyen thi lna", {}, 4),  # none of that name; names near it; their holders; those people
            (
                "nguyen lan",
                {},
                5,
            ),  # none of that name; no name near it; names with a word more; their holders; those people
            ("nguyeen thii lan", {}, 8),  # ... savepoint, threshold, names that look alike, release; holders; people
            ("", {"unit_code": "05503"}, 2),  # the unit's rows; its people
            ("nguyen thi lna", {"unit_code": "05503"}, 3),
        ],
    )
    def test_is_constant_in_people(
        self, tan_cuong: AdministrativeUnit, text: str, known: dict[str, object], queries_needed: int
    ) -> None:
        for _some in range(3):
            PersonFactory(full_name="Nguyễn Thị Lan", lives_in=tan_cuong)
        PersonFactory(number="019180000001")

        with CaptureQueriesContext(connection) as captured:
            found = search(text, **known)
            assert {hit.person.unit.name for hit in found if hit.person.unit} <= {"Xã Tân Cương"}

        assert found
        assert len(captured) <= queries_needed, "\n".join(query["sql"][:200] for query in captured)
