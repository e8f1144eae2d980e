"""What may stand beside what when a person has several claims, as far as the ordinance says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.rules.merit.facts import Category, MeritClaim, Relation
from lienthong.rules.merit.law import WORSHIP, MeritLaw, ordinance
from lienthong.rules.merit.lines import LineKind, MeritLine, Sheet
from lienthong.rules.merit.survivors import KIN_OF_MARTYR, OF_OTHERS, martyr_row

HELPERS: Final = frozenset(
    {Category.HELPER_BEFORE_1945, Category.HELPER_RESISTANCE_ORDER, Category.HELPER_RESISTANCE_MEDAL}
)
ACTIVISTS: Final = frozenset({Category.ACTIVIST_BEFORE_1945, Category.ACTIVIST_OF_1945})
LACKS_COMBINED: Final = (
    "kết quả khám giám định tổng hợp bệnh binh và bệnh do nhiễm chất độc hóa học, và mức được hưởng theo kết quả đó"
)


def shut_out(claim: MeritClaim, claims: Sequence[MeritClaim]) -> tuple[str, LegalReference] | None:
    """Say by which rule a claim as a whole gives way to another; None where it stands.

    Args:
        claim: One of ``claims``.
        claims: Of the same person.
    """
    categories = {one.category for one in claims}
    if claim.category is Category.ACTIVIST_OF_1945 and Category.ACTIVIST_BEFORE_1945 in categories:
        words = "chỉ hưởng chế độ đối với người hoạt động cách mạng trước ngày 01/01/1945"
        return words, ordinance("Điều 12 khoản 2")
    if claim.category in HELPERS and categories & (ACTIVISTS | {Category.RESISTANCE_PARTICIPANT}):
        words = "không hưởng cùng chế độ đối với người hoạt động cách mạng, hoạt động kháng chiến"
        return words, ordinance("Điều 39 khoản 4")
    if (
        claim.category is Category.RELATIVE_OF_MARTYR
        and claim.relation is Relation.PARENT
        and Category.HEROIC_MOTHER in categories
    ):
        words = "chế độ Bà mẹ Việt Nam anh hùng không gồm trợ cấp tuất hằng tháng đối với mẹ liệt sĩ"
        return words, ordinance("Điều 18 khoản 1")
    return None


def beside_sick_soldier(sheet: Sheet, claim: MeritClaim, claims: Sequence[MeritClaim], law: MeritLaw) -> bool:
    """Try an agent orange resister's claim of somebody who is a sick soldier too; False where it is no such case.

    Who is infertile, or whose child is affected, receives both allowances, this one at the level from 41 %. Who fell ill is
    examined for both together; by which table the result is paid is not told.

    Legal source:
        02/2020/UBTVQH14, Điều 30 khoản 1 điểm c, d, đ.
    """
    if claim.category is not Category.AGENT_ORANGE_RESISTER:
        return False
    if not any(one.category is Category.SICK_SOLDIER for one in claims):
        return False
    if claim.has_infertility_or_affected_child:
        article = ordinance("Điều 30 khoản 1 điểm d")
        level = law.band("agent_orange", law.bounds.infertile_rate)
        sheet.reasons.append(
            Reason("Bệnh binh vô sinh hoặc sinh con dị dạng, dị tật do nhiễm chất độc hóa học", True, article)
        )
        if level is not None:
            sheet.pay(LineKind.MONTHLY, level, article)
        return True
    if claim.rate is not None and law.band("agent_orange", claim.rate) is None:
        return False
    article = ordinance("Điều 30 khoản 1 điểm c")
    sheet.asks(
        "Bệnh binh mắc thêm bệnh do nhiễm chất độc hóa học, được giám định tổng hợp", None, article, LACKS_COMBINED
    )
    return True


def combine(sheet: Sheet, claims: Sequence[MeritClaim], law: MeritLaw) -> None:
    """Take away the lines that the ordinance does not let stand beside others.

    Args:
        sheet: With the lines of all claims.
        claims: Of the person, in order.
        law: Of the day.

    Legal source:
        02/2020/UBTVQH14, Điều 6 khoản 3 (attendant, studies: the highest), khoản 5 (survivors), khoản 6 (one extra).
    """
    _survivors(sheet, claims, law)
    highest = ordinance("Điều 6 khoản 3")
    _keep_highest(sheet, LineKind.ATTENDANT, "chỉ hưởng trợ cấp người phục vụ ở mức cao nhất", highest)
    _keep_highest(sheet, LineKind.STUDY, "chỉ hưởng mức cao nhất của một chế độ ưu đãi", highest)
    _keep_highest(sheet, LineKind.YEARLY, "chỉ hưởng mức cao nhất của một chế độ ưu đãi", highest, but=WORSHIP)
    _keep_highest(sheet, LineKind.EXTRA, "chỉ hưởng một suất trợ cấp nuôi dưỡng", ordinance("Điều 6 khoản 6"))


def _survivors(sheet: Sheet, claims: Sequence[MeritClaim], law: MeritLaw) -> None:
    monthly = [line for line in sheet.lines if line.kind is LineKind.MONTHLY]
    martyrs = [
        line
        for line in monthly
        if claims[line.claim].category is Category.RELATIVE_OF_MARTYR and claims[line.claim].relation in KIN_OF_MARTYR
    ]
    number = sum(claims[line.claim].number_of_martyrs or 0 for line in martyrs)
    if len(martyrs) > 1:
        sheet.change(martyrs[0], law.monthly[martyr_row(number)])
        sheet.drop(martyrs[1:], f"tính chung theo mức thân nhân của {number} liệt sĩ", ordinance("Điều 16 khoản 3"))
    others = [line for line in monthly if claims[line.claim].category in OF_OTHERS]
    of_martyrs = {claims[line.claim].origin for line in martyrs} - {None}
    article = ordinance("Điều 6 khoản 5 điểm d")
    same = "thân nhân của người có công thuộc hai đối tượng chỉ hưởng trợ cấp tuất của một đối tượng"
    best: dict[object, MeritLine] = {}
    for line in others:
        origin = claims[line.claim].origin
        key: object = line.claim if origin is None else origin
        if origin in of_martyrs or (key in best and best[key].amount >= line.amount):
            sheet.drop([line], same, article)
        elif key in best:
            sheet.drop([best[key]], same, article)
            best[key] = line
        else:
            best[key] = line
    allowed, words, point = _allowed(number, law)
    kept = sorted(best.values(), key=lambda line: (-line.amount, line.claim))
    sheet.drop(kept[allowed:], words, ordinance(f"Điều 6 khoản 5 điểm {point}"))


def _allowed(martyrs: int, law: MeritLaw) -> tuple[int, str, str]:
    """Give how many survivors' allowances for others may stand beside those for martyrs, why, and by which point."""
    if martyrs >= law.bounds.martyrs_alone:
        return 0, f"thân nhân của {martyrs} liệt sĩ chỉ hưởng trợ cấp tuất đối với thân nhân liệt sĩ", "c"
    if martyrs:
        most = law.bounds.beside_one_martyr
        return most, f"thân nhân của một liệt sĩ chỉ hưởng thêm {most} suất của người có công khác", "b"
    most = law.bounds.survivor_allowances
    return most, f"hưởng tối đa {most} suất trợ cấp tuất", "a"


