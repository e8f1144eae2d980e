"""What a benchmark says of itself."""

from lienthong.ops import command_list
from lienthong.ops.bench.report import Measure, Report, percentile
from lienthong.ops.bench.suite import BENCHES


def report(*measures: Measure, is_quick: bool = False) -> Report:
    return Report(name="x", floor="mốc", meaning="nghĩa", measures=measures, machine={"cores": 2}, is_quick=is_quick)


def test_the_share_is_the_nearest_rank() -> None:
    values = list(range(1, 101))

    assert (percentile(values, 0.5), percentile(values, 0.95), percentile([7.0], 0.95)) == (50, 95, 7.0)


def test_a_missed_target_is_marked_in_the_table() -> None:
    missed = Measure(what="Chuyển", ours=10, unit="lượt/giây", floor=50, ratio=5, target="≤ 2×", is_met=False)

    assert "≤ 2× ✗" in report(missed).as_table()


def test_a_quick_run_warns_against_comparing() -> None:
    assert "không phải để so sánh" in report(is_quick=True).as_table()
    assert "không phải để so sánh" not in report().as_table()


def test_the_json_keeps_figures_to_what_they_mean() -> None:
    plain = report(Measure(what="Một", ours=1.234567, unit="ms")).as_plain_data()

    assert plain["measures"][0]["ours"] == 1.235
    assert plain["measures"][0]["floor"] is None


def test_every_benchmark_has_a_name_a_newcomer_can_type() -> None:
    assert set(BENCHES) == {
        "moves",
        "inbox",
        "deadlines",
        "entitlements",
        "payroll",
        "people",
        "poverty",
        "verification",
    }
    assert "bench" in command_list.lines()
