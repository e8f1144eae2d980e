"""What a page with a survey form may do beyond other pages; see docs/decisions/0035-survey-forms.md."""

from collections.abc import Callable
from typing import TypeVar

from csp.constants import NONCE
from csp.decorators import csp_update
from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

WEBFORM_POLICY = {
    # The form's expressions are parsed by a compiled module. It cannot be had without this; JavaScript's eval stays shut.
    "script-src": ["'wasm-unsafe-eval'"],
    # The parts of the form write their styles into the page while it runs, each with the nonce of this answer.
    "style-src": [NONCE],
    # A photo that was just taken is shown before it is sent.
    "img-src": ["blob:"],
}


def shows_webform(view: View) -> View:
    """Open the content security policy as far as the part ``office/poverty/_webform.html`` needs, for this view only."""
    return csp_update(WEBFORM_POLICY)(view)  # type: ignore[return-value]
