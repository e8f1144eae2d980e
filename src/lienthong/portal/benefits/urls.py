"""Addresses of a citizen's benefits, inside the portal."""

from django.urls import path

from lienthong.portal.benefits import self_check

urlpatterns = [
    path("check/", self_check.self_check, name="benefits_check"),
]
