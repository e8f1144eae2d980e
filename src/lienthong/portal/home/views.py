"""The front page of the portal."""

from datetime import date, datetime

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.translation import get_language

from lienthong.catalogue import queries as catalogue
from lienthong.dossiers import statistics
from lienthong.dossiers.statistics import Figures
from lienthong.infra.http import HouseRequest, public, reads
from lienthong.kernel.days import add_months
from lienthong.portal.pages import portal_page

_FIGURES_KEPT_SECONDS = 600


@public
@reads
def home(request: HouseRequest) -> HttpResponse:
    in_english = get_language() == "en"
    last_month = add_months(request.today.replace(day=1), -1)
    context = {
        "fields": [
            (field.code, field.name_en if in_english else field.name, field.count)
            for field in catalogue.fields_with_counts(on=request.today)
        ],
        "counts": catalogue.online_procedures_on(request.today),
        "decisions": catalogue.published_decisions(limit=4),
        "last_month": last_month,
        "figures": _figures_of(last_month, now=request.received_at),
    }
    return portal_page(request, "portal/home/home.html", context)


def _figures_of(first: date, *, now: datetime) -> Figures:
    """Return the figures of a month that is over. Counting a million dossiers is not repeated for every visitor."""
    key = f"front-page-figures:{first.isoformat()}"
    figures: Figures | None = cache.get(key)
    if figures is None:
        rows = statistics.figures(first=first, until=add_months(first, 1), now=now)
        figures = rows[0] if rows else statistics.nothing()
        cache.set(key, figures, _FIGURES_KEPT_SECONDS)
    return figures
