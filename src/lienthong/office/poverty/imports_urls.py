"""Addresses of imported lists, and of the export that an import reads back."""

from django.urls import path

from lienthong.office.poverty import imports, ministry

urlpatterns = [
    path("imports/", imports.import_list, name="poverty_imports"),
    path("imports/new/", imports.new_import, name="poverty_new_import"),
    path("imports/<int:list_import_id>/columns/", imports.import_columns, name="poverty_import_columns"),
    path("imports/<int:list_import_id>/", imports.import_page, name="poverty_import"),
    path("imports/<int:list_import_id>/cancel/", imports.cancel_import, name="poverty_cancel_import"),
    path("rounds/<int:round_id>/ministry.xlsx", ministry.ministry_export, name="poverty_ministry_export"),
]
