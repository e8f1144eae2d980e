"""The procedures for people with merit that grant, change or end a benefit, as data: what each recognises and what it asks.

Giải quyết chế độ ưu đãi người có công (1.010801 – 1.010827). What gives only a paper, a visit or a sum that no rule of the house
reckons is in ``PLAIN``: its dossiers are decided like any other and change nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lienthong.kernel.legal import LegalReference
from lienthong.rules.merit.facts import Category, Relation
from lienthong.rules.merit.lines import LineKind

DECREE: Final = "131/2021/NĐ-CP"
CASE: Final = "case"
"""The question which case of a procedure is asked for."""
SURVIVORS: Final = frozenset(
    {
        Category.RELATIVE_OF_ACTIVIST_BEFORE_1945, Category.RELATIVE_OF_ACTIVIST_OF_1945, Category.RELATIVE_OF_WAR_INVALID,
        Category.RELATIVE_OF_SICK_SOLDIER, Category.RELATIVE_OF_AGENT_ORANGE_RESISTER,
    }
)  # fmt: skip
"""Grounds of relatives that begin with a death."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that may be asked for in a procedure. Trường hợp đề nghị.

    Attributes:
        name: The answer that chooses it.
        category: The ground that it recognises; None where it recognises none.
        changes: The grounds of which it changes one that is recognised already, instead.
        beside: Grounds of which the person must hold one already.
        fixed: What the claim says without being asked.
        asks: What the claim asks for, by its plain names.
        relations: The relations that may be chosen.
        facts: What is asked of the person, by plain names; everything may stay open.
        fixed_facts: What is recorded of the person without being asked.
    """

    name: str
    words: str
    category: Category | None = None
    changes: frozenset[Category] = frozenset()
    beside: frozenset[Category] = frozenset()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    facts: tuple[str, ...] = ()
    fixed_facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritProcedure:
    """One procedure. Thủ tục giải quyết chế độ ưu đãi.

    Attributes:
        article: Of the decree that describes it.
        since: What the day is called from which it counts.
        gives_paper: Whether who is due nothing is recognised all the same, by a certificate.
    """

    article: LegalReference
    cases: tuple[Case, ...]
    since: str = "Hưởng từ ngày"
    gives_paper: bool = False


_INJURED: Final = ("rate", "has_especially_severe_condition")
_KIN: Final = (Relation.PARENT, Relation.SPOUSE, Relation.CHILD)
_KIN_OF_MARTYR: Final = (*_KIN, Relation.FOSTERER)
_ATTENDED: Final = ("lives_at_home",)
_OF_CHILD: Final = ("school", "has_used_study_benefit", "disabled_before_18", "monthly_income", "is_orphan")
OF_SURVIVOR: Final = ("has_reached_pension_age", "is_lonely", *_OF_CHILD)
"""What decides on a survivor's allowance."""
SURVIVOR_RELATIONS: Final = _KIN
_INVALIDS: Final = frozenset({Category.WAR_INVALID, Category.WAR_INVALID_TYPE_B})
_SEVERE: Final = _INVALIDS | {Category.SICK_SOLDIER}
_DIED: Final[Mapping[str, Any]] = {"has_died": True}


def _article(place: str) -> LegalReference:
    return LegalReference.parse(f"{DECREE}, {place}")


def _own(category: Category, *asks: str, words: str = "", **more: Any) -> Case:
    return Case(name=category.value, words=words or _sentence(category), category=category, asks=asks, **more)


def _unpaid(category: Category, *, relations: tuple[Relation, ...] = _KIN) -> Case:
    """Return the sum for relatives of somebody who died before anything was paid."""
    return Case(
        name=category.value, words=_sentence(category), category=category, fixed=_DIED, asks=("origin", "relation"),
        relations=relations,
    )  # fmt: skip


def _studying_child(category: Category, *asks: str) -> Case:
    return Case(
        name=category.value, words=f"Con: {category.in_words}", category=category, fixed={"relation": Relation.CHILD.value},
        asks=("origin", *asks), facts=("school", *_OF_CHILD[1:]),
    )  # fmt: skip


def _sentence(category: Category) -> str:
    words = category.in_words
    return f"{words[:1].upper()}{words[1:]}"


_WAR_INVALID: Final = _own(Category.WAR_INVALID, *_INJURED, facts=(*_ATTENDED, "school"))

