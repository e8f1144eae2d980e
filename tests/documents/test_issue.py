"""Issuing a form: drawn, kept, numbered, remembered."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from lienthong.documents.editions import NoEditionInForce
from lienthong.documents.events import stream_of
from lienthong.documents.integrity import contents_amiss
from lienthong.documents.models import IssuedForm
from lienthong.documents.printing import render_form
from lienthong.documents.queries import forms_of, get_file, open_content
from lienthong.documents.services import IssueForm, issue_form
from lienthong.infra.events import events_of, sentence_of
from tests.documents import papers
from tests.documents.papers import PAPERS, RECEIPT
from tests.documents.specimens import NOW
from tests.documents.test_store import together

pytestmark = pytest.mark.django_db
OWNER = "dossier:12"


def issue(data: Any = RECEIPT) -> IssuedForm:
    return issue_form(IssueForm(owner=OWNER, data=data), by=7, now=NOW)


def test_keeps_the_file_and_the_data() -> None:
    form = issue()

    assert (form.form_code, form.number, form.issued_by, form.issued_at) == ("receipt", 1, 7, NOW)
    assert form.data["applicant_name"] == papers.APPLICANT
    assert form.data["received_at"] == "2026-11-23T01:05:00+00:00"
    assert form.data["items"][0]["name"] == papers.NAMES[0]
    assert form.file.name == f"Giấy tiếp nhận hồ sơ và hẹn trả kết quả {papers.CODE}.pdf"
    assert form.file.media_type == "application/pdf"
    with open_content(form.file) as kept:
        assert kept.read() == render_form(RECEIPT)


@pytest.mark.parametrize("paper", PAPERS)
def test_every_form_can_be_issued(paper: str) -> None:
    form = issue(PAPERS[paper])

    form.refresh_from_db()
    assert form.data == PAPERS[paper].as_json()
    assert list(contents_amiss()) == []


def test_a_second_issue_is_number_two_and_the_first_stays() -> None:
    first, second = issue(), issue(replace(RECEIPT, receiver_name="Lê Văn Ẩn"))
    issue(papers.SUPPLEMENT)

    assert (first.number, second.number) == (1, 2)
    assert second.file.name.endswith("(lần 2).pdf")
    assert [(form.form_code, form.number) for form in forms_of(OWNER)] == [
        ("supplement", 1),
        ("receipt", 2),
        ("receipt", 1),
    ]
    assert get_file(first.file_id, owner=OWNER) == first.file


@pytest.mark.django_db(transaction=True)
def test_forms_issued_at_the_same_moment_have_different_numbers() -> None:
    forms = together(*[issue for _ in range(4)])

    assert sorted(form.number for form in forms) == [1, 2, 3, 4]
    assert len({form.file.sha256 for form in forms}) == 1


def test_writes_down_what_was_issued() -> None:
    form = issue()

    stored, issued = events_of(stream_of(form.file_id))
    assert (stored.name, issued.name, issued.actor_id) == ("FileStored", "FormIssued", 7)
    assert sentence_of(issued) == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả được cấp cho dossier:12, lần 1."


def test_demo_data_are_marked_on_paper(settings: Any) -> None:
    settings.DEMO_MODE = True

    with open_content(issue().file) as kept:
        assert kept.read() == render_form(RECEIPT, demo=True) != render_form(RECEIPT)


def test_nothing_is_kept_of_a_form_that_could_not_be_drawn() -> None:
    with pytest.raises(NoEditionInForce), transaction.atomic():
        issue(replace(RECEIPT, issued_on=date(2010, 1, 1)))

    assert forms_of(OWNER) == []


def test_the_forms_of_a_thing_cost_one_query(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        issue(papers.CONTROL)

    with django_assert_num_queries(1):
        assert len([form.file.name for form in forms_of(OWNER)]) == 3
