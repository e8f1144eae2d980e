"""Addresses of whoever visits households: their list, and the forms that they fill in the browser."""

from django.urls import path

from lienthong.office.poverty import devices, flags, my_visits, set_aside, visit, web_form

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
    path("visits/read/<int:visit_id>/", visit.visit_page, name="poverty_visit"),
    path("visits/read/<int:visit_id>/photos/<str:name>", visit.visit_photo, name="poverty_visit_photo"),
    path("flags/", flags.flag_list, name="poverty_flags"),
    path("flags/<int:flag_id>/", flags.flag_page, name="poverty_flag"),
    path("set-aside/", set_aside.set_aside, name="poverty_set_aside"),
    path("set-aside/<int:submission_id>/", set_aside.set_aside_one, name="poverty_set_aside_one"),
    path("devices/", devices.devices, name="poverty_devices"),
    path("devices/add/", devices.add_device, name="poverty_add_device"),
    path("devices/<int:device_id>/revoke/", devices.revoke_device, name="poverty_revoke_device"),
]
