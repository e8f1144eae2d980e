"""How every form of the house is drawn, and the one place from which screens take their fields.

A plain Django ``Form`` is drawn accessibly without another word: ``{{ form.name.as_field_group }}`` or, where the
question is the heading of the page, ``{% field form.name heading=True %}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import boundfield
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import CheckboxInput, FileInput, Input, MultiWidget, RadioSelect, Select, Textarea, Widget

from lienthong.infra.choice_fields import AgreementField, ChoiceField, ChoicesField, FilesField
from lienthong.infra.day_fields import BirthDateField, DayField
from lienthong.infra.fields import (
    ApplicantNumberField,
    EmailField,
    LineField,
    MoneyField,
    NameField,
    NoteField,
    PersonalIdField,
    PhoneField,
    TaxCodeField,
)

_CLASSES: tuple[tuple[type[Widget], str], ...] = (
    (Textarea, "govuk-textarea"),
    (Select, "govuk-select"),
    (FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)
_CLASSED_BY_THEIR_TEMPLATE = (CheckboxInput, RadioSelect, MultiWidget)


class HouseBoundField(boundfield.BoundField):
    """A field in a form, with what its template needs to link label, hint, error and summary."""

    @property
    def first_input_id(self) -> str:
        """The id that a link from the error summary must open: the first control of a group, else the control."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.auto_id

    @property
    def is_optional(self) -> bool:
        """Whether the label must say so. The rule of the house: optional is marked, required is not."""
        return not self.field.required and not isinstance(self.field.widget, CheckboxInput)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Add the class of the control; leave out ``required``, for the browser's own bubble says neither what nor why."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if not widget.is_hidden and not isinstance(widget, _CLASSED_BY_THEIR_TEMPLATE):
            house = next((name for kind, name in _CLASSES if isinstance(widget, kind)), "")
            attrs["class"] = " ".join(filter(None, [house, widget.attrs.get("class", "")]))
        return attrs


class HouseRenderer(TemplatesSetting):
    """Draws forms with the templates of ``templates/django/forms``."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = HouseBoundField


class Form(forms.Form):
    """A form of the house: a plain ``Form`` that can also show the refusal of a service."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def show(self, refusal: Exception, *, field: str | None = None) -> None:
        """Put a service's refusal, which is already worded for people, above the form or beside one field."""
        self.add_error(field if field in self.fields else NON_FIELD_ERRORS, str(refusal))


def choose_from(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Offer these choices in a field that is known before its choices are."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field of choices")
    field.choices = list(choices)


__all__ = [
    "AgreementField",
    "ApplicantNumberField",
    "BirthDateField",
    "ChoiceField",
    "ChoicesField",
    "DayField",
    "EmailField",
    "FilesField",
    "Form",
    "HouseBoundField",
    "HouseRenderer",
    "LineField",
    "MoneyField",
    "NameField",
    "NoteField",
    "PersonalIdField",
    "PhoneField",
    "TaxCodeField",
    "choose_from",
]
