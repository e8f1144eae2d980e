"""Addresses of filing, inside the portal."""

from django.urls import path

from lienthong.portal.filing import papers, parts, sending, start

urlpatterns = [
    path("file/<str:code>/", start.start, name="file"),
    path("drafts/<uuid:draft_id>/", sending.task_list, name="draft"),
    path("drafts/<uuid:draft_id>/where/", parts.where, name="draft_where"),
    path("drafts/<uuid:draft_id>/who/", parts.who, name="draft_who"),
    path("drafts/<uuid:draft_id>/applicant/", parts.applicant, name="draft_applicant"),
    path("drafts/<uuid:draft_id>/details/", parts.details, name="draft_details"),
    path("drafts/<uuid:draft_id>/papers/", papers.papers, name="draft_papers"),
    path("drafts/<uuid:draft_id>/papers/<int:number>/", papers.paper, name="draft_paper"),
    path("drafts/<uuid:draft_id>/files/<str:token>/", papers.file, name="draft_file"),
    path("drafts/<uuid:draft_id>/result/", parts.result, name="draft_result"),
    path("drafts/<uuid:draft_id>/check/", sending.check, name="draft_check"),
    path("drafts/<uuid:draft_id>/sent/", sending.sent, name="draft_sent"),
    path("drafts/<uuid:draft_id>/renew/", sending.renew, name="draft_renew"),
    path("drafts/<uuid:draft_id>/delete/", sending.delete, name="draft_delete"),
]
