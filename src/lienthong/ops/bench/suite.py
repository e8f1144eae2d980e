"""The benchmarks by name, and what each of them is told."""

from collections.abc import Callable

from lienthong.ops.bench import deadlines, inbox, moves, people
from lienthong.ops.bench.entitlements import measuring as entitlements
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.payroll import measuring as payroll
from lienthong.ops.bench.poverty import measuring as poverty
from lienthong.ops.bench.report import Report
from lienthong.ops.bench.verification import measuring as verification

BENCHES: dict[str, Callable[[Order], Report]] = {
    "moves": moves.measure,
    "inbox": inbox.measure,
    "deadlines": deadlines.measure,
    "people": people.measure,
    "verification": verification.measure,
    "poverty": poverty.measure,
    "entitlements": entitlements.measure,
    "payroll": payroll.measure,
}
WITHOUT_DATABASE = {"deadlines", "verification"}
