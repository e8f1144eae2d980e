"""Addresses of the office."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lienthong.office.accounts.urls")),
]
