"""A new law at the terminal: looked at without writing anything, then applied by two people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lienthong.assistance.models import Entitlement, LawChange
from tests.assistance import onces
from tests.assistance.known import amount_in, disabled
from tests.assistance.test_law_changes import JULY, approver, preparer, recorded
from tests.world import World

pytestmark = pytest.mark.django_db
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], world: World, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return a function that runs the command on the day of the world and gives its code and its words."""
    monkeypatch.setattr(timezone, "now", lambda: world.now)

    def run(*arguments: str) -> tuple[int, str]:
        try:
            call_command("benefits", *arguments)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().out

    return run


@pytest.fixture
def row(world: World) -> Entitlement:
    return recorded(world, disabled(world, full_name="Hoàng Thị Ẩn"))


def test_the_preview_names_values_people_and_sums(told: Told, row: Entitlement) -> None:
    code, words = told("law", "--from", "07/2026")

    assert code == 0
    assert "mức chuẩn trợ giúp xã hội: 500.000\u00a0₫ → 540.000\u00a0₫ (335/2026/NĐ-CP, Điều 4" in words
    assert "do mức mới: 1 người, 5 tháng, chênh lệch 300.000\u00a0₫" in words
    assert not LawChange.objects.exists()


def test_as_json_one_line_for_each_person_and_month(told: Told, row: Entitlement) -> None:
    _code, words = told("law", "--from", "07/2026", "--json")

    lines = [json.loads(line) for line in words.splitlines()]
    assert [(line["month"], line["old"], line["new"], line["state"]) for line in lines] == [
        (f"2026-{month:02}", 750_000, 810_000, "law") for month in range(7, 12)
    ]


def test_as_a_workbook(told: Told, row: Entitlement, tmp_path: Path) -> None:
    file = tmp_path / "chenh-lech.xlsx"

    assert told("law", "--from", "07/2026", "--xlsx", str(file))[0] == 0

    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert len(rows) == 6
    assert rows[1][1] == "Hoàng Thị Ẩn"


def test_two_people_apply_it(told: Told, world: World, row: Entitlement) -> None:
    apply = ("law", "--from", "07/2026", "--programme", "social-assistance", "--apply", "--as")

    code, words = told(*apply, preparer(world).username)
    assert (code, amount_in(row, JULY)) == (0, 750_000)
    assert "Chưa có gì thay đổi." in words
    code, words = told(*apply, preparer(world).username)
    assert code == 2
    code, words = told(*apply, approver(world).username)
    assert (code, amount_in(row, JULY)) == (0, 810_000)
    assert "đã áp dụng" in words


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("law", "--from", "13/2026"), "không phải một tháng"),
        (("law", "--from", "08/2026"), "07/2026"),
        (("law", "--from", "07/2026", "--apply"), "--programme"),
        ((), "Chưa nêu việc"),
    ],
)
def test_refusals_say_what_to_do(told: Told, arguments: tuple[str, ...], says: str) -> None:
    code, words = told(*arguments)

    assert code == 2
    assert says in words


def test_what_was_paid_once_is_a_row_of_its_own(told: Told, world: World, tmp_path: Path) -> None:
    grant = onces.funeral(world)
    file = tmp_path / "chenh-lech.xlsx"

    (line,) = [json.loads(line) for line in told("law", "--from", "07/2026", "--json")[1].splitlines()]
    assert (line["grant"], line["entitlement"]) == ({"kind": "funeral", "id": grant.pk}, None)
    assert (line["month"], line["old"], line["new"], line["state"]) == ("2026-08", 10_000_000, 10_800_000, "apart")
    _code, words = told("law", "--from", "07/2026", "--xlsx", str(file))
    assert "khoản chi một lần, xem riêng: 1 người" in words
    row = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1]
    assert row[3:7] == ["hỗ trợ chi phí mai táng", "08/2026", 10_000_000, 10_800_000]
