"""Addresses of the province's dashboard of the poverty review."""

from django.urls import path

from lienthong.office.poverty import province

urlpatterns = [
    path("province/", province.dashboard, name="poverty_province"),
]
