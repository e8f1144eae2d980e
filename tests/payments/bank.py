"""A house that has released a run, and the simulated bank that answers it."""

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

from lienthong.documents.vault import open_content
from lienthong.kernel.days import local_day
from lienthong.ops.simulated_bank import writing
from lienthong.ops.simulated_bank.answering import BankAnswer, Wishes, answer
from lienthong.ops.simulated_bank.orders import BankOrder, read_order
from lienthong.payments.models import PayingAccount, PaymentFile, PaymentLine, PaymentRun
from lienthong.payments.services.exporting import export_run
from lienthong.payments.services.importing import ImportAnswer, Imported, import_answer
from lienthong.payments.states import FileKind
from lienthong.people.models import Person
from tests.factories.payments import BANK, PayingAccountFactory
from tests.payments.house import NOVEMBER, House

ALL_WELL = Wishes(rejected=0, returned=0)


@dataclass
class BankedHouse:
    """A house with an account at a bank, and that bank."""

    house: House
    folder: Path
    account: PayingAccount = field(init=False)
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account = PayingAccountFactory(bank_code=BANK)

    def released(self, people: int = 3, amount: int = 540_000, month: date = NOVEMBER) -> PaymentRun:
        for _number in range(people):
            self.house.owe(self.house.person(), amount, month)
        return self.house.pay(month)

    def export(self, run: PaymentRun) -> list[PaymentFile]:
        return export_run(run.pk, acting_user=self.house.accountant, now=self.house.later())

    def content(self, file: PaymentFile) -> bytes:
        with open_content(file.sha256) as content:
            return content.read()

    def order(self, run: PaymentRun) -> BankOrder:
        (file,) = [one for one in self.export(run) if one.kind == FileKind.PAIN001]
        path = self.folder / f"{file.message_id}.xml"
        path.write_bytes(self.content(file))
        return read_order(path)

    def answer(self, run: PaymentRun, wishes: Wishes = ALL_WELL, *, opening: int | None = None) -> BankAnswer:
        return answer(self.order(run), wishes, on=local_day(self.house.now), opening=opening)

    def statement(self, said: BankAnswer, statement_id: str = "SK1", kind: str = "camt") -> bytes:
        path = self.folder / "statement"
        if kind == "mt940":
            writing.write_swift(said, to=path, number=statement_id)
        elif kind == "xlsx":
            writing.write_workbook(said, to=path, statement_id=statement_id)
        else:
            writing.write_statement(said, to=path, statement_id=statement_id)
        return path.read_bytes()

    def report(self, said: BankAnswer) -> bytes:
        path = self.folder / "report"
        writing.write_report(said, to=path)
        return path.read_bytes()

    def take_in(self, content: bytes, name: str = "tra-loi.xml", **facts: str) -> Imported:
        command = ImportAnswer(content=BytesIO(content), name=name, **facts)
        return import_answer(command, acting_user=self.house.accountant, now=self.house.later())

    def states(self, run: PaymentRun) -> list[str]:
        return list(PaymentLine.objects.filter(run=run).order_by("number").values_list("state", flat=True))
