"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, include, path

from lienthong.portal.home import views as home

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("lienthong.portal.catalogue.urls")),
    path("", include("lienthong.portal.filing.urls")),
    path("", include("lienthong.portal.tracking.urls")),
    path("", include("lienthong.portal.figures.urls")),
    path("household/", include("lienthong.portal.poverty.urls")),
    path("benefits/", include("lienthong.portal.benefits.urls")),
]
