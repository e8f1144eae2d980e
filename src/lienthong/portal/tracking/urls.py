"""Addresses of tracking, inside the portal."""

from django.urls import path

from lienthong.portal.tracking import actions, mine, views

urlpatterns = [
    path("my/", mine.my_dossiers, name="my_dossiers"),
    path("track/", views.track, name="track"),
    path("track/<uuid:public_id>/", views.tracked, name="tracked"),
    path("track/<uuid:public_id>/answer/", actions.answer, name="answer"),
    path("track/<uuid:public_id>/withdraw/", actions.withdraw, name="withdraw"),
    path("track/<uuid:public_id>/rate/", actions.rate, name="rate"),
    path("track/<uuid:public_id>/forget/", views.forget, name="forget"),
    path("track/<uuid:public_id>/files/<str:token>/", views.file, name="tracked_file"),
    path("track/<uuid:public_id>/forms/<str:code>/", views.printed_form, name="tracked_form"),
]
