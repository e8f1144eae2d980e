"""Grounds for merit benefits in words: of a person, and of the relatives who hold one through the person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.assistance.queries.merit_claims import claims_through
from lienthong.office.assistance.wording import days_span


def claim_words(one: Any) -> str:
    """Say a ground for merit benefits in one line."""
    relation = f", {one.get_relation_display()}" if one.relation else ""
    words = {
        "what": f"{one.get_category_display()}{relation}", "number": one.decision_number,
        "days": days_span(one.valid_from, one.valid_until),
    }  # fmt: skip
    return _("%(what)s; quyết định %(number)s, %(days)s") % words


def relatives_told(person: Any, *, user: Any, on: date) -> list[dict[str, str]]:
    """Say who holds a ground through a person with merit, each with the page of the relative."""
    return [
        {
            "name": one.person.full_name,
            "words": claim_words(one),
            "url": reverse("office:assistance_person", args=[one.person_id]),
        }
        for one in claims_through(person.personal_id_number, as_=user, on=on)
        if one.person_id != person.pk
    ]
