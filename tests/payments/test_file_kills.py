"""Whatever moment exporting or importing dies at: no file twice and none lost, no line twice and none lost."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from lienthong.documents.vault import open_content
from lienthong.infra.models import Event
from lienthong.ops.simulated_bank.answering import Wishes
from lienthong.payments.line_keys import line_of
from lienthong.payments.models import PaymentFile, PaymentLine, PaymentRun, Statement, StatementLine, StatementUpload
from lienthong.payments.queries.leaving import lines_without_file
from lienthong.payments.services import uploading
from lienthong.payments.services.exporting import export_run
from lienthong.payments.services.importing import ImportAnswer, import_answer
from lienthong.payments.states import FileKind, LineState, UploadState
from tests.factories.payments import PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.killing import Stage, keep_killing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.kills]
PEOPLE, BY_POST = 36, 3
SEED = 20_261_130


@pytest.fixture
def plain_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are pressed without layout: a forked process has no threads, and the real press waits for them for ever."""
    monkeypatch.setattr(
        "lienthong.documents.printing._Press.print", lambda press, page: b"%PDF-1.7\n" + page.encode() + b"\n%%EOF\n"
    )


@pytest.fixture
def crowd(bank: BankedHouse, plain_press: None) -> BankedHouse:
    """A house whose people are paid anew in each month that is asked for, some of them by post."""
    for number in range(PEOPLE):
        person = bank.house.person(account=number >= BY_POST)
        if number < BY_POST:
            PaymentAccountFactory(person=person, post=True)
        bank.people.append(person)
    return bank


def months(bank: BankedHouse) -> Iterator[PaymentRun]:
    """Release one run after the other, each of another month."""
    for place in range(400):
        month = date(2026 + (10 + place) // 12, (10 + place) % 12 + 1, 1)
        bank.house.now = bank.house.now.replace(year=month.year, month=month.month)
        for person in bank.people:
            bank.house.owe(person, 400_000 + person.pk % 7 * 10_000, month)
        yield bank.house.pay(month)


def exporting(bank: BankedHouse) -> Stage:
    runs = months(bank)
    known: dict[str, str] = {}

    def work(run: PaymentRun) -> None:
        export_run(run.pk, acting_user=bank.house.accountant, now=bank.house.now)

    def check(run: PaymentRun, is_done: bool) -> None:
        files = list(PaymentFile.objects.filter(run=run))
        told = Counter(
            Event.objects.filter(stream=run.stream, name="PaymentFileMade").values_list(
                "payload__message_id", flat=True
            )
        )
        assert told == Counter(file.message_id for file in files)
        for file in files:
            assert known.setdefault(file.message_id, file.sha256) == file.sha256, "a file depends on when it was made"
            with open_content(file.sha256) as content:
                assert hashlib.sha256(content.read()).hexdigest() == file.sha256
        left = lines_without_file(run)
        assert left >= 0
        if is_done:
            assert left == 0
            paid = sum(file.amount for file in files if file.kind != FileKind.XLSX)
            assert paid == run.net_total

    return Stage(name="exporting", set_up=lambda: next(runs), work=work, check=check)


def importing(bank: BankedHouse) -> Stage:
    runs = months(bank)

    def set_up() -> tuple[PaymentRun, bytes, bytes, dict[int, str]]:
        run = next(runs)
        said = bank.answer(run, Wishes(rejected=0.2, returned=0.2, foreign=0.1, seed=str(run.pk)))
        number = f"SK{run.pk}"
        due = {line.pk: LineState.SENT for line in bank.house.lines(run)}
        due |= {line_of(booking.key): LineState.PAID for booking in said.bookings if booking.key}  # type: ignore[misc]
        due |= {line_of(booking.key): LineState.RETURNED for booking in said.bookings if booking.is_return}  # type: ignore[misc]
        due |= {line_of(wanted.key): LineState.FAILED for wanted, _code in said.rejected}  # type: ignore[misc]
        return run, bank.report(said), bank.statement(said, number), due  # type: ignore[return-value]

    def work(about: tuple[PaymentRun, bytes, bytes, dict[int, str]]) -> None:
        for content in about[1:3]:
            command = ImportAnswer(content=BytesIO(content), name="tra-loi.xml")
            import_answer(command, acting_user=bank.house.accountant, now=bank.house.now)

    def check(about: tuple[PaymentRun, bytes, bytes, dict[int, str]], is_done: bool) -> None:
        run, *contents, due = about
        digests = [hashlib.sha256(content).hexdigest() for content in contents]
        taken = {one.sha256: one for one in Statement.objects.filter(sha256__in=digests).order_by("pk")}
        assert list(taken) == [digest for digest in digests if digest in taken]
        assert not is_done or len(taken) == 2
        expected = Counter(
            state if (state == LineState.FAILED and digests[0] in taken) or (state != LineState.FAILED and digests[1] in taken)
            else LineState.SENT
            for state in due.values()
        )  # fmt: skip
        lines = PaymentLine.objects.filter(run=run)
        assert Counter(lines.values_list("state", flat=True)) == expected
        for statement in taken.values():
            kept = StatementLine.objects.filter(statement=statement)
            assert kept.count() == statement.lines_total
            assert Event.objects.filter(stream=statement.stream, name="StatementImported").count() == 1
        answered = Event.objects.filter(stream=run.stream, name="PaymentsAnswered").count()
        assert answered == len(taken)

    return Stage(name="importing", set_up=set_up, work=work, check=check)


def reading_uploads(bank: BankedHouse) -> Stage:
    """What importing does, done by the job of files that were sent in on screen."""
    direct = importing(bank)

    def set_up() -> tuple[Any, list[StatementUpload]]:
        about = direct.set_up()
        sent = [
            uploading.upload_answer(
                ImportAnswer(content=BytesIO(content), name="tra-loi.xml"), acting_user=bank.house.accountant, now=bank.house.now
            )
            for content in about[1:3]
        ]  # fmt: skip
        return about, sent

    def work(about: tuple[Any, list[StatementUpload]]) -> None:
        for upload in about[1]:
            uploading.take_in_upload(upload.pk, acting_user=bank.house.accountant, now=bank.house.now)

    def check(about: tuple[Any, list[StatementUpload]], is_done: bool) -> None:
        direct.check(about[0], is_done)
        for sent in about[1]:
            upload = StatementUpload.objects.get(pk=sent.pk)
            is_taken = Statement.objects.filter(sha256=upload.sha256).exists()
            assert upload.state == (UploadState.TAKEN if is_taken else UploadState.WAITING)
            assert upload.statements.count() == is_taken
            ended = Event.objects.filter(stream=upload.stream, name="StatementUploadEnded").count()
            assert ended == is_taken
            assert not is_done or is_taken

    return Stage(name="reading uploads", set_up=set_up, work=work, check=check)


@pytest.mark.parametrize(
    ("stage", "by_chance", "least"), [(exporting, 100, 150), (importing, 100, 130), (reading_uploads, 60, 130)]
)
def test_nothing_is_twice_and_nothing_lost_whenever_a_process_is_killed(
    crowd: BankedHouse, stage: Callable[[BankedHouse], Stage], by_chance: int, least: int
) -> None:
    kills = keep_killing(stage(crowd), rounds=2, by_chance=by_chance, luck=random.Random(SEED))

    assert kills >= least, f"only {kills} kills"
