"""Addresses of the administration of accounts."""

from django.urls import path

from lienthong.office.accounts import applicants, changes, views

urlpatterns = [
    path("accounts/", views.staff, name="accounts"),
    path("accounts/open/", changes.open_account, name="account_open"),
    path("accounts/applicants/", applicants.applicant_account, name="applicant_account"),
    path("accounts/<int:user_id>/", views.account, name="account"),
    path("accounts/<int:user_id>/grant/", changes.grant_mandate, name="mandate_grant"),
    path("accounts/<int:user_id>/reset-password/", changes.reset_password, name="account_reset_password"),
    path("accounts/<int:user_id>/close/", changes.close_account, name="account_close"),
    path("accounts/mandates/<int:mandate_id>/end/", changes.end_mandate, name="mandate_end"),
    path("accounts/sessions/<int:sign_in_id>/end/", changes.end_session, name="account_end_session"),
]
