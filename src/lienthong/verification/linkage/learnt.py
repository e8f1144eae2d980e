"""What a population says about how to read a register, and parts of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.verification.linkage.names import Vocabulary

_NO_YEAR = -1


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the population says about how to read others: parts read apart agree where they share it.

    Attributes:
        vocabulary: The syllables of names.
        ethnicities, commune_codes: What the numbers of those columns stand for.
        newest_year: The newest year of birth.
    """

    vocabulary: Vocabulary
    ethnicities: list[str]
    commune_codes: list[str]
    newest_year: int

    @classmethod
    def together(cls, parts: Iterable[Learnt]) -> Learnt:
        """Put together what parts of a population say; the same whatever their order."""
        learnt = list(parts)
        vocabulary = Vocabulary()
        for syllable in sorted({syllable for part in learnt for syllable in part.vocabulary.exact}):
            vocabulary.number(syllable)
        return cls(
            vocabulary,
            sorted({name for part in learnt for name in part.ethnicities}),
            sorted({code for part in learnt for code in part.commune_codes}),
            max((part.newest_year for part in learnt), default=_NO_YEAR),
        )
