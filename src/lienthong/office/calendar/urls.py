"""Addresses of the working calendar."""

from django.urls import path

from lienthong.office.calendar import views

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("change/", views.change_day, name="calendar_change"),
    path("<int:version_id>/touched/", views.touched, name="calendar_touched"),
]
