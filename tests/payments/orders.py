"""Orders and answers for tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from lienthong.payments.line_keys import key_of
from lienthong.payments.outgoing.credit_transfers import write_credit_transfers
from lienthong.payments.outgoing.values import Order, Payer, Transfer

PAYER = Payer(name="Sở Nội vụ tỉnh Thái Nguyên", bank_code="970405", account="0805000123456")


def transfer(line: int, amount: int = 540_000, **facts: str) -> Transfer:
    said = {
        "holder": "Nguyễn Thị Ánh", "bank_code": "970405", "account": "0123456789",
        "purpose": "Trợ cấp xã hội tháng 9/2026",
    } | facts  # fmt: skip
    return Transfer(key=key_of(line), amount=amount, **said)


def order(transfers: Sequence[Transfer], **facts: object) -> Order:
    said: dict[str, object] = {
        "message_id": "LT-2026-09-1-970405", "made_at": datetime(2026, 9, 3, 2, tzinfo=UTC), "pay_on": date(2026, 9, 5),
        "payer": PAYER, "lines": len(transfers), "amount": sum(one.amount for one in transfers),
    }  # fmt: skip
    return Order(**(said | facts))  # type: ignore[arg-type]


def written(folder: Path, transfers: Sequence[Transfer], **facts: object) -> Path:
    file = folder / "order.xml"
    write_credit_transfers(order(transfers, **facts), transfers, to=file)
    return file
