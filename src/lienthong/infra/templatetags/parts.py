"""The parts that screens are made of. Their markup lies in ``templates/components``.

Tags that hold text are blocks (``{% why %}…{% endwhy %}``); the others take their words as arguments. A tone is one of
``draft open wait soon late done refused ended``: it chooses a shape and a colour, and always stands beside words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.infra.forms import HouseBoundField

register = template.Library()

TONES = frozenset({"draft", "open", "wait", "soon", "late", "done", "refused", "ended"})


class UnknownTone(ValueError):
    """A part was asked for in a tone that has no shape."""


def _part(part: str, /, **context: Any) -> SafeString:
    return SafeString(get_template(f"components/{part}.html").render(context).strip())


def _trimmed(content: str) -> SafeString:
    # Django hands over what the block drew, already escaped.
    return SafeString(content.strip())


@cache
def _shape(tone: str) -> SafeString:
    # Read once: a list of fifty rows shows a hundred of them.
    return _part(f"shapes/{_tone(tone)}")


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise UnknownTone(f"{tone!r} is no tone. Take one of: {', '.join(sorted(TONES))}.")
    return tone


# --- doing -----------------------------------------------------------------------------------------------------------


@register.simple_tag
def button(words: str, *, kind: str = "primary", name: str = "", value: str = "", form: str = "") -> SafeString:
    """Draw a submit button; ``kind`` is primary, secondary, warning or start. A second press in a second is ignored."""
    return _part("button", words=words, kind=kind, name=name, value=value, form=form, url="")


@register.simple_tag
def link_button(words: str, url: str, *, kind: str = "primary") -> SafeString:
    """Draw a link with the weight of a button: it goes somewhere and changes nothing."""
    return _part("button", words=words, kind=kind, url=url)


@register.simple_tag
def back_link(url: str, words: str = "") -> SafeString:
    """Draw the way back, above the heading."""
    return _part("back_link", url=url, words=words or _("Quay lại"))


@register.simple_tag
def breadcrumbs(crumbs: Iterable[Any]) -> SafeString:
    """Draw where the page stands; each crumb has ``label`` and ``url`` (the last one may have none)."""
    return _part("breadcrumbs", crumbs=list(crumbs))


# --- forms -----------------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: HouseBoundField, *, heading: bool = False) -> SafeString:
    """Draw a field with label, hint and error; with ``heading`` its label is the ``h1`` of a question page."""
    context = {"field": bound, "heading": heading}
    return SafeString(bound.form.renderer.render(bound.template_name, context))


@register.simple_tag
def error_summary(*forms: BaseForm) -> SafeString:
    """Draw every error of the forms at the top of the page, each a link to its field. Nothing where there is none."""
    errors: list[dict[str, str]] = []
    for form in forms:
        for name, messages in form.errors.items():
            target = getattr(form[name], "first_input_id", form[name].auto_id) if name in form.fields else ""
            errors += [{"words": str(words), "target": target} for words in messages]
    return _part("error_summary", errors=errors) if errors else SafeString("")


# --- how it stands ---------------------------------------------------------------------------------------------------


@register.simple_tag
def state(words: str, tone: str) -> SafeString:
    """Draw how a dossier or a paper stands: shape, colour and word."""
    return _part("state", words=words, tone=tone, shape=_shape(tone))


@register.simple_tag
def deadline(words: str, tone: str, *, detail: str = "", line: bool = False) -> SafeString:
    """Draw the time left in words, with the exact moment below it (or beside it, with ``line``)."""
    return _part("deadline", words=words, tone=tone, shape=_shape(tone), detail=detail, line=line)


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """Hold the events of a record, oldest first."""
    return _part("timeline", content=content)


@register.simple_block_tag
def event(content: str, title: str, *, at: date | datetime | None = None, by: str = "", kind: str = "") -> SafeString:
    """Draw one event; the block holds what may be added to its title. ``kind`` is empty, now, late or ahead."""
    return _part("event", content=_trimmed(content), title=title, at=at, by=by, kind=kind)


@register.simple_tag
def progress(done: int, total: int, words: str) -> SafeString:
    """Draw how far long work has come; the words say the same."""
    return _part("progress", done=done, total=total, words=words)


# --- what is known ---------------------------------------------------------------------------------------------------


@register.simple_block_tag
def summary_list(content: str) -> SafeString:
    """Hold rows of ``fact``."""
    return _part("summary_list", content=content)


@register.simple_block_tag
def fact(content: str, label: str, *, change_url: str = "", change: str = "") -> SafeString:
    """Draw one row of a summary list, with a Change link where there is an address."""
    return _part("fact", content=_trimmed(content), label=label, change_url=change_url, change=change or _("Thay đổi"))


@register.simple_block_tag
def key_facts(content: str) -> SafeString:
    """Hold the three facts that matter, in the header of a record."""
    return _part("key_facts", content=content)


@register.simple_block_tag
def key_fact(content: str, label: str) -> SafeString:
    """Draw one fact of the header of a record."""
    return _part("key_fact", content=_trimmed(content), label=label)


@register.simple_block_tag
def task_list(content: str) -> SafeString:
    """Hold rows of ``task``."""
    return _part("task_list", content=content)


@register.simple_tag
def task(title: str, *, words: str, tone: str, url: str = "", hint: str = "", name: str = "") -> SafeString:
    """Draw one part of an application with how it stands; without an address it cannot be started yet.

    ``name`` is unique in the list: by it the link is read out together with how the part stands.
    """
    return _part("task", title=title, words=words, tone=tone, shape=_shape(tone), url=url, hint=hint, name=name)


@register.simple_tag
def file_list(files: Iterable[Any]) -> SafeString:
    """Draw papers as files: each has ``name``, ``url``, ``kind`` ("PDF"), ``size`` in bytes and may have ``note``."""
    return _part("file_list", files=list(files))


# --- text ------------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def why(content: str, words: str = "", *, opened: bool = False) -> SafeString:
    """Hide a reason that few ask for behind "Vì sao?"."""
    return _part("why", content=content, words=words or _("Vì sao?"), opened=opened)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Set one thing apart that must not be missed."""
    return _part("inset", content=content)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """Say that a list is empty; the block says why, and what can be done."""
    return _part("empty", content=content, title=title)


# --- figures ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def figure(
    number: str | int, words: str, *, url: str = "", period: str = "", compared: str = "", tone: str = ""
) -> SafeString:
    """Draw one figure as a sentence that opens its records, with its period and what it is compared with."""
    shown = f"{number:,}".replace(",", ".") if isinstance(number, int) else number
    return _part("figure", number=shown, words=words, url=url, period=period, compared=compared, tone=tone)


@register.simple_tag
def chart(
    title: str,
    svg: SafeString,
    *,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    source: str,
    period: str = "",
) -> SafeString:
    """Draw a chart with the sentence it shows, its table (first column names the row) and its source."""
    return _part("chart", title=title, svg=svg, columns=columns, rows=list(rows), source=source, period=period)
