"""Addresses of rounds, of a commune's part in them, and of its households."""

from django.urls import path

from lienthong.office.poverty import commune, entry, household_acts, rounds, worklist

urlpatterns = [
    path("", entry.entry, name="poverty"),
    path("rounds/", rounds.round_list, name="poverty_rounds"),
    path("rounds/open/", rounds.open_round, name="poverty_round_open"),
    path("rounds/<int:round_id>/", rounds.round_page, name="poverty_round"),
    path("rounds/<int:round_id>/do/<str:action>/", rounds.round_act, name="poverty_round_act"),
    path("communes/<int:review_id>/", commune.commune_page, name="poverty_commune"),
    path("communes/<int:review_id>/do/<str:action>/", commune.commune_act, name="poverty_commune_act"),
    path("communes/<int:review_id>/totals/", commune.totals, name="poverty_totals"),
    path("communes/<int:review_id>/add/", commune.add_household, name="poverty_add_household"),
    path("communes/<int:review_id>/requests/", commune.request_list, name="poverty_requests"),
    path("communes/<int:review_id>/households/", worklist.work_list, name="poverty_households"),
    path("communes/<int:review_id>/households/assign/", worklist.assign, name="poverty_assign"),
    path("communes/<int:review_id>/households/print/", worklist.visit_print, name="poverty_visit_print"),
    path(
        "communes/<int:review_id>/households/<int:household_id>/do/<str:action>/",
        household_acts.household_act,
        name="poverty_household_act",
    ),
]
