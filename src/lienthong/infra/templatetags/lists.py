"""Lists whose state is their address: filters, sorting and pages are links that keep the rest of the query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()

# A new filter or order begins at the first page again.
PLACES = ("page", "after", "before")


def _part(part: str, /, **context: Any) -> SafeString:
    return SafeString(get_template(f"components/{part}.html").render(context).strip())


def _address(context: Context, **changes: str | None) -> str:
    query: QueryDict = context["request"].GET.copy()
    for name in (*PLACES, *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else context["request"].path


@register.simple_block_tag
def data_table(
    content: str, caption: str, *, rows: int | None = None, fold: bool = False, keys: bool = False
) -> SafeString:
    """Hold the ``thead`` and ``tbody`` of a table.

    Args:
        caption: What the table shows.
        rows: How many records there are in all, told in the caption.
        fold: On a telephone each row becomes a record (every ``td`` then carries ``data-label``); else it scrolls.
        keys: j, k, Enter and x walk, open and mark rows. Rows carry ``data-row``, their link ``data-open``, their
            checkbox ``data-mark``.
    """
    return _part("data_table", content=content, caption=caption, rows=rows, fold=fold, keys=keys)


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, key: str, *, default: str = "", kind: str = "") -> SafeString:
    """Draw a column heading that sorts by ``?sort=key``, then ``?sort=-key``.

    Args:
        default: The order of the list where the address names none.
        kind: ``number`` for a column of figures, ``tight`` for one no wider than its words.
    """
    current = context["request"].GET.get("sort", default)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    url = _address(context, sort=f"-{key}" if direction == "ascending" else key)
    return _part("sort_header", label=label, url=url, direction=direction, kind=kind)


@register.simple_tag(takes_context=True)
def filters(context: Context, name: str, label: str, choices: Iterable[Any], *, default: str = "") -> SafeString:
    """Draw one filter as links.

    Args:
        name: Its name in the address.
        label: What is chosen.
        choices: ``(value, words)`` or ``(value, words, count)``; the value "" stands for all.
        default: The value where the address names none.
    """
    current = context["request"].GET.get(name, default)
    links = [
        {
            "words": words,
            "count": rest[0] if rest else None,
            "url": _address(context, **{name: str(value) if str(value) != default else None}),
            "current": str(value) == current,
        }
        for value, words, *rest in choices
    ]
    return _part("filters", label=label, links=links)


@register.simple_tag(takes_context=True)
def page_links(context: Context, page: Page[Any]) -> SafeString:
    """Draw numbered pages of a Django ``Page``. Nothing where there is only one."""
    if page.paginator.num_pages < 2:
        return SafeString("")
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"number": number, "url": _address(context, page=str(number)) if isinstance(number, int) else ""}
        for number in shown
    ]
    return _part(
        "page_links",
        page=page,
        links=links,
        previous_url=_address(context, page=str(page.number - 1)) if page.has_previous() else "",
        next_url=_address(context, page=str(page.number + 1)) if page.has_next() else "",
    )


@register.simple_tag(takes_context=True)
def step_links(context: Context, *, before: str | None = None, after: str | None = None, words: str = "") -> SafeString:
    """Draw previous and next by key: ``?before=…`` and ``?after=…``. A list of a million rows has no page numbers."""
    if not before and not after:
        return SafeString("")
    return _part(
        "step_links",
        words=words,
        previous_url=_address(context, before=before) if before else "",
        next_url=_address(context, after=after) if after else "",
    )


@register.simple_tag(takes_context=True)
def address_with(context: Context, **changes: Any) -> str:
    """Give the address of this list with some of its query changed, as for an export."""
    return _address(context, **dict(zip(changes, map(str, changes.values()), strict=True)))
