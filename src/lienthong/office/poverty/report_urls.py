"""Addresses of the reports of a round."""

from django.urls import path

from lienthong.office.poverty import reports

urlpatterns = [
    path("reports/", reports.report_index, name="poverty_reports"),
    path("reports/unplaced/", reports.unplaced_households, name="poverty_unplaced"),
    path("reports/<slug:code>/", reports.report_page, name="poverty_report_table"),
    path("reports/<slug:code>/households/", reports.report_households, name="poverty_report_households"),
]
