"""Addresses of the keeping of the catalogue."""

from django.urls import path

from lienthong.office.catalogue import drafts, exchange, overview, publishing, rows, withdrawing

urlpatterns = [
    path("", overview.procedures, name="catalogue"),
    path("add/", overview.add, name="catalogue_add"),
    path("export.<str:kind>", exchange.export, name="catalogue_export"),
    path("import/", exchange.upload, name="catalogue_import"),
    path("import/<int:import_id>/", exchange.report, name="catalogue_import_report"),
    path("procedures/<str:code>/", overview.procedure, name="catalogue_procedure"),
    path("procedures/<str:code>/draft/", overview.begin_draft, name="catalogue_begin_draft"),
    path("procedures/<str:code>/withdraw/", withdrawing.withdraw, name="catalogue_withdraw"),
    path("withdrawals/<int:withdrawal_id>/confirm/", withdrawing.confirm, name="catalogue_confirm_withdrawal"),
    path("withdrawals/<int:withdrawal_id>/discard/", withdrawing.discard, name="catalogue_discard_withdrawal"),
    path("drafts/<int:version_id>/", drafts.draft, name="catalogue_draft"),
    path("drafts/<int:version_id>/preview/", publishing.preview, name="catalogue_preview"),
    path("drafts/<int:version_id>/changes/", publishing.changes, name="catalogue_changes"),
    path("drafts/<int:version_id>/publish/", publishing.publish, name="catalogue_publish"),
    path("drafts/<int:version_id>/discard/", publishing.discard, name="catalogue_discard"),
    path("drafts/<int:version_id>/rows/<str:part>/", rows.listed, name="catalogue_rows"),
    path("drafts/<int:version_id>/rows/<str:part>/add/", rows.add, name="catalogue_row_add"),
    path("drafts/<int:version_id>/rows/<str:part>/<int:place>/", rows.change, name="catalogue_row"),
    path("drafts/<int:version_id>/<str:part>/", drafts.part, name="catalogue_part"),
]
