"""Every address of the house, walked as everybody, against somebody else's record.

In a well-known system any signed-in user could read any dossier. Here a route whose visitors are not named below fails.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.architecture.routes import Stage, Walker, all_routes

APPLICANTS = {"owner", "stranger", "firm"}
OF_THE_AGENCY = {"receiver", "processor", "leader", "auditor"}
ELSEWHERE = {"receiver elsewhere", "leader elsewhere", "auditor elsewhere", "poverty leader"}
ADMINISTRATORS = {"administrator", "administrator elsewhere"}
STAFF = {"unassigned", "editor", "enumerator"} | OF_THE_AGENCY | ELSEWHERE | ADMINISTRATORS
SIGNED_IN = APPLICANTS | STAFF
ANYBODY = {"guest"} | SIGNED_IN
WHO_DO_CASES = OF_THE_AGENCY | ELSEWHERE
CLERKS = {"receiver", "receiver elsewhere"}
HEADS = {"leader", "auditor", "leader elsewhere", "auditor elsewhere", "poverty leader"}
PROVINCE = {"leader elsewhere", "poverty leader"}
WHO_WORK_IT = {"receiver", "processor", "leader"} | PROVINCE
# Of the review of poor households: the province's agency that is competent for it, and the commune.
POVERTY = {"poverty leader"}
RUN_THE_REVIEW = {"processor", "leader"}
SEE_THE_COMMUNE = OF_THE_AGENCY | POVERTY
WHO_SEE_POVERTY = SEE_THE_COMMUNE | {"receiver elsewhere", "auditor elsewhere"}
# Of social assistance and merit: the commune, and home affairs at the province for whoever has merit.
OF_MERIT = {"leader elsewhere"}
SEE_ASSISTANCE = OF_THE_AGENCY | OF_MERIT | {"receiver elsewhere", "auditor elsewhere"}
# Of payments: the commune's officers; from the department of health, which pays, nobody walks.
WORK_WITH_PAYEES = {"receiver", "processor", "leader"}
KEEP_ACCOUNTS = WORK_WITH_PAYEES - {"receiver"}
SEE_PAYMENTS = OF_THE_AGENCY | {"receiver elsewhere", "auditor elsewhere"}
EDITOR, OWNER, ADMINISTRATOR = {"editor"}, {"owner"}, {"administrator"}
# Who follows a dossier by its address is asked for the secret, whether or not there is such a dossier.
OWNER_OR_SECRET = OWNER | {"guest"}

# Devices come with keys of their own; no session opens these.
NOBODY: set[str] = set()
ADDRESSES_OF_DEVICES = [
    f"openrosa:{way}{what}"
    for way in ("", "token_")
    for what in ("form_list", "submission", "form", "manifest", "households")
]

# Who may come in: everybody else meets a closed door. The records behind the addresses belong to the "owner", to the commune
# of those "of the agency", to its "administrator" and to the "editor".
EXPECTED: dict[str, set[str]] = {
    "sign_in": ANYBODY,
    "sign_out": ANYBODY,
    "set_language": ANYBODY,
    "kept_form": SIGNED_IN,
    "account": SIGNED_IN,
    "change_password": SIGNED_IN,
    "own_sessions": SIGNED_IN,
    "end_other_sessions": SIGNED_IN,
    "end_session": {"processor", "administrator"},
    "own_readings": APPLICANTS,
    "portal:home": ANYBODY,
    "portal:procedures": ANYBODY,
    "portal:catalogue_file": ANYBODY,
    "portal:procedure": ANYBODY,
    "portal:procedure_print": ANYBODY,
    "portal:procedure_file": ANYBODY,
    "portal:decisions": ANYBODY,
    "portal:figures": ANYBODY,
    "portal:file": APPLICANTS,
    "portal:draft": OWNER,
    "portal:draft_where": OWNER,
    "portal:draft_who": OWNER,
    "portal:draft_applicant": OWNER,
    "portal:draft_details": OWNER,
    "portal:draft_papers": OWNER,
    "portal:draft_paper": OWNER,
    "portal:draft_file": OWNER,
    "portal:draft_result": OWNER,
    "portal:draft_check": OWNER,
    "portal:draft_sent": OWNER,
    "portal:draft_renew": OWNER,
    "portal:draft_delete": OWNER,
    "portal:my_dossiers": APPLICANTS,
    "portal:track": ANYBODY,
    "portal:tracked": OWNER_OR_SECRET,
    "portal:answer": OWNER_OR_SECRET,
    "portal:withdraw": OWNER_OR_SECRET,
    "portal:rate": OWNER_OR_SECRET,
    "portal:forget": ANYBODY,
    "portal:tracked_file": OWNER,
    "portal:tracked_form": OWNER,
    **dict.fromkeys(ADDRESSES_OF_DEVICES, NOBODY),
    "office:work": STAFF,
    "office:desk": WHO_DO_CASES,
    "office:approval": WHO_DO_CASES,
    "office:dossiers": WHO_DO_CASES,
    "office:claim_many": WHO_DO_CASES,
    "office:search": STAFF,
    "office:receive": CLERKS,
    "office:receive_one": CLERKS,
    "office:dossier": OF_THE_AGENCY,
    "office:act": {"processor"},
    "office:form": OF_THE_AGENCY,
    "office:file": OF_THE_AGENCY,
    "office:figures": HEADS,
    "office:register": HEADS,
    "office:calendar": EDITOR,
    "office:calendar_change": EDITOR,
    "office:calendar_touched": EDITOR,
    "office:catalogue": EDITOR,
    "office:catalogue_add": EDITOR,
    "office:catalogue_export": EDITOR,
    "office:catalogue_import": EDITOR,
    "office:catalogue_import_report": EDITOR,
    "office:catalogue_procedure": EDITOR,
    "office:catalogue_begin_draft": EDITOR,
    "office:catalogue_withdraw": EDITOR,
    "office:catalogue_confirm_withdrawal": EDITOR,
    "office:catalogue_discard_withdrawal": EDITOR,
    "office:catalogue_draft": EDITOR,
    "office:catalogue_preview": EDITOR,
    "office:catalogue_changes": EDITOR,
    "office:catalogue_publish": EDITOR,
    "office:catalogue_discard": EDITOR,
    "office:catalogue_rows": EDITOR,
    "office:catalogue_row_add": EDITOR,
    "office:catalogue_row": EDITOR,
    "office:catalogue_part": EDITOR,
    "office:accounts": ADMINISTRATORS,
    "office:account_open": ADMINISTRATORS,
    "office:applicant_account": CLERKS,
    "office:account": ADMINISTRATOR,
    "office:mandate_grant": ADMINISTRATOR,
    "office:account_reset_password": ADMINISTRATOR,
    "office:account_close": ADMINISTRATOR,
    "office:mandate_end": ADMINISTRATOR,
    "office:account_end_session": ADMINISTRATOR,
    "office:verification": PROVINCE,
    "office:verification_batches": PROVINCE,
    "office:verification_new_batch": PROVINCE,
    "office:verification_batch": PROVINCE,
    "office:verification_columns": PROVINCE,
    "office:verification_go": PROVINCE,
    "office:verification_cancel": PROVINCE,
    "office:verification_return": PROVINCE,
    "office:verification_outgoing": PROVINCE,
    "office:verification_findings": PROVINCE,
    "office:verification_results": PROVINCE,
    "office:verification_copies": PROVINCE,
    "office:verification_load_copy": PROVINCE,
    "office:verification_copy": PROVINCE,
    "office:verification_quality": WHO_DO_CASES,
    "office:verification_quality_records": WHO_DO_CASES,
    "office:verification_duplicates": WHO_DO_CASES,
    "office:verification_pair": OF_THE_AGENCY | PROVINCE,
    "office:verification_model": WHO_DO_CASES,
    "office:verification_threshold": PROVINCE,
    "office:verification_confirm_threshold": PROVINCE,
    "office:verification_discard_threshold": PROVINCE,
    "office:verification_draw_sample": PROVINCE,
    "office:verification_sample": PROVINCE,
    "office:verification_close_sample": PROVINCE,
    "office:verification_judge": PROVINCE,
    "office:verification_judge_one": PROVINCE,
    "office:verification_progress": WHO_DO_CASES,
    "office:verification_cases": WHO_DO_CASES,
    "office:verification_bulk": WHO_WORK_IT | CLERKS,
    "office:verification_marked": WHO_WORK_IT | CLERKS,
    "office:verification_second": {"leader"} | PROVINCE,
    "office:verification_visits": WHO_DO_CASES,
    "office:verification_police": WHO_DO_CASES,
    "office:verification_case": OF_THE_AGENCY | PROVINCE,
    "office:verification_ask": OF_THE_AGENCY | PROVINCE,
    "office:verification_act": WHO_WORK_IT,
    "office:poverty_village": SEE_THE_COMMUNE,
    "office:poverty_hamlet": SEE_THE_COMMUNE,
    "office:poverty_minutes": SEE_THE_COMMUNE,
    "office:poverty_posting": SEE_THE_COMMUNE,
    "office:poverty_notice": SEE_THE_COMMUNE,
    "office:poverty_objections": SEE_THE_COMMUNE,
    "office:poverty_objection": SEE_THE_COMMUNE,
    "office:poverty_answer_paper": SEE_THE_COMMUNE,
    "office:poverty_decision": SEE_THE_COMMUNE,
    "office:poverty_decision_paper": SEE_THE_COMMUNE,
    "office:poverty_certificates": SEE_THE_COMMUNE,
    "office:poverty_meeting_new": RUN_THE_REVIEW,
    "office:poverty_correct": RUN_THE_REVIEW,
    "office:poverty_objection_new": RUN_THE_REVIEW,
    "office:poverty_recheck": RUN_THE_REVIEW,
    "office:poverty_answer": RUN_THE_REVIEW,
    "office:poverty_prepare": RUN_THE_REVIEW,
    "office:poverty_sign": RUN_THE_REVIEW,
    "office:poverty_send_back": RUN_THE_REVIEW,
    "office:poverty_report": RUN_THE_REVIEW,
    "office:poverty_standards": WHO_SEE_POVERTY,
    "office:poverty_points_template": WHO_SEE_POVERTY,
    "office:poverty_load_points": POVERTY,
    "office:poverty_points_table": WHO_SEE_POVERTY,
    "office:poverty_new_line": POVERTY,
    "office:poverty_line": WHO_SEE_POVERTY,
    "office:poverty_forms": WHO_SEE_POVERTY,
    "office:poverty_form": WHO_SEE_POVERTY,
    "office:poverty_form_to_change": WHO_SEE_POVERTY,
    "office:poverty_upload_form": POVERTY,
    "office:poverty_areas": WHO_SEE_POVERTY,
    "office:poverty_designate": POVERTY,
    "office:poverty_upload_areas": POVERTY,
    "office:poverty_designations": WHO_SEE_POVERTY,
    "office:poverty_approve_designations": POVERTY,
    "office:poverty_designation": SEE_THE_COMMUNE,
    "office:poverty_imports": RUN_THE_REVIEW | POVERTY,
    "office:poverty_new_import": RUN_THE_REVIEW | POVERTY,
    "office:poverty_import_columns": RUN_THE_REVIEW | POVERTY,
    "office:poverty_import": RUN_THE_REVIEW | POVERTY,
    "office:poverty_cancel_import": RUN_THE_REVIEW | POVERTY,
    "office:poverty_ministry_export": WHO_SEE_POVERTY,
    "office:poverty_visits": RUN_THE_REVIEW | {"enumerator"},
    "office:poverty_visits_print": RUN_THE_REVIEW | {"enumerator"},
    "office:poverty_web_form": RUN_THE_REVIEW | {"enumerator"},
    "office:poverty_web_form_xml": RUN_THE_REVIEW | {"enumerator"},
    "office:poverty_web_form_file": RUN_THE_REVIEW | {"enumerator"},
    "office:poverty_web_form_answers": RUN_THE_REVIEW,
    "office:poverty_web_form_photo": RUN_THE_REVIEW,
    "office:poverty_visit": SEE_THE_COMMUNE,
    "office:poverty_visit_photo": SEE_THE_COMMUNE,
    "office:poverty_flags": WHO_SEE_POVERTY,
    "office:poverty_flag": SEE_THE_COMMUNE,
    "office:poverty_set_aside": WHO_SEE_POVERTY,
    "office:poverty_set_aside_one": SEE_THE_COMMUNE,
    "office:poverty_devices": RUN_THE_REVIEW | POVERTY | {"enumerator"},
    "office:poverty_add_device": RUN_THE_REVIEW | POVERTY | {"enumerator"},
    "office:poverty_revoke_device": RUN_THE_REVIEW | POVERTY,
    # Whoever filled a form may have lost the role meanwhile: they are told in words, and keep their draft.
    "office:poverty_send_form": STAFF,
    "office:poverty_reports": WHO_SEE_POVERTY,
    "office:poverty_report_table": WHO_SEE_POVERTY,
    "office:poverty_report_households": WHO_SEE_POVERTY,
    "office:poverty_unplaced": WHO_SEE_POVERTY,
    "office:poverty": WHO_SEE_POVERTY | {"enumerator"},
    "office:poverty_rounds": POVERTY,
    "office:poverty_round_open": POVERTY,
    "office:poverty_round": POVERTY,
    "office:poverty_round_act": POVERTY,
    "office:poverty_province": POVERTY,
    "office:poverty_commune": SEE_THE_COMMUNE,
    "office:poverty_requests": SEE_THE_COMMUNE,
    "office:poverty_households": SEE_THE_COMMUNE,
    "office:poverty_visit_print": SEE_THE_COMMUNE,
    "office:poverty_household": SEE_THE_COMMUNE,
    "office:poverty_commune_act": RUN_THE_REVIEW,
    "office:poverty_totals": RUN_THE_REVIEW,
    "office:poverty_add_household": RUN_THE_REVIEW,
    "office:poverty_assign": RUN_THE_REVIEW,
    "office:poverty_household_act": RUN_THE_REVIEW,
    # There is no photo behind this address: nobody finds one.
    "office:poverty_photo": NOBODY,
    "office:assistance": SEE_ASSISTANCE,
    "office:assistance_register": SEE_ASSISTANCE,
    "office:assistance_people": SEE_ASSISTANCE,
    "office:assistance_certificates": SEE_ASSISTANCE,
    "office:assistance_claims": SEE_ASSISTANCE,
    "office:assistance_areas": SEE_ASSISTANCE,
    "office:assistance_emergencies": SEE_ASSISTANCE,
    "office:assistance_rice": SEE_ASSISTANCE,
    "office:assistance_hand_out": SEE_ASSISTANCE,
    "office:assistance_emergency": OF_THE_AGENCY,
    "office:assistance_emergency_new": RUN_THE_REVIEW,
    "office:assistance_proposals": SEE_ASSISTANCE,
    "office:assistance_decide_many": SEE_ASSISTANCE,
    "office:assistance_person": OF_THE_AGENCY | OF_MERIT,
    "office:assistance_facts": OF_THE_AGENCY | OF_MERIT,
    "office:assistance_proposal": OF_THE_AGENCY,
    "office:assistance_sheet": OF_THE_AGENCY,
    "office:assistance_paid": OF_THE_AGENCY | OF_MERIT,
    "office:assistance_evidence_new": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_evidence_file": OF_THE_AGENCY,
    "office:assistance_evidence_remove": RUN_THE_REVIEW,
    "office:assistance_grant": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_claim_new": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_death": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_death_withdraw": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_once_revoke": RUN_THE_REVIEW,
    "office:assistance_once_payee": RUN_THE_REVIEW,
    "office:assistance_once_top_up": RUN_THE_REVIEW,
    "office:assistance_missing": RUN_THE_REVIEW,
    "office:assistance_fact": RUN_THE_REVIEW,
    "office:assistance_fact_correct": RUN_THE_REVIEW,
    "office:assistance_fact_close": RUN_THE_REVIEW,
    "office:assistance_certificate_new": RUN_THE_REVIEW,
    "office:assistance_certificate_withdraw": RUN_THE_REVIEW,
    "office:assistance_act": RUN_THE_REVIEW,
    "office:assistance_findings": SEE_ASSISTANCE,
    "office:assistance_ask_review": SEE_ASSISTANCE,
    "office:assistance_findings_review": OF_THE_AGENCY | OF_MERIT,
    "office:assistance_finding": OF_THE_AGENCY,
    "office:assistance_what_if": OF_MERIT,
    "office:assistance_what_if_new": OF_MERIT,
    "office:assistance_scenario": OF_MERIT,
    "office:assistance_take_overs": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_take_over_new": RUN_THE_REVIEW | OF_MERIT,
    "office:assistance_take_over": RUN_THE_REVIEW,
    # Of the department of health, from which nobody walks.
    "office:assistance_area_new": NOBODY,
    "office:assistance_area": NOBODY,
    **dict.fromkeys(
        [
            f"office:payments_{name}"
            for name in (
                "runs",
                "run",
                "run_act",
                "lines",
                "run_communes",
                "comparison",
                "disagreeing",
                "files",
                "collected",
                "unpaid",
                "accounts",
                "find_person",
                "complaints",
                "overpayments",
            )
        ],
        SEE_PAYMENTS,
    ),
    "office:payments_tick": WORK_WITH_PAYEES | {"receiver elsewhere"},
    "office:payments_take_sheet": WORK_WITH_PAYEES | {"receiver elsewhere"},
    "office:payments_file": OF_THE_AGENCY,
    "office:payments_line": OF_THE_AGENCY,
    "office:payments_reverse_tick": WORK_WITH_PAYEES,
    "office:payments_person": OF_THE_AGENCY,
    "office:payments_record_account": KEEP_ACCOUNTS,
    "office:payments_organization": OF_THE_AGENCY,
    "office:payments_record_organization_account": KEEP_ACCOUNTS,
    "office:payments_account_act": KEEP_ACCOUNTS,
    "office:payments_account_imports": KEEP_ACCOUNTS,
    "office:payments_new_account_import": KEEP_ACCOUNTS,
    "office:payments_account_template": KEEP_ACCOUNTS,
    "office:payments_account_import": KEEP_ACCOUNTS,
    "office:payments_discard_account_import": KEEP_ACCOUNTS,
    "office:payments_complaint": OF_THE_AGENCY,
    "office:payments_new_complaint": WORK_WITH_PAYEES,
    "office:payments_complaint_act": WORK_WITH_PAYEES,
    **dict.fromkeys(
        [
            f"office:payments_{name}"
            for name in (
                "new_run",
                "paid_back",
                "paid_back_act",
                "recovered",
                "budgets",
                "new_budget",
                "budget_act",
                "statements",
                "new_statement",
                "uploads",
                "upload",
                "statement",
                "strange",
                "strange_line",
                "strange_act",
                "paying_accounts",
                "new_paying_account",
                "new_bank_template",
                "approve_bank_template",
                "paying_account_act",
            )
        ],
        NOBODY,
    ),
    "portal:household": APPLICANTS,
    "portal:household_look_up": ANYBODY,
    "portal:household_result": ANYBODY,
    "portal:benefits_check": ANYBODY,
    "office:assistance_laws": {"leader elsewhere"},
    "office:assistance_law": {"leader elsewhere"},
    "office:assistance_law_rows": {"leader elsewhere"},
    "office:assistance_law_workbook": {"leader elsewhere"},
    "portal:benefits": APPLICANTS,
    "portal:benefits_account": APPLICANTS,
    "portal:benefits_payments": APPLICANTS,
    "portal:benefits_paid": APPLICANTS,
    "portal:benefits_sheet": OWNER,
    "portal:benefits_complain": APPLICANTS,
    "portal:benefits_one": OWNER,
    "portal:benefits_complain_about": OWNER,
    "portal:benefits_complaint": OWNER,
    "portal:benefits_reopen": OWNER,
    "portal:benefits_close": OWNER,
}
MAY_READ_THE_DOSSIER = OWNER | OF_THE_AGENCY

CLOSED = {401, 403, 404, 405}
# Whoever may read the dossier is told that this is not theirs to do now; everybody else learns nothing.
NOT_NOW = 409
WRITING = re.compile(r"\s*\(?\s*(INSERT|UPDATE|DELETE|TRUNCATE|MERGE)\b", re.IGNORECASE)
WRITTEN_BY_READING = re.compile(r'"?(django_session|accounts_signin|infra_readrecord|infra_failedtry)"?', re.IGNORECASE)


def is_closed(answer: Any) -> bool:
    return answer.status_code in {*CLOSED, NOT_NOW} or answer.get("Location", "").startswith("/sign-in/")


def leaks(stage: Stage, answer: Any) -> list[str]:
    text = answer.text_sent + str(answer.headers)
    return [what for what, telltale in stage.telltales.items() if telltale and str(telltale) in text]


def test_every_route_says_who_may_come_in() -> None:
    known = {route.name for route in all_routes()}

    assert sorted(known - EXPECTED.keys()) == [], (
        "a new address: name its visitors in EXPECTED of tests/architecture/test_routes.py"
    )
    assert sorted(EXPECTED.keys() - known) == [], "these addresses are gone: take them out of EXPECTED"


def test_everybody_who_walks_is_named(stage: Stage) -> None:
    assert set(stage.users) == ANYBODY
    assert set().union(*EXPECTED.values()) <= ANYBODY


@pytest.mark.parametrize("who", sorted(ANYBODY))
def test_opens_only_what_is_theirs_and_writes_nothing_by_looking(stage: Stage, who: str) -> None:
    walker, wrong, written = Walker(stage, who), [], []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITING.match(sql) and not WRITTEN_BY_READING.search(sql):
            written.append(sql[:120])
        return execute(sql, params, many, context)

    for route in all_routes():
        with connection.execute_wrapper(watch):
            answer = walker.visit(route)
        if answer.status_code >= 500 or is_closed(answer) == (
            who in EXPECTED[route.name] and answer.status_code != 405
        ):
            wrong.append((route.name, answer.status_code, answer.get("Location", "")))
        if who not in MAY_READ_THE_DOSSIER and (answer.status_code == NOT_NOW or leaks(stage, answer)):
            wrong.append((route.name, "tells", leaks(stage, answer)))

    assert wrong == []
    assert written == [], "a GET changes nothing"


@pytest.mark.parametrize("who", sorted(ANYBODY))
def test_sends_forms_only_where_they_may(stage: Stage, who: str) -> None:
    walker, wrong = Walker(stage, who), []

    for route in all_routes():
        answer = walker.visit(route, "post")
        if answer.status_code >= 500 or (who not in EXPECTED[route.name] and not is_closed(answer)):
            wrong.append((route.name, answer.status_code, answer.get("Location", "")))
        if who not in MAY_READ_THE_DOSSIER and (answer.status_code == NOT_NOW or leaks(stage, answer)):
            wrong.append((route.name, "tells", leaks(stage, answer)))

    assert wrong == []


def test_the_walk_would_notice_a_leak(stage: Stage) -> None:
    dossier = next(route for route in all_routes() if route.name == "office:dossier")

    told = leaks(stage, Walker(stage, "receiver").visit(dossier))

    assert {"name", "number", "file", "secret"} <= set(told)


def test_what_is_not_there_looks_like_what_is_not_yours(stage: Stage) -> None:
    """Word for word, so that nobody learns by guessing which dossiers there are."""
    nobody = {"public_id": "00000000-0000-4000-8000-000000000000", "draft_id": "00000000-0000-4000-8000-000000000001"}
    about_a_dossier = [route for route in all_routes() if {"public_id", "draft_id"} & set(route.takes)]
    assert len(about_a_dossier) > 20
    for who in ("stranger", "leader elsewhere", "guest"):
        walker = Walker(stage, who)
        for route in about_a_dossier:
            there = walker.visit(route)
            kept, stage.samples = stage.samples, {**stage.samples, **nobody}
            not_there = walker.visit(route)
            stage.samples = kept
            assert (there.status_code, plain(there, stage)) == (not_there.status_code, plain(not_there, stage)), (
                route.name
            )


def plain(answer: Any, stage: Stage) -> str:
    """The answer without what every page renews: tokens and the address itself."""
    text = answer.text_sent + answer.get("Location", "")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "…", text)


def test_no_form_is_taken_from_another_site(stage: Stage) -> None:
    taken = []
    for who in ("guest", "owner", "processor", "receiver", "editor", "administrator"):
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        user = stage.users[who]
        if user is not None:
            browser.force_login(user)
        for route in all_routes():
            answer = browser.post(stage.address(route), {}, headers={"Origin": "https://elsewhere.example"})
            # So many wrong keys from one address are after a while not even looked at.
            if answer.status_code not in ({401, 429} if route.name in ADDRESSES_OF_DEVICES else {403}):
                taken.append((who, route.name, answer.status_code))

    assert taken == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_do_nothing(stage: Stage, method: str) -> None:
    walker = Walker(stage, "processor")

    answers = {route.name: walker.visit(route, method) for route in all_routes()}

    assert {name: answer.status_code for name, answer in answers.items() if not is_closed(answer)} == {}
