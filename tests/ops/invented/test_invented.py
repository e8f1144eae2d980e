"""The invented province: the same by the same seed, as dirty as it says, and true in its truth."""

import unicodedata
from functools import cache

import polars as pl
import pytest

from lienthong.kernel.old_encodings import decode_tcvn3, decode_vni
from lienthong.kernel.text import fold
from lienthong.ops.invented import dirt as dirts
from lienthong.ops.invented.dirt import UnknownDirt, dirt_of
from lienthong.ops.invented.old_fonts import to_tcvn3, to_vni
from lienthong.ops.invented.province import Invented, Size, invent_province

PEOPLE, RECORDS = 20_000, 3_000


@cache
def province(*, seed: int = 1, kinds: tuple[str, ...] = (), tiers: tuple[str, ...] = ("medium",)) -> Invented:
    return invent_province(Size(people=PEOPLE, records=RECORDS, seed=seed, tiers=tiers, kinds=kinds))


def rows(*, tier: str = "medium", kinds: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the records of a register with their truth and, under ``p_``, the person in the population."""
    invented = province(kinds=kinds, tiers=("easy", "medium", "hard") if tier != "medium" else ("medium",))
    register, population = invented.registers[tier], invented.reference.frame
    known = population.select(pl.all().name.prefix("p_"))
    return register.frame.join(register.truth, on="rid").join(known, left_on="cccd", right_on="p_cccd", how="left")


def share(frame: pl.DataFrame, what: pl.Expr) -> float:
    value = frame.select(what.fill_null(False).mean()).item()
    return float(value)


def test_the_same_seed_gives_the_same_province() -> None:
    again = invent_province(Size(people=PEOPLE, records=RECORDS, seed=1, tiers=("medium",)))

    assert again.reference.frame.equals(province().reference.frame)
    assert again.registers["medium"].frame.equals(province().registers["medium"].frame)
    assert again.registers["medium"].truth.equals(province().registers["medium"].truth)


def test_another_seed_gives_other_people() -> None:
    here, there = province().reference.frame, province(seed=2).reference.frame

    assert len(set(here["cccd"]) & set(there["cccd"])) < PEOPLE / 10


def test_a_tier_does_not_depend_on_which_others_are_made() -> None:
    three = province(tiers=("easy", "medium", "hard"))

    assert three.registers["medium"].frame.equals(province().registers["medium"].frame)


def test_files_have_the_columns_that_verification_reads() -> None:
    register = province().registers["medium"]

    assert province().reference.frame.columns == [
        "cccd", "cmnd", "ho_ten", "ngay_sinh", "gioi_tinh", "dan_toc", "ma_xa", "ho_id", "chu_ho", "trang_thai",
    ]  # fmt: skip
    assert register.frame.columns == [
        "rid", "danh_sach", "so_giay_to", "ho_ten", "ngay_sinh", "gioi_tinh", "dan_toc", "ma_xa", "ho_id", "chu_ho",
    ]  # fmt: skip
    assert register.truth.columns == ["rid", "cccd", "is_dup", "dead", "id_kind", "name_err", "dob_err"]


def test_every_number_is_given_once_and_says_sex_and_year() -> None:
    population = province().reference.frame

    assert population["cccd"].n_unique() == population.height
    assert population["cccd"].str.len_chars().unique().to_list() == [12]
    woman = population["cccd"].str.slice(3, 1).cast(pl.Int64) % 2 == 1
    assert (woman == (population["gioi_tinh"] == "Nữ")).all()


@pytest.mark.parametrize(
    ("tier", "valid", "names", "births"), [("easy", 0.80, 0.12, 0.08), ("medium", 0.50, 0.23, 0.14), ("hard", 0.25, 0.38, 0.25)]
)  # fmt: skip
def test_each_tier_is_as_dirty_as_it_says(tier: str, valid: float, names: float, births: float) -> None:
    found = rows(tier=tier)

    assert share(found, pl.col("id_kind") == "valid") == pytest.approx(valid, abs=0.03)
    assert share(found, pl.col("name_err").str.replace("nfd", "") != "") == pytest.approx(names, abs=0.035)
    assert share(found, pl.col("dob_err") != "") == pytest.approx(births, abs=0.03)
    assert share(found, pl.col("cccd").is_null()) == pytest.approx(0.03, abs=0.005)
    assert share(found, pl.col("dead")) == pytest.approx(0.015, abs=0.004)
    assert share(found, pl.col("is_dup")) == pytest.approx(0.01, abs=0.003)


def test_the_truth_is_a_person_of_the_population() -> None:
    found = rows().filter(pl.col("cccd").is_not_null())

    assert found["p_ho_ten"].null_count() == 0
    assert (found["dead"] == (found["p_trang_thai"] == "chet")).all()


def test_what_is_said_to_be_right_is_right() -> None:
    found = rows().filter(pl.col("cccd").is_not_null())
    number = found.filter(pl.col("id_kind") == "valid")["so_giay_to"].str.replace_all(r"[' ]|\.0$", "")
    names = found.filter(pl.col("name_err") == "").select(
        pl.col("ho_ten", "p_ho_ten").map_elements(fold, return_dtype=pl.String)
    )

    assert (number == found.filter(pl.col("id_kind") == "valid")["cccd"]).all()
    # The population has errors of its own, six in a thousand.
    assert share(names, pl.col("ho_ten") == pl.col("p_ho_ten")) > 0.985


def test_a_doubled_record_is_on_the_other_list() -> None:
    found = rows()
    twice = found.filter(pl.col("is_dup")).join(found.filter(~pl.col("is_dup")), on="cccd")

    assert twice.height >= found["is_dup"].sum()
    assert (twice["danh_sach"] != twice["danh_sach_right"]).all()


@pytest.mark.parametrize(
    ("kind", "what", "least"),
    [
        ("aliases", pl.col("name_err").str.contains("alias_habit"), 0.05),
        ("old_files", pl.col("name_err").str.contains("tcvn3"), 0.10),
        ("other_typists", pl.col("name_err").str.contains("beside|keys"), 0.03),
        ("misread", pl.col("name_err").str.contains("misread"), 0.02),
        ("no_households", pl.col("ho_id").is_null() & (pl.col("danh_sach") == "HN"), 0.6),
        ("two_numbers", pl.col("other_cccd").is_not_null(), 0.015),
    ],
)
def test_another_kind_of_dirt_is_there_when_it_is_asked_for(kind: str, what: pl.Expr, least: float) -> None:
    assert share(rows(kinds=(kind,)), what) > least


def test_siblings_may_bear_one_name() -> None:
    def alike(kinds: tuple[str, ...]) -> int:
        people = province(kinds=kinds).reference.frame.with_columns(
            pl.col("ho_ten").map_elements(fold, return_dtype=pl.String)
        )
        return people.height - people.select("ho_id", "ho_ten").n_unique()

    assert alike(("same_name_siblings",)) > alike(()) + 100


def test_an_unknown_kind_of_dirt_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownDirt, match="aliases"):
        dirt_of("medium", kinds=["mud"])


def test_every_kind_says_in_vietnamese_what_it_is() -> None:
    assert all(dirts.kinds().values())


@pytest.mark.parametrize("name", ["Nguyễn Thị Hường", "LƯỜNG VĂN ĐẠT", "Vũ Quỳnh Ưỡn", "Bế Ích Tuấn"])
def test_old_fonts_can_be_read_back(name: str) -> None:
    # TCVN3 has no capitals with a tone: fonts for capitals drew the small letters large.
    assert decode_tcvn3(to_tcvn3(name)).lower() == name.lower()
    assert decode_vni(to_vni(name)) == unicodedata.normalize("NFC", name)
