"""Addresses of the page of a household in the review."""

from django.urls import path

from lienthong.office.poverty import household

urlpatterns = [
    path("households/<int:review_id>/", household.household_page, name="poverty_household"),
    path("households/<int:review_id>/photos/<int:media_id>/", household.photo, name="poverty_photo"),
]
