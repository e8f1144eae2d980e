"""Addresses of the office."""

from django.urls import URLPattern, URLResolver, include, path

from lienthong.office.dossiers import views as dossiers
from lienthong.office.figures import views as figures
from lienthong.office.intake import views as intake
from lienthong.office.work import views as work

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.my_work, name="work"),
    path("desk/", work.desk, name="desk"),
    path("approval/", work.approval, name="approval"),
    path("search/", work.search, name="search"),
    path("receive/", intake.choose_procedure, name="receive"),
    path("receive/<str:code>/", intake.receive, name="receive_one"),
    path("dossiers/", work.all_dossiers, name="dossiers"),
    path("dossiers/claim/", dossiers.claim_many, name="claim_many"),
    path("dossiers/<uuid:public_id>/", dossiers.dossier_page, name="dossier"),
    path("dossiers/<uuid:public_id>/do/<str:action>/", dossiers.act, name="act"),
    path("dossiers/<uuid:public_id>/forms/<str:code>.pdf", dossiers.printed_form, name="form"),
    path("dossiers/<uuid:public_id>/files/<uuid:file_id>/", dossiers.file, name="file"),
    path("figures/", figures.unit_figures, name="figures"),
    path("figures/register.pdf", figures.register_book, name="register"),
    path("assistance/laws/", include("lienthong.office.new_laws.urls")),
    path("catalogue/", include("lienthong.office.catalogue.urls")),
    path("calendar/", include("lienthong.office.calendar.urls")),
    path("poverty/", include("lienthong.office.poverty.round_urls")),
    path("poverty/", include("lienthong.office.poverty.report_urls")),
    path("verification/", include("lienthong.office.verification.batch_urls")),
    path("verification/", include("lienthong.office.verification.urls")),
    path("verification/", include("lienthong.office.verification.case_urls")),
    path("poverty/", include("lienthong.office.poverty.province_urls")),
    path("poverty/", include("lienthong.office.poverty.village_urls")),
    path("poverty/", include("lienthong.office.poverty.imports_urls")),
    path("poverty/", include("lienthong.office.poverty.standards_urls")),
    path("poverty/", include("lienthong.office.poverty.household_urls")),
    path("poverty/", include("lienthong.office.poverty.survey_urls")),
    path("assistance/", include("lienthong.office.assistance.urls")),
    path("payments/", include("lienthong.office.payments.urls")),
    path("assistance/", include("lienthong.office.assistance.findings_urls")),
    path("assistance/", include("lienthong.office.assistance.what_if_urls")),
    path("", include("lienthong.office.accounts.urls")),
]
