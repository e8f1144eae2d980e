"""Finding a procedure by the words a person uses, with or without diacritics, in whatever order.

A version is found when most of the words are in it. Rare words weigh more than common ones ("mai táng" more than "hỗ
trợ"), words of the name more than words elsewhere, words that stand side by side more than scattered ones. Where nothing
is found, what is spelled most alike is offered instead, and said to be so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import ReceivingLevel, VersionStatus
from lienthong.kernel.text import fold

_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[0-9][0-9.]{2,}")
_MOST_WORDS = 12
_FOUND_SHARE = 0.6
_ALIKE = 0.4
_EVERYDAY_WORDS = Path(__file__).parent.parent / "data" / "everyday_words.yaml"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of procedures. ``is_guess`` when nothing had the words, and these are only spelled alike."""

    page: Page[ProcedureVersion]
    is_guess: bool = False


def words_key(*texts: str) -> str:
    """Give texts as folded words between single spaces, so that a word is found by `` word``."""
    return f" {' '.join(_WORD.findall(fold(' '.join(texts))))} "


def search_catalogue(
    *,
    on: date,
    text: str = "",
    field: str = "",
    level: str = "",
    applicant: str = "",
    online: str = "",
    page: int = 1,
    per_page: int = 20,
) -> Found:
    """Return procedures in force on a day.

    Args:
        on: The day.
        text: Words or a code; empty for all, in Vietnamese order.
        field: Code of a field of work.
        level: Where the request is handed in; what can be handed in at either level is found under both.
        applicant: A kind of applicant.
        online: A level of online service.
        page: Which page, from 1; the nearest that exists.
        per_page: Rows on a page.
    """
    versions = (
        ProcedureVersion.objects.valid_on(on)
        .filter(status=VersionStatus.PUBLISHED)
        .select_related("procedure__field")
        .prefetch_related("fees")
    )
    if field:
        versions = versions.filter(procedure__field__code=field)
    if level:
        versions = versions.filter(receiving_level__in=[level, ReceivingLevel.PROVINCE_OR_COMMUNE])
    if applicant:
        versions = versions.filter(applicants__contains=[applicant])
    if online:
        versions = versions.filter(online_level=online)
    found, is_guess = _matching(versions, text)
    return Found(Paginator(found, per_page).get_page(page), is_guess)


def _matching(versions: QuerySet[ProcedureVersion], text: str) -> tuple[QuerySet[ProcedureVersion], bool]:
    if _CODE.fullmatch(text.strip()):
        return versions.filter(procedure__code__contains=text.strip()).order_by("procedure__code"), False
    if not (phrases := _phrases(text)):
        return (versions if not text.strip() else versions.none()).order_by("sort_key"), False
    everything = sorted({word for phrase in phrases for word in phrase})
    rarity = _rarity(versions, everything)
    scored: QuerySet[Any] = versions.annotate(**_tallies(phrases, rarity)).filter(_enough(phrases))
    ranked = scored.order_by("-score", "sort_key", "id")
    if ranked.exists():
        return ranked, False
    alike = versions.annotate(likeness=TrigramWordSimilarity(" ".join(phrases[0]), "search_key"))
    return alike.filter(likeness__gt=_ALIKE).order_by("-likeness", "sort_key", "id"), True


def _phrases(text: str) -> list[list[str]]:
    """Give the words that were typed, and the same with everyday words put as the law says them."""
    typed = words_key(text)
    official = typed
    for everyday, words in _everyday_words():
        official = official.replace(everyday, words)
    return [phrase.split()[:_MOST_WORDS] for phrase in dict.fromkeys([typed, official]) if phrase.split()]


@cache
def _everyday_words() -> tuple[tuple[str, str], ...]:
    pairs = yaml.safe_load(_EVERYDAY_WORDS.read_text(encoding="utf-8"))
    longest_first = sorted(pairs.items(), key=lambda pair: -len(pair[0]))
    return tuple((words_key(everyday), words_key(official)) for everyday, official in longest_first)


def _rarity(versions: QuerySet[ProcedureVersion], words: Sequence[str]) -> dict[str, float]:
    counts: dict[str, Any] = {f"n{place}": Count("id", filter=_has(word)) for place, word in enumerate(words)}
    tally = versions.prefetch_related(None).aggregate(everything=Count("id"), **counts)
    return {
        word: math.log(1 + tally["everything"] / (1 + tally[f"n{place}"])) + 0.1 for place, word in enumerate(words)
    }


def _has(word: str) -> Q:
    return Q(search_key__contains=f" {word}") | Q(search_text__contains=f" {word}")


def _tallies(phrases: Sequence[Sequence[str]], rarity: dict[str, float]) -> dict[str, Any]:
    tallies: dict[str, Any] = {
        f"matched{place}": _sum([_if(_has(word), 1.0) for word in phrase]) for place, phrase in enumerate(phrases)
    }
    scores = [_score(phrase, rarity) for phrase in phrases]
    tallies["score"] = Greatest(*scores) if len(scores) > 1 else scores[0]
    return tallies


def _score(phrase: Sequence[str], rarity: dict[str, float]) -> Any:
    terms = [
        Case(
            When(search_key__contains=f" {word} ", then=Value(3.0 * rarity[word])),
            When(search_key__contains=f" {word}", then=Value(2.0 * rarity[word])),
            When(search_text__contains=f" {word}", then=Value(1.0 * rarity[word])),
            default=Value(0.0),
            output_field=FloatField(),
        )
        for word in phrase
    ]
    for one, other in pairwise(phrase):
        pair, weight = f" {one} {other} ", rarity[one] + rarity[other]
        terms += [_if(Q(search_key__contains=pair), weight), _if(Q(search_text__contains=pair), weight)]
    if len(phrase) > 1:
        terms.append(_if(Q(search_key__contains=f" {' '.join(phrase)}"), 3.0))
    return _sum(terms)


def _if(condition: Q, weight: float) -> Any:
    return Case(When(condition, then=Value(weight)), default=Value(0.0), output_field=FloatField())


def _sum(terms: Sequence[Any]) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _enough(phrases: Sequence[Sequence[str]]) -> Q:
    enough = Q()
    for place, phrase in enumerate(phrases):
        enough |= Q(**{f"matched{place}__gte": math.ceil(len(phrase) * _FOUND_SHARE)})
    return enough
