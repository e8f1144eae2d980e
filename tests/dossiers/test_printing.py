"""What follows a move: the form of the circular, issued once, saying what the dossier says."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from lienthong.accounts.states import Role
from lienthong.documents import queries as papers
from lienthong.documents.states import FormCode
from lienthong.dossiers import printing, tasks
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import MarkedItem
from lienthong.dossiers.states import ItemMark, ReturnWay
from lienthong.infra.dispatch import dispatch_events, subscribers
from lienthong.infra.models import Event
from tests.world import World, at, target


def text_of(dossier: Dossier, code: FormCode) -> str:
    form = next(form for form in papers.forms_of(dossier.stream) if form.form_code == code)
    with papers.open_content(form.file) as content:
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content.read())).pages)


def event_of(dossier: Dossier, name: str) -> int:
    return Event.objects.get(stream=dossier.stream, name=name).pk


class TestPrinting:
    def test_the_receipt_names_the_promise_and_the_secret(self, world: World) -> None:
        dossier = world.receive()

        tasks.print_receipt(event_id=event_of(dossier, "DossierReceived"))

        text = text_of(dossier, FormCode.RECEIPT)
        assert str(dossier.code) in text
        assert dossier.secret in text
        assert "Hoàng Văn Ẩn" in text
        assert "23/11/2026" in text or "23 tháng 11" in text

    def test_a_job_that_runs_twice_issues_one_form(self, world: World) -> None:
        dossier = world.receive()

        for _run in range(2):
            tasks.print_receipt(event_id=event_of(dossier, "DossierReceived"))

        assert len(papers.forms_of(dossier.stream)) == 1

    def test_the_supplement_request_lists_what_was_marked_and_why(self, world: World) -> None:
        command = dossiers.RequestSupplement(
            target=target(world.receive()), items=[MarkedItem(2, ItemMark.WRONG, "mờ, không đọc được")], reason="Giấy chứng tử mờ"
        )  # fmt: skip
        dossier = dossiers.request_supplement(command, acting_user=world.officer(Role.PROCESSOR), now=world.now)

        tasks.print_supplement_request(event_id=event_of(dossier, "SupplementRequested"))

        text = text_of(dossier, FormCode.SUPPLEMENT)
        assert "Giấy chứng tử mờ" in text
        assert "không đọc được" in text
        assert "Tờ khai của cơ quan" not in text

    def test_every_form_can_be_built_for_a_dossier_that_came_that_far(self, world: World) -> None:
        dossier = world.approve(world.receive())
        command = dossiers.ReturnResult(target=target(dossier), way=ReturnWay.COUNTER, recipient="Hoàng Văn Ẩn")
        dossier = dossiers.return_result(command, acting_user=world.officer(Role.RECEIVER), now=at("2026-11-17 10:00"))

        codes = printing.forms_to_print(dossier)

        assert codes == [FormCode.RECEIPT, FormCode.CONTROL, FormCode.RESULT_SLIP]
        for code in codes:
            assert printing.form_for(dossier, code).as_json()

    def test_a_form_that_nothing_calls_for_is_not_built(self, world: World) -> None:
        with pytest.raises(printing.NothingToPrint):
            printing.form_for(world.receive(), FormCode.APOLOGY)


@pytest.mark.django_db(transaction=True)
def test_an_event_that_has_subscribers_becomes_their_jobs() -> None:
    from django.db import connection, transaction

    from lienthong.dossiers.events import IntakeRefused
    from lienthong.infra.events import record
    from tests.infra.test_log import drain

    drain()
    with transaction.atomic():
        record(
            IntakeRefused(reason="thử", receiving_agency_id=1), stream="dossier:1", actor_id=None, at=at("2026-11-16")
        )
    drain()

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ("dossiers.print_refusal",)
    assert [task.name for task in subscribers()["IntakeRefused"]] == ["dossiers.print_refusal"]
    assert dispatch_events() == 0
