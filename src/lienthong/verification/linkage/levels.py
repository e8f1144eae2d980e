"""The one declaration of how two people are compared and which pairs are looked at.

Our engine and the Splink model (``verification.spark``) both read it, so that the same data meet the same questions on
one machine and on a cluster. A condition is SQL over prepared columns: ``<column>_l`` of the register and
``<column>_r`` of the population. Levels are asked in the order given; the first that holds is the level of the pair.
"""

from dataclasses import dataclass

from lienthong.verification.linkage.vocabulary import Field, FieldVerdict

# Costly, so the engine measures them only where they can change the outcome; Splink has functions of its own.
NAME_DISTANCE = "name_distance"  # letters typed wrongly, left out, put in or swapped, of the bare names
NUMBER_DISTANCE = "number_distance"  # digits that differ, place by place

# A year written with two digits is of either century.
_SAME_YEAR = "(year_l = year_r or (is_year_short_l and short_year_l = short_year_r))"
_SAME_COMMUNE = "(commune_l = commune_r or commune_2_l = commune_r or commune_3_l = commune_r)"
_YEAR_MISTYPED = (
    "(abs(year_l - year_r) = 1 or decade_l = decade_r or short_year_l = short_year_r or "
    "(century_l = century_r and (year_unit_l = year_unit_r or short_year_l = turned_year_r)))"
)


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which a field may agree.

    Attributes:
        code: Word of the code, in models and exports.
        words: What an officer reads.
        verdict: What the field's verdict is at this level.
        condition: SQL over prepared columns; empty for the level of everything else.
        frequency: Prepared column whose value says how common this agreement is by chance; empty where the level is
            equally common for all.
        usual: Share of true pairs at this level before any data are seen; a weak prior.
        beyond: Prepared column of a stronger level that holds within this one; its share is not counted again.
        is_complement: Whether the chance is what that frequency leaves over.
        chance: Share of random pairs at this level, where a sample of random pairs cannot show it; 0 to sample.
    """

    code: str
    words: str
    verdict: FieldVerdict
    condition: str
    usual: float
    frequency: str = ""
    beyond: str = ""
    is_complement: bool = False
    chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: where it says nothing, then its levels from the strongest to the weakest.

    Attributes:
        field: The field.
        needs: Prepared columns that both sides must have; where one lacks any, the field says nothing.
        silent: SQL condition under which the field says nothing although both sides have it.
        levels: Strongest first; the last has no condition.
    """

    field: Field
    needs: tuple[str, ...]
    levels: tuple[Level, ...]
    silent: str = ""


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """Pairs that agree on these prepared columns are looked at.

    Attributes:
        code: Word of the code.
        words: What an officer reads.
        columns: Prepared columns that must be equal and present.
        rescue: Whether the rule is only for records that the other rules left without a good candidate: it proposes many.
        known_day: Whether the day and month must be known and not 1 January, where half of the unknown days are kept.
    """

    code: str
    words: str
    columns: tuple[str, ...]
    rescue: bool = False
    known_day: bool = False


_SAME = FieldVerdict.EQUAL_NORMALISED
_LIKE = FieldVerdict.SIMILAR
_OTHER = FieldVerdict.DIFFERENT

NAME = Comparison(
    Field.NAME,
    ("name_exact",),
    (
        Level("exact", "đúng từng chữ", _SAME, "name_exact_l = name_exact_r", 0.77, frequency="name_exact"),
        Level("diacritics", "chỉ khác dấu", _LIKE, "name_bare_l = name_bare_r", 0.125, frequency="name_bare", beyond="name_exact"),
        Level("spelling", "khác chính tả: l/n, tr/ch, s/x, d/gi/r", _LIKE, "name_sound_l = name_sound_r", 0.012,
              frequency="name_sound", beyond="name_bare"),
        Level("order", "đảo thứ tự họ, đệm, tên", _LIKE, "name_bag_l = name_bag_r", 0.005, frequency="name_bag", beyond="name_sound"),
        Level("middle", "thiếu hoặc thừa tên đệm", _LIKE,
              "name_ends_l = name_ends_r and (tokens_l = 2 or tokens_r = 2 or abs(tokens_l - tokens_r) = 1)", 0.035,
              frequency="name_ends"),
        Level("typo", "gõ nhầm một chữ cái", _LIKE, f"{NAME_DISTANCE} <= 1", 0.03, frequency="name_misspelt"),
        Level("similar", "gần giống, khác hai chữ cái", _LIKE, f"{NAME_DISTANCE} <= 2", 0.006, frequency="name_misspelt"),
        Level("other_middle", "cùng họ và tên, khác tên đệm", _OTHER, "name_ends_l = name_ends_r", 0.004,
              frequency="name_ends"),
        Level("given", "chỉ cùng tên", _OTHER, "given_l = given_r", 0.008, frequency="given"),
        Level("surname", "chỉ cùng họ", _OTHER, "surname_l = surname_r", 0.005, frequency="surname"),
        Level("other", "khác", _OTHER, "", 0.005),
    ),
)  # fmt: skip

