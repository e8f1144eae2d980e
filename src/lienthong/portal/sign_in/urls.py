"""Addresses of the door. They carry no name space: officers and citizens come in by the same one."""

from django.urls import path

from lienthong.portal.sign_in import account, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("kept-form/", views.kept_form, name="kept_form"),
    path("i18n/", views.set_language, name="set_language"),
    path("account/", account.own_account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/sessions/", account.own_sessions, name="own_sessions"),
    path("account/sessions/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:sign_in_id>/end/", account.end_session, name="end_session"),
    path("account/readings/", account.own_readings, name="own_readings"),
]
