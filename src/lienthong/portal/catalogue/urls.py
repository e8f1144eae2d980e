"""Addresses of the public catalogue."""

from django.urls import path

from lienthong.portal.catalogue import downloads, views

urlpatterns = [
    path("procedures/", views.procedures, name="procedures"),
    path("procedures/all.<str:kind>", downloads.whole_catalogue, name="catalogue_file"),
    path("procedures/<str:code>/", views.procedure, name="procedure"),
    path("procedures/<str:code>/print/", views.printed, name="procedure_print"),
    path("procedures/<str:code>/file.<str:kind>", downloads.one_procedure, name="procedure_file"),
    path("decisions/", views.decisions, name="decisions"),
]
