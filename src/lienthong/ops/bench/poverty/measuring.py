"""Everything that is measured of the poverty review, as one report."""

from lienthong.ops.bench import machine
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.poverty import scoring
from lienthong.ops.bench.report import Report, grouped


def measure(order: Order) -> Report:
    """Measure scoring; what devices send is measured by ``submissions.py`` once it stands here."""
    measures = scoring.measure(order)
    return Report(
        name="poverty",
        floor=scoring.FLOOR,
        meaning=(
            f"Phân loại lại mọi hộ của một tỉnh mất {grouped(measures[0].ours)} giây, nên đổi chuẩn hay bảng điểm là biết ngay "
            "hộ nào bị ảnh hưởng."
            if measures[1].is_met
            else "Kết quả cả loạt khác kết quả từng hộ: phải sửa trước khi dùng."
        ),
        measures=measures,
        machine=machine.facts(database=False),
        is_quick=order.is_quick,
    )
