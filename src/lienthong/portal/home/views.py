"""The front page of the portal."""

from django.http import HttpResponse
from django.utils.translation import get_language

from lienthong.catalogue import queries as catalogue
from lienthong.infra.http import HouseRequest, public, reads
from lienthong.portal.pages import portal_page


@public
@reads
def home(request: HouseRequest) -> HttpResponse:
    in_english = get_language() == "en"
    context = {
        "fields": [
            (field.code, field.name_en if in_english else field.name, field.count)
            for field in catalogue.fields_with_counts(on=request.today)
        ],
        "counts": catalogue.online_procedures_on(request.today),
        "decisions": catalogue.published_decisions(limit=4),
    }
    return portal_page(request, "portal/home/home.html", context)
