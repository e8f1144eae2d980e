"""Addresses of verification."""

from django.urls import path

from lienthong.office.verification import model, pairs, quality, reviewing

urlpatterns = [
    path("quality/", quality.quality_page, name="verification_quality"),
    path("quality/records/", quality.quality_records, name="verification_quality_records"),
    path("duplicates/", pairs.pair_list, name="verification_duplicates"),
    path("duplicates/<int:pair_id>/", pairs.pair_page, name="verification_pair"),
    path("model/", model.model_page, name="verification_model"),
    path("model/<int:batch_id>/threshold/", model.propose_threshold, name="verification_threshold"),
    path("model/threshold/<int:choice_id>/confirm/", model.confirm_threshold, name="verification_confirm_threshold"),
    path("model/threshold/<int:choice_id>/discard/", model.discard_threshold, name="verification_discard_threshold"),
    path("model/<int:batch_id>/sample/", model.draw_sample, name="verification_draw_sample"),
    path("samples/<int:sample_id>/", reviewing.sample_page, name="verification_sample"),
    path("samples/<int:sample_id>/close/", reviewing.close_sample, name="verification_close_sample"),
    path("samples/<int:sample_id>/judge/", reviewing.judge_next, name="verification_judge"),
    path("samples/<int:sample_id>/judge/<int:position>/", reviewing.judge_one, name="verification_judge_one"),
]
