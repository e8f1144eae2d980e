"""The people of the demo province as the generator of dirty registers knows people."""

import io
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from django.db import connection
from numpy.typing import NDArray

from lienthong.ops.invented import vocabulary
from lienthong.ops.invented.communes import Communes, real_communes
from lienthong.ops.invented.folk import NONE, SERIALS, Folk, invent_folk, together
from lienthong.ops.invented.households import Households, Place
from lienthong.ops.invented.vocabulary import Whole

UNKNOWN_SHARE = 0.05
FIRST_UNKNOWN_SERIAL = 980_000
# Members of households as they are, the head first; where the head lived until the merger; the card that is no more.
_MEMBERS = """
COPY (
    SELECT p.full_name, p.sex, extract(year FROM p.birth_on), p.birth_precision, extract(month FROM p.birth_on),
        extract(day FROM p.birth_on), p.ethnicity, p.died_on IS NOT NULL, p.personal_id_number, card.number, h.id, h.hamlet,
        m.relation, now.code, former.code
    FROM people_householdmembership m
    JOIN people_person p ON p.id = m.person_id
    JOIN people_household h ON h.id = m.household_id
    JOIN units_administrativeunit now ON now.id = h.unit_id
    LEFT JOIN people_identitynumber card ON card.person_id = p.id AND card.kind = 'old_id_card'
    LEFT JOIN people_residence r ON m.relation = 'head' AND r.person_id = p.id AND r.valid_until = '2025-07-01'
    LEFT JOIN units_administrativeunit former ON former.id = r.unit_id
    WHERE m.valid_until IS NULL AND p.personal_id_number <> '' AND p.birth_on IS NOT NULL
    ORDER BY h.id, m.relation <> 'head', p.id
) TO STDOUT (FORMAT csv)
"""
_COLUMNS = {
    "full_name": pl.String, "sex": pl.String, "year": pl.Int64, "precision": pl.String, "month": pl.Int64, "day": pl.Int64,
    "ethnicity": pl.String, "is_dead": pl.String, "number": pl.Int64, "card": pl.Int64, "household": pl.Int64,
    "hamlet": pl.String, "relation": pl.String, "commune": pl.String, "former": pl.String,
}  # fmt: skip
_PLACES = {"head": Place.HEAD, "spouse": Place.SPOUSE, "parent": Place.PARENT}


@dataclass(frozen=True, slots=True)
class House:
    """Everybody, where they live, and some people whom the population does not have.

    Attributes:
        folk: The people of the province first, then the unknown.
        communes: Their communes before and after the merger, by their real codes.
        hamlets: Hamlet of each household.
    """

    folk: Folk
    communes: Communes
    hamlets: NDArray[np.object_]


def people_of_the_province(*, seed: int) -> House:
    """Read the people that the database has, and invent those whom it has not."""
    members = _members()
    homes = members.unique("household", keep="first", maintain_order=True).with_columns(
        former=pl.coalesce("former", "commune")
    )
    heirs = homes.group_by("former").agg(pl.col("commune").unique().sort()).sort("former")
    communes = real_communes(np.random.default_rng([seed, 41]), list(heirs.iter_rows()))
    known = _as_folk(members, homes, communes)
    unknown = invent_folk(np.random.default_rng([seed, 42]), int(len(known) * UNKNOWN_SHARE), communes=communes)
    folk = together(known, replace(unknown, number=_never_given_out(unknown.number)))
    hamlets = np.full(len(folk.homes.size), None, dtype=object)
    hamlets[: homes.height] = homes["hamlet"].to_list()
    return House(folk, communes, hamlets)


def _never_given_out(numbers: Whole) -> Whole:
    """Return numbers with serials of the demo province, which no office gives out in this order."""
    return (
        numbers // SERIALS * SERIALS + FIRST_UNKNOWN_SERIAL + np.arange(len(numbers)) % (SERIALS - FIRST_UNKNOWN_SERIAL)
    )


def _members() -> pl.DataFrame:
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(_MEMBERS) as copy:
        for piece in copy:
            buffer.write(piece)
    buffer.seek(0)
    return pl.read_csv(buffer, has_header=False, new_columns=list(_COLUMNS), schema_overrides=list(_COLUMNS.values()))


def _as_folk(members: pl.DataFrame, homes: pl.DataFrame, communes: Communes) -> Folk:
    many = members.height
    of = members["household"].rle_id().to_numpy().astype(np.int64)
    size = np.bincount(of, minlength=homes.height)
    year_only = (members["precision"] != "day").to_numpy()
    groups = {name: number for number, name in enumerate(vocabulary.ethnic_groups()[0])}
    group = members["ethnicity"].replace_strict(groups, default=0, return_dtype=pl.Int64).to_numpy()
    head = np.cumsum(size) - size
    place = members["relation"].replace_strict(
        {name: int(place) for name, place in _PLACES.items()}, default=int(Place.CHILD), return_dtype=pl.Int64
    )
    lives_in = np.searchsorted(communes.new, homes["commune"].to_numpy().astype(str))
    card = members["card"].fill_null(NONE).to_numpy()
    return Folk(
        homes=Households(
            commune=np.searchsorted(communes.old, homes["former"].to_numpy().astype(str)), group=group[head], size=size,
            head=head, of=of, place=place.to_numpy(), female=(members["sex"] == "female").to_numpy(),
            born=members["year"].to_numpy(), person_group=group,
        ),
        surname=members["full_name"].str.split(" ").list.first().to_numpy(),
        full_name=members["full_name"].to_numpy(),
        month=np.where(year_only, 0, members["month"].to_numpy()),
        day=np.where(year_only, 0, members["day"].to_numpy()),
        number=members["number"].to_numpy(),
        old_number=card,
        has_old_on_file=card != NONE,
        is_dead=(members["is_dead"] == "t").to_numpy(),
        lives_in=lives_in[of],
        inside=many,
    )  # fmt: skip
