"""Files of banks sent in on screen: kept, read by a job, and what became of them stays to be found."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from lienthong.accounts.states import Role
from lienthong.documents.models import StoredFile
from lienthong.infra.models import Event
from lienthong.payments.incoming.refusals import NotAnAnswer
from lienthong.payments.models import Statement, StatementLine, StatementUpload
from lienthong.payments.queries.uploads import UploadFilter, UploadNotFound, get_upload, uploads
from lienthong.payments.services import importing, uploading
from lienthong.payments.services.import_refusals import NotYoursToImport
from lienthong.payments.services.importing import ImportAnswer
from lienthong.payments.states import LineState, UploadState
from lienthong.payments.tasks import take_in_upload
from tests.payments.bank import BankedHouse
from tests.payments.incoming.statements import ROW, workbook

pytestmark = pytest.mark.django_db


def send_in(bank: BankedHouse, content: bytes, name: str = "sao-ke.xml") -> StatementUpload:
    command = ImportAnswer(content=BytesIO(content), name=name)
    return uploading.upload_answer(command, acting_user=bank.house.accountant, now=bank.house.later())


def do_the_job(upload: StatementUpload) -> StatementUpload:
    """Do what was asked last, twice, as it may be."""
    asked = Event.objects.filter(stream=upload.stream, name="StatementUploadAsked").latest("pk")
    take_in_upload(event_id=asked.pk)
    take_in_upload(event_id=asked.pk)
    upload.refresh_from_db()
    return upload


def test_a_statement_waits_and_is_then_taken_in_by_the_job(bank: BankedHouse) -> None:
    run = bank.released(people=2)
    upload = send_in(bank, bank.statement(bank.answer(run)))
    assert upload.state == UploadState.WAITING
    assert not Statement.objects.exists()
    assert set(bank.states(run)) == {LineState.SENT}

    do_the_job(upload)

    (statement,) = upload.statements.all()
    assert (upload.state, upload.outcome["lines"], upload.outcome["paid"]) == (UploadState.TAKEN, 2, 2)
    assert (statement.number, statement.file, statement.imported_at) == ("SK1", upload.file, upload.asked_at)
    assert set(bank.states(run)) == {LineState.PAID}
    told = list(Event.objects.filter(stream=upload.stream).order_by("pk").values_list("name", flat=True))
    assert told == ["StatementUploadAsked", "StatementUploadEnded"]


def test_the_same_file_again_is_not_read_twice_and_says_so(bank: BankedHouse) -> None:
    run = bank.released(people=2)
    said = bank.answer(run)
    content = bank.statement(said)
    first = send_in(bank, content)
    assert send_in(bank, content) == first
    do_the_job(first)

    again = send_in(bank, content)

    assert (again.state, again.file) == (UploadState.KNOWN, None)
    assert list(again.statements.all()) == list(first.statements.all())
    other_bytes = do_the_job(send_in(bank, content + b"\n"))
    assert (other_bytes.state, other_bytes.file) == (UploadState.KNOWN, None)
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 2)


def test_what_does_not_add_up_is_refused_with_its_reason_and_nothing_of_it_is_kept(bank: BankedHouse) -> None:
    run = bank.released(people=2)
    content = bank.statement(bank.answer(run)).replace(b'<Amt Ccy="VND">540000', b'<Amt Ccy="VND">540001', 1)
    files = StoredFile.objects.count()

    upload = do_the_job(send_in(bank, content))

    assert upload.state == UploadState.REFUSED
    assert "không khớp" in upload.reason
    assert upload.file is None
    assert StoredFile.objects.count() == files
    assert not Statement.objects.exists()
    assert set(bank.states(run)) == {LineState.SENT}


def test_a_refused_workbook_names_row_and_column(bank: BankedHouse, tmp_path: Path) -> None:
    with_bad_amount = workbook(tmp_path, rows=[(*ROW[:2], "540.000", *ROW[3:])])

    upload = do_the_job(send_in(bank, with_bad_amount.read_bytes(), "sao-ke.xlsx"))

    assert (upload.state, upload.row, upload.column) == (UploadState.REFUSED, 7, "Ghi nợ")
    assert upload.reason.startswith("Dòng 7, cột “Ghi nợ”: số tiền “540.000” là văn bản")


def test_what_is_no_answer_is_refused_at_once(bank: BankedHouse) -> None:
    with pytest.raises(NotAnAnswer):
        send_in(bank, b"%PDF-1.7", "sao-ke.pdf")
    with pytest.raises(NotYoursToImport):
        uploading.upload_answer(
            ImportAnswer(content=BytesIO(b"<Document/>"), name="a"), acting_user=bank.house.leader, now=bank.house.now
        )

    assert not StatementUpload.objects.exists()


def test_what_breaks_stops_with_a_sentence_and_may_be_read_again(
    bank: BankedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = bank.released(people=2)
    upload = send_in(bank, bank.statement(bank.answer(run)))
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(importing, "write_answer", lambda *args, **options: 1 // 0)
        do_the_job(upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.STOPPED
    assert "Đọc lại" in upload.reason

    again = uploading.ask_again(upload.pk, acting_user=bank.house.accountant, now=bank.house.later())

    assert do_the_job(again).state == UploadState.TAKEN
    assert set(bank.states(run)) == {LineState.PAID}


def test_work_that_nobody_has_heard_of_may_be_asked_for_again(bank: BankedHouse) -> None:
    upload = send_in(bank, bank.statement(bank.answer(bank.released(people=1))))
    now = upload.asked_at
    assert not uploading.may_ask_again(upload, now=now + timedelta(minutes=29))
    uploading.ask_again(upload.pk, acting_user=bank.house.accountant, now=now + timedelta(minutes=29))
    assert Event.objects.filter(name="StatementUploadAsked").count() == 1

    uploading.ask_again(upload.pk, acting_user=bank.house.accountant, now=now + timedelta(minutes=30))

    assert Event.objects.filter(name="StatementUploadAsked").count() == 2


def test_only_the_province_sees_what_was_sent_in(bank: BankedHouse) -> None:
    upload = send_in(bank, bank.statement(bank.answer(bank.released(people=1))))
    on = bank.house.now.date()

    assert list(uploads(bank.house.leader, UploadFilter(state="waiting"), on=on)) == [upload]
    assert list(uploads(bank.house.leader, UploadFilter(bank="970405"), on=on)) == []
    with pytest.raises(UploadNotFound):
        get_upload(upload.pk, user=bank.house.world.officer(Role.PROCESSOR), on=on)