PROCEDURES: Final[Mapping[str, MeritProcedure]] = {
    "1.010801": MeritProcedure(
        article=_article("Điều 26"),
        gives_paper=True,
        cases=(
            Case(
                name="relative", words="Thân nhân liệt sĩ", category=Category.RELATIVE_OF_MARTYR,
                asks=("origin", "relation", "number_of_martyrs"), relations=_KIN_OF_MARTYR, facts=("is_lonely", *_OF_CHILD),
            ),
            Case(
                name="recognised", words="Trợ cấp một lần khi truy tặng Bằng “Tổ quốc ghi công”",
                category=Category.MARTYR_RECOGNISED, fixed=_DIED, asks=("origin", "relation"),
                relations=(*_KIN_OF_MARTYR, Relation.HEIR),
            ),
        ),
    ),
    "1.010802": MeritProcedure(
        article=_article("Điều 27"),
        cases=(
            Case(
                name="remarried", words="Vợ hoặc chồng liệt sĩ lấy chồng hoặc vợ khác", category=Category.RELATIVE_OF_MARTYR,
                fixed={"relation": Relation.REMARRIED_SPOUSE.value}, asks=("origin", "has_cared_for_martyrs_family"),
            ),
        ),
    ),
    "1.010803": MeritProcedure(
        article=_article("Điều 28"),
        cases=(
            Case(
                name="worship", words="Trợ cấp thờ cúng liệt sĩ", category=Category.WORSHIPPER_OF_MARTYR,
                asks=("origin", "number_of_martyrs", "martyr_has_recipient"),
            ),
        ),
    ),
    "1.010804": MeritProcedure(
        article=_article("Điều 30"),
        cases=(
            _own(Category.HEROIC_MOTHER, facts=("lives_at_home", "is_lonely")),
            _unpaid(Category.UNPAID_HEROIC_MOTHER),
        ),
    ),
    "1.010805": MeritProcedure(
        article=_article("Điều 32"), cases=(_own(Category.HERO, facts=("school",)), _unpaid(Category.UNPAID_HERO))
    ),
    "1.010806": MeritProcedure(article=_article("Điều 39 khoản 2"), cases=(_WAR_INVALID,)),
    "1.010807": MeritProcedure(
        article=_article("Điều 42"),
        since="Ngày kết luận giám định lại",
        cases=(
            Case(
                name="rate", words="Tỷ lệ tổn thương cơ thể sau khi giám định lại", changes=_INVALIDS, asks=("rate",),
                facts=_ATTENDED,
            ),
        ),
    ),
    "1.010808": MeritProcedure(
        article=_article("Điều 43"),
        cases=(
            _own(
                Category.SICK_SOLDIER, *_INJURED, words="Thương binh hưởng thêm trợ cấp bệnh binh", beside=_INVALIDS,
                facts=_ATTENDED,
            ),
            _own(
                Category.WAR_INVALID, *_INJURED, words="Bệnh binh hưởng thêm trợ cấp thương binh",
                beside=frozenset({Category.SICK_SOLDIER}), facts=_ATTENDED,
            ),
        ),
    ),
    "1.010809": MeritProcedure(article=_article("Điều 44"), cases=(_WAR_INVALID,)),
    "1.010810": MeritProcedure(article=_article("Điều 81"), cases=(_WAR_INVALID,)),
    "1.010812": MeritProcedure(
        article=_article("Điều 113"),
        since="Ngày vào cơ sở nuôi dưỡng, điều dưỡng",
        cases=(Case(name="in", words="Vào cơ sở nuôi dưỡng, điều dưỡng", fixed_facts={"lives_at_home": False}),),
    ),
    "1.010813": MeritProcedure(
        article=_article("Điều 114"),
        since="Ngày về gia đình",
        cases=(Case(name="out", words="Về nuôi dưỡng tại gia đình", fixed_facts={"lives_at_home": True}),),
    ),
    "1.010815": MeritProcedure(
        article=_article("Điều 12"),
        cases=(
            _own(Category.ACTIVIST_BEFORE_1945, "was_detached", "seniority_units"),
            _own(Category.ACTIVIST_OF_1945),
            _unpaid(Category.UNPAID_ACTIVIST_BEFORE_1945, relations=(*_KIN, Relation.WORSHIPPER)),
            _unpaid(Category.UNPAID_ACTIVIST_OF_1945, relations=(*_KIN, Relation.WORSHIPPER)),
        ),
    ),
    "1.010816": MeritProcedure(
        article=_article("Điều 56"),
        cases=(
            _own(
                Category.AGENT_ORANGE_RESISTER, *_INJURED, "has_infertility_or_affected_child", facts=_ATTENDED
            ),
        ),
    ),
    "1.010817": MeritProcedure(
        article=_article("Điều 57"),
        cases=(_own(Category.AFFECTED_CHILD, "origin", "rate"),),
    ),
    "1.010818": MeritProcedure(
        article=_article("Điều 62"), cases=(_own(Category.IMPRISONED), _unpaid(Category.UNPAID_IMPRISONED))
    ),
    "1.010819": MeritProcedure(
        article=_article("Điều 66"),
        cases=(
            _own(Category.RESISTANCE_PARTICIPANT, "resistance_months"),
            _unpaid(Category.UNPAID_RESISTANCE_PARTICIPANT),
        ),
    ),
    "1.010820": MeritProcedure(
        article=_article("Điều 69"),
        cases=(
            _own(Category.HELPER_BEFORE_1945, facts=("is_lonely",)),
            _own(Category.HELPER_RESISTANCE_ORDER, facts=("is_lonely",)),
            _own(Category.HELPER_RESISTANCE_MEDAL),
            _unpaid(Category.UNPAID_HELPER),
        ),
    ),
    "1.010821": MeritProcedure(
        article=_article("Điều 97"),
        since="Học từ ngày",
        cases=(
            Case(name="held", words="Đã được công nhận diện hưởng, nay đi học", facts=_OF_CHILD[:2]),
            _studying_child(Category.RELATIVE_OF_MARTYR, "number_of_martyrs"),
            _studying_child(Category.RELATIVE_OF_HERO),
            _studying_child(Category.RELATIVE_OF_ACTIVIST_BEFORE_1945, "has_died", "died_while_receiving"),
            _studying_child(Category.RELATIVE_OF_ACTIVIST_OF_1945, "has_died", "died_while_receiving"),
            _studying_child(Category.RELATIVE_OF_WAR_INVALID, "rate", "has_died"),
            _studying_child(Category.RELATIVE_OF_SICK_SOLDIER, "rate", "has_died"),
            _studying_child(Category.RELATIVE_OF_AGENT_ORANGE_RESISTER, "rate", "has_died"),
        ),
    ),
    "1.010822": MeritProcedure(
        article=_article("Điều 117"),
        cases=(
            Case(
                name="special", words="Phụ cấp đặc biệt hằng tháng", changes=_SEVERE,
                fixed={"has_especially_severe_condition": True}, facts=_ATTENDED,
            ),
        ),
    ),
}  # fmt: skip
"""By code. 1.010823 (resumed), 1.010824 (died) and 1.010827 (moved) have handlers of their own."""

