"""Everything that is measured of the poverty review, as one report."""

from lienthong.ops.bench import machine
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.poverty import scoring, submissions
from lienthong.ops.bench.report import Report, grouped


def measure(order: Order) -> Report:
    """Measure scoring and classifying, then receiving what devices send."""
    facts = machine.facts(database=False)
    measures = scoring.measure(order)
    received = submissions.measure(order)
    return Report(
        name="poverty",
        floor=f"{scoring.FLOOR}; nhận phiếu: {submissions.FLOOR}",
        meaning=(
            f"Phân loại lại mọi hộ của một tỉnh mất {grouped(measures[0].ours)} giây, nên đổi chuẩn hay bảng điểm là biết ngay "
            f"hộ nào bị ảnh hưởng. Nhận một phiếu trọn vẹn tốn {grouped(received[0].ratio or 0)} lần một lần ghi trần."
            if measures[1].is_met
            else "Kết quả cả loạt khác kết quả từng hộ: phải sửa trước khi dùng."
        ),
        measures=[*measures, *received],
        machine=facts,
        is_quick=order.is_quick,
    )
