"""Addresses of new laws."""

from django.urls import path

from lienthong.office.new_laws import views

urlpatterns = [
    path("", views.law_changes, name="assistance_laws"),
    path("<int:change_id>/", views.law_change, name="assistance_law"),
    path("<int:change_id>/rows/", views.rows, name="assistance_law_rows"),
    path("<int:change_id>/rows.xlsx", views.workbook, name="assistance_law_workbook"),
]
