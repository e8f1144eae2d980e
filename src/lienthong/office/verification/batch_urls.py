"""Addresses of the province's side of verification: dashboard, batches, copies of the population data."""

from django.urls import path

from lienthong.office.verification import batches, copies, province

urlpatterns = [
    path("", province.dashboard, name="verification"),
    path("batches/", batches.batch_list, name="verification_batches"),
    path("batches/new/", batches.new_batch, name="verification_new_batch"),
    path("batches/<int:batch_id>/", batches.batch_page, name="verification_batch"),
    path("batches/<int:batch_id>/columns/", batches.confirm_columns, name="verification_columns"),
    path("batches/<int:batch_id>/go/", batches.go_on, name="verification_go"),
    path("batches/<int:batch_id>/cancel/", batches.cancel, name="verification_cancel"),
    path("batches/<int:batch_id>/return/", batches.take_return, name="verification_return"),
    path("batches/<int:batch_id>/outgoing/", batches.outgoing_file, name="verification_outgoing"),
    path("batches/<int:batch_id>/findings.xlsx", batches.findings, name="verification_findings"),
    path("batches/<int:batch_id>/results.csv", batches.results, name="verification_results"),
    path("copies/", copies.copy_list, name="verification_copies"),
    path("copies/new/", copies.load_copy, name="verification_load_copy"),
    path("copies/<int:copy_id>/", copies.copy_page, name="verification_copy"),
]
