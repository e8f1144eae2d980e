"""Addresses of whoever visits households: their list, and the forms that they fill in the browser."""

from django.urls import path

from lienthong.office.poverty import devices, my_visits, web_form

_FORM = "visits/<int:review_id>/<slug:form_id>/"
urlpatterns = [
    path("visits/", my_visits.my_visits, name="poverty_visits"),
    path("visits/print/", my_visits.my_visits_print, name="poverty_visits_print"),
    path("visits/send/", web_form.send, name="poverty_send_form"),
    path(_FORM, web_form.web_form, name="poverty_web_form"),
    path(f"{_FORM}form.xml", web_form.form_xml, name="poverty_web_form_xml"),
    path(f"{_FORM}files/<str:name>", web_form.form_file, name="poverty_web_form_file"),
    path(f"{_FORM}answers.xml", web_form.answers_xml, name="poverty_web_form_answers"),
    path(f"{_FORM}photos/<str:name>", web_form.photo, name="poverty_web_form_photo"),
    path("devices/", devices.devices, name="poverty_devices"),
    path("devices/add/", devices.add_device, name="poverty_add_device"),
    path("devices/<int:device_id>/revoke/", devices.revoke_device, name="poverty_revoke_device"),
]