def _keep_highest(sheet: Sheet, kind: LineKind, words: str, article: LegalReference, *, but: str = "") -> None:
    lines = [line for line in sheet.lines if line.kind is kind and line.code != but]
    ranked = sorted(lines, key=lambda line: (-line.amount, line.claim))
    sheet.drop(ranked[1:], words, article)


def open_questions(claims: Sequence[MeritClaim], lines: Mapping[int, Sequence[MeritLine]]) -> list[str]:
    """Word what the texts that were read do not say about this combination.

    Args:
        claims: Of the person, in order.
        lines: Those that are paid, by place of the claim.
    """
    found = []
    paid = {claim.category for place, claim in enumerate(claims) if lines.get(place)}
    if Category.HEROIC_MOTHER in paid and Category.RELATIVE_OF_MARTYR in paid:
        found.append(
            "Pháp lệnh không nói rõ Bà mẹ Việt Nam anh hùng đồng thời là vợ hoặc con liệt sĩ có hưởng thêm trợ cấp tuất của "
            "liệt sĩ đó hay không; hãy hỏi Sở Nội vụ trước khi quyết định."
        )
    if any(
        claim.category is Category.RELATIVE_OF_MARTYR
        and claim.relation is Relation.SPOUSE
        and (claim.number_of_martyrs or 1) > 1
        for claim in claims
    ):
        found.append(
            "Mức thân nhân của hai, ba liệt sĩ được Pháp lệnh nêu ở điểm a khoản 3 Điều 16 (cha mẹ, con, người nuôi); áp dụng "
            "cho vợ hoặc chồng theo Phụ lục I mục 3. Hãy đối chiếu hồ sơ các liệt sĩ."
        )
    origins = [claim.origin for claim in claims if claim.category in OF_OTHERS and claim.origin is not None]
    if len(origins) != len(set(origins)):
        found.append(
            "Pháp lệnh chỉ nói hưởng trợ cấp tuất của một đối tượng khi người có công thuộc hai đối tượng; kết quả lấy mức cao hơn."
        )
    return found
