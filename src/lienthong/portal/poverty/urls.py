"""Addresses of a household's own result."""

from django.urls import path

from lienthong.portal.poverty import views

urlpatterns = [
    path("", views.household, name="household"),
    path("look-up/", views.look_up, name="household_look_up"),
    path("result/", views.looked_up, name="household_result"),
]
