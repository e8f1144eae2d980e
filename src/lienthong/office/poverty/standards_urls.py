"""Addresses of standards, points tables, survey forms, lines of the province, and areas of hamlets."""

from django.urls import path

from lienthong.office.poverty import areas, standards, survey_forms

urlpatterns = [
    path("standards/", standards.standards_page, name="poverty_standards"),
    path("standards/points/template.xlsx", standards.points_template, name="poverty_points_template"),
    path("standards/points/load/", standards.load_points, name="poverty_load_points"),
    path("standards/points/<int:table_id>/", standards.points_table, name="poverty_points_table"),
    path("standards/lines/new/", standards.new_line, name="poverty_new_line"),
    path("standards/lines/<int:line_id>/", standards.provincial_line, name="poverty_line"),
    path("forms/", survey_forms.form_list, name="poverty_forms"),
    path("forms/upload/", survey_forms.upload_form, name="poverty_upload_form"),
    path("forms/<slug:form_id>.xlsx", survey_forms.form_to_change, name="poverty_form_to_change"),
    path("forms/<slug:form_id>/<slug:version>/", survey_forms.form_page, name="poverty_form"),
    path("areas/", areas.jump_list, name="poverty_areas"),
    path("areas/designate/", areas.designate, name="poverty_designate"),
    path("areas/upload/", areas.upload_areas, name="poverty_upload_areas"),
    path("areas/designations/", areas.designation_list, name="poverty_designations"),
    path("areas/designations/approve/", areas.approve_many, name="poverty_approve_designations"),
    path("areas/designations/<int:designation_id>/", areas.designation_page, name="poverty_designation"),
]
