"""Addresses of the village's part of a commune: meetings, postings, objections, the decision."""

from django.urls import path

from lienthong.office.poverty import decisions, meetings, objections, postings

urlpatterns = [
    path("communes/<int:review_id>/village/", meetings.village, name="poverty_village"),
    path("communes/<int:review_id>/village/hamlet/", meetings.hamlet_results, name="poverty_hamlet"),
    path("communes/<int:review_id>/meetings/new/", meetings.record_meeting, name="poverty_meeting_new"),
    path("communes/<int:review_id>/meetings/<int:number>.pdf", meetings.minutes, name="poverty_minutes"),
    path("communes/<int:review_id>/results/<int:household_id>/correct/", meetings.correct, name="poverty_correct"),
    path("communes/<int:review_id>/posting/", postings.posting, name="poverty_posting"),
    path("communes/<int:review_id>/posting/<int:number>.pdf", postings.notice, name="poverty_notice"),
    path("communes/<int:review_id>/objections/", objections.objection_list, name="poverty_objections"),
    path("communes/<int:review_id>/objections/new/", objections.receive, name="poverty_objection_new"),
    path(
        "communes/<int:review_id>/objections/<int:objection_id>/", objections.objection_page, name="poverty_objection"
    ),
    path("communes/<int:review_id>/objections/<int:objection_id>/recheck/", objections.recheck, name="poverty_recheck"),
    path("communes/<int:review_id>/objections/<int:objection_id>/answer/", objections.answer, name="poverty_answer"),
    path(
        "communes/<int:review_id>/objections/<int:objection_id>/answer.pdf",
        objections.answer_paper,
        name="poverty_answer_paper",
    ),
    path("communes/<int:review_id>/decision/", decisions.decision, name="poverty_decision"),
    path("communes/<int:review_id>/decision/prepare/", decisions.prepare, name="poverty_prepare"),
    path("communes/<int:review_id>/decision/sign/", decisions.sign, name="poverty_sign"),
    path("communes/<int:review_id>/decision/back/", decisions.send_back, name="poverty_send_back"),
    path("communes/<int:review_id>/decision/report/", decisions.report, name="poverty_report"),
    path(
        "communes/<int:review_id>/decision/<int:decision_id>.pdf",
        decisions.decision_paper,
        name="poverty_decision_paper",
    ),
    path("communes/<int:review_id>/certificates.pdf", decisions.certificates, name="poverty_certificates"),
]
