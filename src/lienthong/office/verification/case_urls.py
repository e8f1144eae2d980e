"""Addresses of the work lists of verification."""

from django.urls import path

from lienthong.office.verification import case_list, case_page, case_prints

urlpatterns = [
    path("progress/", case_list.progress, name="verification_progress"),
    path("cases/", case_list.case_list, name="verification_cases"),
    path("cases/bulk/", case_list.bulk_accept, name="verification_bulk"),
    path("cases/marked/", case_list.marked, name="verification_marked"),
    path("cases/second/", case_list.second_person, name="verification_second"),
    path("cases/visits/", case_prints.visit_list, name="verification_visits"),
    path("cases/police/", case_prints.police_letter, name="verification_police"),
    path("cases/<int:case_id>/", case_page.case_page, name="verification_case"),
    path("cases/<int:case_id>/ask/", case_page.case_ask, name="verification_ask"),
    path("cases/<int:case_id>/do/<str:action>/", case_page.case_act, name="verification_act"),
]
