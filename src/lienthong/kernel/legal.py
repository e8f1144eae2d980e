"""References to articles of law, and how sure we are of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Confidence(StrEnum):
    """How a fact of law was established.

    Mức độ tin cậy của căn cứ.
    """

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a screen or a printed reason."""
        return _CONFIDENCE_WORDS[self]


_CONFIDENCE_WORDS = {
    Confidence.VERIFIED: "đã đối chiếu văn bản gốc",
    Confidence.SECONDARY: "theo nguồn thứ cấp",
    Confidence.MEMORY: "chưa kiểm chứng",
}

_PART = re.compile(r"\b(điều|khoản|điểm)\s+([0-9]+[a-zđ]{0,2}|[a-zđ]{1,2}[0-9]?)(?=$|[\s,.;)])", re.IGNORECASE)
_JOINERS = re.compile(r"^[\s,;.]+|[\s,;.]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalReference:
    """One place in the law: a document, and the article, clause and point where they are named.

    Căn cứ pháp lý: số hiệu văn bản, điều, khoản, điểm.
    """

    document: str
    article: str | None = None
    clause: str | None = None
    point: str | None = None

    def __post_init__(self) -> None:
        if not self.document.strip():
            raise ValueError("Căn cứ pháp lý phải nêu số hiệu hoặc tên văn bản.")
        if (self.clause or self.point) and not self.article:
            raise ValueError(f"Căn cứ “{self.document}” nêu khoản hoặc điểm nhưng thiếu điều.")

    @classmethod
    def parse(cls, text: str) -> LegalReference:
        """Read a reference in either order of its parts.

        Args:
            text: The document's number or name, with "Điều", "khoản", "điểm" before or after it.

        Raises:
            ValueError: No document is named, or a clause or point stands without its article.

        Examples:
            >>> str(LegalReference.parse("20/2021/NĐ-CP, Điều 4 khoản 2"))
            '20/2021/NĐ-CP, Điều 4 khoản 2'
            >>> str(LegalReference.parse("điểm a khoản 1 Điều 5 Nghị định 20/2021/NĐ-CP"))
            'Nghị định 20/2021/NĐ-CP, Điều 5 khoản 1 điểm a'
        """
        return _parsed(text)

    def __str__(self) -> str:
        named = (("Điều", self.article), ("khoản", self.clause), ("điểm", self.point))
        place = " ".join(f"{word} {number}" for word, number in named if number)
        return f"{self.document}, {place}" if place else self.document


@lru_cache(maxsize=8192)
def _parsed(text: str) -> LegalReference:
    parts: dict[str, str] = {}
    for match in _PART.finditer(text):
        kind = match[1].lower()
        if kind in parts:
            raise ValueError(f"Căn cứ “{text}” nêu {kind} hai lần; mỗi căn cứ chỉ một điều, một khoản, một điểm.")
        parts[kind] = match[2]
    document = _JOINERS.sub("", re.sub(r"\s+", " ", _PART.sub(" ", text)))
    document = re.sub(r"\s*[,;][\s,;]*", ", ", document)
    return LegalReference(
        document=document, article=parts.get("điều"), clause=parts.get("khoản"), point=parts.get("điểm")
    )
