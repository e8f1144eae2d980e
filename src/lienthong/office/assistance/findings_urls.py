"""Addresses of the review of everybody."""

from django.urls import path

from lienthong.office.assistance import findings

urlpatterns = [
    path("findings/", findings.finding_list, name="assistance_findings"),
    path("findings/review/", findings.ask_review, name="assistance_ask_review"),
    path("findings/review/<int:review_id>/", findings.review_page, name="assistance_findings_review"),
    path("findings/<int:finding_id>/", findings.finding_page, name="assistance_finding"),
]
