"""The addresses that shells look for by name, so that they can be drawn without the screens."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("sign-in/", nowhere, name="sign_in"),
    path("sign-out/", nowhere, name="sign_out"),
    path("contact/", nowhere, name="contact"),
    path("accessibility/", nowhere, name="accessibility"),
    path("privacy/", nowhere, name="privacy"),
    path("office/", include(([path("search/", nowhere, name="search")], "office"))),
]
