"""Addresses of devices: once behind a token, once behind name and password (Digest)."""

from django.urls import path, register_converter

from lienthong.interop.openrosa import views


class Token:
    """The token of a device: as long as ``secrets.token_urlsafe(32)`` makes it."""

    regex = r"[A-Za-z0-9_-]{43}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Token, "device_token")

app_name = "openrosa"
_FORM = "forms/<slug:form_id>/<slug:version>"
urlpatterns = [
    path("formList", views.forms_of_device, name="form_list"),
    path("submission", views.submission, name="submission"),
    path(f"{_FORM}.xml", views.form, name="form"),
    path(f"{_FORM}/manifest", views.files_of_form, name="manifest"),
    path(f"{_FORM}/households.csv", views.households, name="households"),
    path("<device_token:token>/formList", views.forms_of_device, name="token_form_list"),
    path("<device_token:token>/submission", views.submission, name="token_submission"),
    path(f"<device_token:token>/{_FORM}.xml", views.form, name="token_form"),
    path(f"<device_token:token>/{_FORM}/manifest", views.files_of_form, name="token_manifest"),
    path(f"<device_token:token>/{_FORM}/households.csv", views.households, name="token_households"),
]
