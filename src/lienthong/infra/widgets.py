"""The form controls of every screen. Their markup lies in ``templates/django/forms/widgets``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import ChoiceWidget

from lienthong.kernel.days import BirthDate, DatePrecision


class Line(forms.TextInput):
    """One line of text, as wide as what is expected in it."""

    def __init__(
        self, *, width: int | None = None, prefix: str = "", suffix: str = "", attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        if width:
            self.attrs["class"] = f"govuk-input--width-{width} {self.attrs.get('class', '')}".strip()
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class Digits(Line):
    """A number that is a name (identity number, telephone, tax code): figures that stand apart, a number keyboard."""

    def __init__(self, *, width: int = 20, autocomplete: str = "off", attrs: dict[str, Any] | None = None) -> None:
        given = {"inputmode": "numeric", "class": "govuk-input--digits", "spellcheck": "false"}
        super().__init__(width=width, attrs={**given, "autocomplete": autocomplete, **(attrs or {})})


class Note(forms.Textarea):
    """Several lines of text. Its limit is told before typing, and counted down where scripts run."""

    template_name = "django/forms/widgets/note.html"

    def __init__(self, *, limit: int | None = None, rows: int = 4, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        self.attrs.pop("cols", None)
        self.limit = limit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["limit"] = self.limit
        if self.limit and widget["attrs"].get("id"):
            told = [widget["attrs"].get("aria-describedby"), f"{widget['attrs']['id']}-info"]
            widget["attrs"]["aria-describedby"] = " ".join(filter(None, told))
            widget["attrs"]["class"] = f"{widget['attrs'].get('class', '')} govuk-js-character-count".strip()
        return context


class _WithHints(ChoiceWidget):
    """Choices that may each carry a sentence of explanation."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = hints or {}
        self.inline = inline

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["inline"] = self.inline
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        # No browser or reader supports an invalid state on one mark of a group; the group's message says it.
        option["attrs"].pop("aria-invalid", None)
        if option["hint"] and option["attrs"].get("id"):
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class Radios(_WithHints, forms.RadioSelect):
    """One of a few."""


class Checkboxes(_WithHints, forms.CheckboxSelectMultiple):
    """Some of a few."""


class Files(forms.ClearableFileInput):
    """One file or several, chosen together."""

    template_name = "django/forms/widgets/files.html"

    def __init__(
        self, *, several: bool = False, accept: Sequence[str] = (), attrs: dict[str, Any] | None = None
    ) -> None:
        self.allow_multiple_selected = several
        given: dict[str, Any] = {"multiple": True} if several else {}
        if accept:
            given["accept"] = ",".join(accept)
        super().__init__({**given, **(attrs or {})})


class Day(forms.MultiWidget):
    """A day as three small fields, since a calendar is of no help with a date of birth."""

    template_name = "django/forms/widgets/day.html"
    use_fieldset = True

    def __init__(self, *, autocomplete: str = "", attrs: dict[str, Any] | None = None) -> None:
        parts = {"day": 2, "month": 2, "year": 4}
        autocompletes = {part: f"bday-{part}" if autocomplete == "bday" else "off" for part in parts}
        super().__init__(
            {part: Digits(width=width, autocomplete=autocompletes[part]) for part, width in parts.items()}, attrs
        )

    def decompress(self, value: date | BirthDate | None) -> list[str]:
        """Give the three texts that show a value; a part that is not known stays empty."""
        if value is None:
            return ["", "", ""]
        known = value if isinstance(value, BirthDate) else BirthDate(value)
        day, year = known.day, f"{known.day.year:04d}"
        if known.precision is DatePrecision.YEAR:
            return ["", "", year]
        return ["" if known.precision is DatePrecision.MONTH else str(day.day), str(day.month), year]
