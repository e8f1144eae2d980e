"""The addresses of the house and one more: an empty page of the same stack, which is the floor of every screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from lienthong.infra.http import public, reads

EMPTY = "/bench/empty/"


@public
@reads
def empty(request: HttpRequest) -> HttpResponse:
    """Draw the shell of the office for whoever is signed in, with nothing in it."""
    return render(request, "base/office.html", {"navigation": [], "signed_in": None})


urlpatterns = [path(EMPTY.strip("/") + "/", empty), path("", include("lienthong.config.urls"))]

handler400 = "lienthong.infra.http.bad_request"
handler403 = "lienthong.infra.http.forbidden"
handler404 = "lienthong.infra.http.not_found"
handler500 = "lienthong.infra.http.server_error"
