"""What computes with threads is done in a process of its own, so that whoever is forked afterwards can compute too."""

import multiprocessing

import polars as pl
import pytest

from lienthong.ops.processes import Failed, run_apart

PATIENCE = 30.0


def compute() -> None:
    frame = pl.DataFrame({"number": range(100_000)})
    assert frame.group_by(pl.col("number") % 7).agg(pl.len())["len"].sum() == frame.height


def fail() -> None:
    raise SystemExit(3)


def in_new_interpreter() -> None:
    """Do as ``up`` does: compute apart, then fork a part of the house that computes."""
    run_apart(compute)
    forked = multiprocessing.get_context("fork").Process(target=compute)
    forked.start()
    forked.join(PATIENCE)
    if forked.exitcode != 0:
        forked.kill()
        raise SystemExit(1)


def test_a_part_forked_after_a_computation_apart_computes_too() -> None:
    process = multiprocessing.get_context("spawn").Process(target=in_new_interpreter)
    process.start()
    process.join(2 * PATIENCE)
    assert process.exitcode == 0


def test_what_fails_apart_is_told() -> None:
    with pytest.raises(Failed, match="mã 3"):
        run_apart(fail)
