"""Addresses of the public figures, inside the portal."""

from django.urls import path

from lienthong.portal.figures import views

urlpatterns = [path("figures/", views.public_figures, name="figures")]