BIRTH = Comparison(
    Field.BIRTH,
    ("year",),
    (
        Level("exact", "đúng ngày, tháng, năm", _SAME,
              f"{_SAME_YEAR} and month_day_l = month_day_r and month_day_l > 0", 0.85, frequency="birth_date"),
        Level("partial", "đúng năm, một bên thiếu ngày tháng hoặc ghi 01/01", _LIKE,
              f"{_SAME_YEAR} and (month_day_l = 0 or month_day_r = 0 or month_day_l = 101 or month_day_r = 101)",
              0.095, frequency="year"),
        Level("swapped", "đảo ngày và tháng", _LIKE, f"{_SAME_YEAR} and month_l = day_r and day_l = month_r", 0.007),
        Level("one_part", "đúng năm, lệch ngày hoặc tháng", _LIKE,
              f"{_SAME_YEAR} and (month_l = month_r or day_l = day_r)", 0.015),
        Level("year_off", "đúng ngày tháng, năm gõ nhầm", _LIKE,
              f"month_day_l = month_day_r and month_day_l > 101 and {_YEAR_MISTYPED}", 0.015),
        Level("lunar", "lệch không quá 56 ngày, như ngày âm lịch", _LIKE,
              "abs(day_count_l - day_count_r) <= 56 and month_day_l <> 101 and month_day_r <> 101", 0.01),
        Level("same_year", "chỉ cùng năm", _OTHER, _SAME_YEAR, 0.002),
        Level("next_year", "lệch một năm, khác ngày tháng", _OTHER, "abs(year_l - year_r) = 1", 0.003),
        Level("other", "khác", _OTHER, "", 0.004),
    ),
)  # fmt: skip

NUMBER = Comparison(
    Field.NUMBER,
    ("number",),
    (
        Level("exact", "đúng số", _SAME, "number_l = number_r", 0.85, frequency="one_person"),
        Level("similar", "sai một hai chữ số", _LIKE, f"{NUMBER_DISTANCE} <= 2", 0.05, chance=5e-6),
        Level("other", "khác", _OTHER, "", 0.10),
    ),
)
OLD_NUMBER = Comparison(
    Field.OLD_NUMBER,
    ("old_number",),
    (
        Level("exact", "đúng số cũ", _SAME, "old_number_l = old_number_r", 0.94, frequency="one_person"),
        Level("other", "khác", _OTHER, "", 0.06),
    ),
)
SEX = Comparison(
    Field.SEX,
    ("sex",),
    (
        Level("same", "cùng giới tính", FieldVerdict.EQUAL, "sex_l = sex_r", 0.99),
        Level("other", "khác", _OTHER, "", 0.01),
    ),
)
ETHNICITY = Comparison(
    Field.ETHNICITY,
    ("ethnicity",),
    (
        Level("same", "cùng dân tộc", FieldVerdict.EQUAL, "ethnicity_l = ethnicity_r", 0.98, frequency="ethnicity"),
        Level("other", "khác", _OTHER, "", 0.02, frequency="ethnicity", is_complement=True),
    ),
)
COMMUNE = Comparison(
    Field.COMMUNE,
    ("commune",),
    (
        Level("same", "cùng xã, kể cả xã cũ", FieldVerdict.EQUAL, _SAME_COMMUNE, 0.93, frequency="commune"),
        Level("other", "khác", _OTHER, "", 0.07, frequency="commune", is_complement=True),
    ),
)  # fmt: skip
HEAD = Comparison(
    Field.HEAD,
    ("head_bag",),
    (
        Level("same", "cùng chủ hộ", _SAME, "head_bag_l = head_bag_r", 0.85, frequency="head_bag"),
        Level("similar", "chủ hộ cùng họ và tên", _LIKE, "head_ends_l = head_ends_r", 0.05, frequency="head_ends"),
        Level("other", "khác", _OTHER, "", 0.10),
    ),
    # Who is the head themselves: their name is already counted once.
    silent="is_head_l and is_head_r",
)

COMPARISONS = (NAME, BIRTH, NUMBER, OLD_NUMBER, SEX, ETHNICITY, COMMUNE, HEAD)
# What a person is by themselves; a number or a household alone never makes a link.
OWN_EVIDENCE = (Field.NAME, Field.BIRTH, Field.SEX)

BLOCKING_RULES = (
    BlockingRule("number", "cùng số định danh", ("number",)),
    BlockingRule("old_number", "cùng số chứng minh cũ", ("old_number",)),
    BlockingRule("name_year", "đủ các chữ của họ tên và năm sinh", ("name_bag", "short_year")),
    BlockingRule("given_birth", "cùng tên và ngày sinh", ("given", "short_year", "month_day"), known_day=True),
    BlockingRule("name_commune", "đủ các chữ của họ tên và xã", ("name_bag", "commune")),
    BlockingRule("ends_year_commune", "họ, tên, năm sinh và xã", ("name_ends", "short_year", "commune")),
    BlockingRule("birth_commune", "ngày sinh và xã", ("short_year", "month_day", "commune"), known_day=True),
    BlockingRule("name_day", "đủ các chữ của họ tên và ngày tháng sinh", ("name_bag", "month_day"), known_day=True),
    BlockingRule("head_year", "chủ hộ và năm sinh", ("head_bag", "short_year")),
    BlockingRule("number_tail_year", "sáu số cuối và năm sinh", ("number_tail", "short_year")),
    BlockingRule(
        "surname_birth",
        "cùng họ và ngày sinh",
        ("surname", "short_year", "month_day", "sex"),
        rescue=True,
        known_day=True,
    ),
    BlockingRule("head_given", "chủ hộ và tên", ("head_bag", "given"), rescue=True),
    BlockingRule(
        "given_year_commune", "tên, năm sinh, giới tính và xã", ("given", "short_year", "sex", "commune"), rescue=True
    ),
    BlockingRule("ends_commune", "họ, tên và xã", ("name_ends", "commune"), rescue=True),
    BlockingRule("head_commune", "chủ hộ và xã", ("head_bag", "commune"), rescue=True),
)
