"""Addresses of social assistance and merit."""

from django.urls import path

from lienthong.office.assistance import (
    areas,
    beneficiaries,
    certificates,
    changing,
    claims,
    deaths,
    facts,
    granting,
    person,
    proposals,
    register,
    take_overs,
)

urlpatterns = [
    path("", beneficiaries.beneficiary_list, name="assistance"),
    path("register.pdf", register.register, name="assistance_register"),
    path("people/", beneficiaries.find_people, name="assistance_people"),
    path("people/<int:person_id>/", person.person_page, name="assistance_person"),
    path("people/<int:person_id>/grant/", granting.grant, name="assistance_grant"),
    path("people/<int:person_id>/merit/new/", claims.new_claim, name="assistance_claim_new"),
    path("people/<int:person_id>/death/", deaths.record_death, name="assistance_death"),
    path("merit/", claims.claim_list, name="assistance_claims"),
    path("entitlements/<int:entitlement_id>/<slug:action>/", changing.act, name="assistance_act"),
    path("proposals/", proposals.proposal_list, name="assistance_proposals"),
    path("proposals/decide/", proposals.decide_many, name="assistance_decide_many"),
    path("proposals/<int:proposal_id>/", proposals.proposal_page, name="assistance_proposal"),
    path("people/<int:person_id>/facts/", facts.fact_list, name="assistance_facts"),
    path("people/<int:person_id>/missing/", facts.record_missing, name="assistance_missing"),
    path("people/<int:person_id>/facts/<str:name>/", facts.record_fact, name="assistance_fact"),
    path("facts/<int:circumstance_id>/correct/", facts.correct_fact, name="assistance_fact_correct"),
    path("facts/<int:circumstance_id>/<slug:action>/", facts.close_fact, name="assistance_fact_close"),
    path("certificates/", certificates.certificate_list, name="assistance_certificates"),
    path("people/<int:person_id>/certificates/new/", certificates.new_certificate, name="assistance_certificate_new"),
    path(
        "people/<int:person_id>/certificates/<int:certificate_id>/withdraw/",
        certificates.withdraw_certificate,
        name="assistance_certificate_withdraw",
    ),
    path("take-overs/", take_overs.take_over_list, name="assistance_take_overs"),
    path("take-overs/new/", take_overs.new_take_over, name="assistance_take_over_new"),
    path("take-overs/<int:take_over_id>/", take_overs.take_over, name="assistance_take_over"),
    path("areas/", areas.area_list, name="assistance_areas"),
    path("areas/new/", areas.new_area, name="assistance_area_new"),
    path("areas/<int:draft_id>/", areas.area, name="assistance_area"),
]
