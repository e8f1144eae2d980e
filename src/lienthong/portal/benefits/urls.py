"""Addresses of a citizen's benefits, inside the portal."""

from django.urls import path

from lienthong.portal.benefits import account, complaints, self_check, sheets, views

urlpatterns = [
    path("", views.benefits, name="benefits"),
    path("check/", self_check.self_check, name="benefits_check"),
    path("account/", account.account, name="benefits_account"),
    path("payments.pdf", sheets.paid, name="benefits_paid"),
    path("payments/", views.all_payments, name="benefits_payments"),
    path("complain/", complaints.complain, name="benefits_complain"),
    path("payments/<int:line_id>/complain/", complaints.complain_about, name="benefits_complain_about"),
    path("complaints/<int:complaint_id>/", complaints.complaint, name="benefits_complaint"),
    path("complaints/<int:complaint_id>/reopen/", complaints.reopen, name="benefits_reopen"),
    path("complaints/<int:complaint_id>/close/", complaints.close, name="benefits_close"),
    path("decisions/<int:sheet_id>.pdf", sheets.decision_sheet, name="benefits_sheet"),
    path("<int:entitlement_id>/", views.benefit, name="benefits_one"),
]