DIED: Final = "1.010824"
RESUMED: Final = "1.010823"
MOVED: Final = "1.010827"
STUDY: Final = "1.010821"

PLAIN: Final[Mapping[str, str]] = {
    "1.001257": "trợ cấp một lần theo quyết định riêng, hệ thống chưa có quy định về mức",
    "1.004964": "trợ cấp một lần theo quyết định riêng, hệ thống chưa có quy định về mức",
    "1.010811": "tiền mua phương tiện trợ giúp theo chỉ định, hệ thống chưa có quy định về mức",
    "1.010814": "giấy chứng nhận",
    "1.010825": "bổ sung thân nhân vào hồ sơ liệt sĩ",
    "1.010826": "sửa thông tin trong hồ sơ",
    "1.010828": "trích lục, bản sao hồ sơ",
    "1.010829": "giấy giới thiệu và hỗ trợ chi phí theo chặng đường, hệ thống chưa có quy định về mức",
    "1.010830": "hỗ trợ chi phí theo chặng đường, hệ thống chưa có quy định về mức",
    "1.010831": "giấy xác nhận",
    "1.010832": "giấy giới thiệu và hỗ trợ chi phí theo chặng đường, hệ thống chưa có quy định về mức",
    "1.010833": "giấy xác nhận",
    "2.001157": "trợ cấp thanh niên xung phong, hệ thống chưa có quy định về mức",
    "2.001396": "trợ cấp thanh niên xung phong, hệ thống chưa có quy định về mức",
    "2.001428": "trợ cấp thanh niên xung phong, hệ thống chưa có quy định về mức",
    "2.002307": "mai táng phí cựu chiến binh, hệ thống chưa có quy định về mức",
    "2.002308": "mai táng phí thanh niên xung phong, hệ thống chưa có quy định về mức",
}
"""What gives only a paper, or a sum that no rule reckons, with the reason: the plain handler is right for it."""

_STUDIED: Final = frozenset({LineKind.STUDY, LineKind.YEARLY})


def procedure_of(category: Category, relation: Relation | None, kind: LineKind) -> tuple[str, Case | None] | None:
    """Return in which procedure somebody asks for what a ground brings, and which case of it; None where none is for it.

    Args:
        category: Of the ground.
        relation: To the person with merit, where it is a relative's.
        kind: Of what is due.
    """
    if kind in _STUDIED and category is not Category.WORSHIPPER_OF_MARTYR:
        return STUDY, PROCEDURES[STUDY].cases[0]
    for code, procedure in PROCEDURES.items():
        for case in procedure.cases:
            told = case.fixed.get("relation")
            fits = relation is None or (
                relation in case.relations if "relation" in case.asks else told in {None, relation}
            )
            if code != STUDY and case.category is category and fits and not case.beside:
                return code, case
    return (DIED, None) if category in SURVIVORS else None


def answers_of(case: Case, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers of a form that say what a ground says."""
    told = {name: data[name] for name in case.asks if data.get(name) is not None}
    answers = {
        name: ("yes" if value else "no") if isinstance(value, bool) else str(value) for name, value in told.items()
    }
    return answers | {CASE: case.name}
