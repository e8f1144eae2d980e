"""What an assessment is made of: lines with amount and article, reasons, missing facts; and the sheet they are gathered on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.merit.law import Level


class LineKind(StrEnum):
    """What a line pays.

    Loại khoản hưởng: trợ cấp, phụ cấp, người phục vụ, nuôi dưỡng, theo học, hằng năm, một lần.
    """

    MONTHLY = "monthly"
    SUPPLEMENT = "supplement"
    ATTENDANT = "attendant"
    EXTRA = "extra"
    STUDY = "study"
    YEARLY = "yearly"
    ONE_OFF = "one_off"

    @property
    def is_monthly(self) -> bool:
        """Whether it is paid each month."""
        return self not in {LineKind.YEARLY, LineKind.ONE_OFF}


OWN_KINDS = (LineKind.MONTHLY, LineKind.SUPPLEMENT, LineKind.EXTRA)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritLine:
    """One amount that is due.

    Khoản trợ cấp, phụ cấp ưu đãi.

    Attributes:
        claim: The place of the claim among the facts, from 0.
        amount: Đồng, each month, each year or once, by ``kind``.
        article: Of the ordinance: why it is due.
        reference: Of the annex: why it is so much.
        notice: What is not certain of the amount, for whoever reads it; None where the text was read.
    """

    kind: LineKind
    code: str
    claim: int
    amount: Dong
    words: str
    article: LegalReference
    reference: LegalReference
    confidence: Confidence
    notice: str | None = None

    def __str__(self) -> str:
        return f"{self.words}: {format_dong(self.amount)} ({self.article}; {self.reference})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritAssessment:
    """What a person is due, with everything that was tried.

    Kết quả xét hưởng chế độ ưu đãi người có công.

    Attributes:
        lines: What is certain; while the outcome is UNKNOWN more may be due, or a line may be another.
        notices: What whoever reads the result must know: amounts that were not read in the law, rules that were not found.
    """

    outcome: Outcome
    lines: tuple[MeritLine, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    notices: tuple[str, ...]

    def total(self, *kinds: LineKind) -> Dong:
        """Add up the lines of some kinds, đồng."""
        return Dong(sum(line.amount for line in self.lines if line.kind in kinds))

    @property
    def monthly_amount(self) -> Dong:
        """What the person receives each month for themselves: allowance, supplement, extra.

        This is what social assistance is compared with (20/2021/NĐ-CP, Điều 6 khoản 2); what is paid for an attendant, or
        for studies, is left out.
        """
        return self.total(*OWN_KINDS)

    @property
    def monthly_total(self) -> Dong:
        """Everything that is paid each month, for attendant and studies too."""
        return self.total(*(kind for kind in LineKind if kind.is_monthly))

    @property
    def yearly_total(self) -> Dong:
        """Everything that is paid each year."""
        return self.total(LineKind.YEARLY)

    @property
    def one_off_total(self) -> Dong:
        """Everything that is paid once."""
        return self.total(LineKind.ONE_OFF)

    @property
    def references(self) -> tuple[LegalReference, ...]:
        """The articles of lines and reasons, each once."""
        found = [reference for line in self.lines for reference in (line.article, line.reference)]
        found += [reason.reference for reason in self.reasons if reason.reference]
        return tuple(dict.fromkeys(found))

    @property
    def decision(self) -> Decision[Dong]:
        """The same as a decision about the monthly amount."""
        if self.outcome is Outcome.GRANTED:
            return Decision.granted(self.monthly_total, reasons=self.reasons)
        if self.outcome is Outcome.UNKNOWN:
            return Decision.unknown(missing=self.missing, reasons=self.reasons)
        return Decision.refused(reasons=self.reasons)


@dataclass(frozen=True, slots=True)
class Condition:
    """One of several conditions: its words, whether it holds (None: not known), its article, the facts it lacks."""

    words: str
    holds: bool | None
    article: LegalReference
    lacking: tuple[str, ...]


@dataclass(slots=True)
class Sheet:
    """Gathers lines, reasons and missing facts of one claim."""

    claim: int
    lines: list[MeritLine] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def pay(
        self,
        kind: LineKind,
        level: Level,
        article: LegalReference,
        *,
        amount: Dong | None = None,
        words: str | None = None,
    ) -> None:
        """Write a line down."""
        self.lines.append(
            MeritLine(
                kind=kind,
                code=level.code,
                claim=self.claim,
                amount=level.amount if amount is None else amount,
                words=words or level.words,
                article=article,
                reference=level.reference,
                confidence=level.confidence,
                notice=notice_of(level),
            )
        )

    def asks(self, words: str, holds: bool | None, article: LegalReference, lacking: str | Iterable[str]) -> bool:
        """Write down that a condition was tried, and what is missing to know; say whether it holds."""
        self.reasons.append(Reason(words, holds, article))
        if holds is None:
            self.missing += [lacking] if isinstance(lacking, str) else list(lacking)
        return bool(holds)

    def asks_all(self, conditions: Sequence[Condition]) -> bool:
        """Write down conditions that must all hold; facts are missing only while none of them has failed."""
        self.reasons += [Reason(one.words, one.holds, one.article) for one in conditions]
        if not any(one.holds is False for one in conditions):
            self.missing += [fact for one in conditions if one.holds is None for fact in one.lacking]
        return all(one.holds for one in conditions)

    def refuses(self, words: str, article: LegalReference) -> None:
        """Write down a condition that does not hold."""
        self.reasons.append(Reason(words, False, article))

    def lacks(self, fact: str) -> None:
        """Write down a fact without which nothing more can be said."""
        self.missing.append(fact)

    def drop(self, lines: Iterable[MeritLine], words: str, article: LegalReference) -> None:
        """Take lines away again, with the rule that does not let them stand beside others."""
        for line in lines:
            self.lines.remove(line)
            self.reasons.append(Reason(f"{line.words}: {words}", False, article))

    def change(self, line: MeritLine, level: Level) -> None:
        """Put another level in the place of a line's."""
        place = self.lines.index(line)
        self.lines[place] = replace(
            line,
            code=level.code,
            amount=level.amount,
            words=level.words,
            reference=level.reference,
            confidence=level.confidence,
            notice=notice_of(level),
        )


def notice_of(level: Level) -> str | None:
    """Word what is not certain of a level; None where its text was read."""
    if level.confidence is Confidence.VERIFIED:
        return None
    return f"Mức theo {level.reference.document} {level.confidence.in_words}. {level.note or ''}".strip()
