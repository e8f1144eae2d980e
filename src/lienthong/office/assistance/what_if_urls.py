"""Addresses of drafts of the law."""

from django.urls import path

from lienthong.office.assistance import what_if

urlpatterns = [
    path("what-if/", what_if.scenario_list, name="assistance_what_if"),
    path("what-if/new/", what_if.new_scenario, name="assistance_what_if_new"),
    path("what-if/<int:scenario_id>/", what_if.scenario_page, name="assistance_scenario"),
]
