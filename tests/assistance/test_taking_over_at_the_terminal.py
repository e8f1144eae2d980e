"""``./lienthong benefits take-over``: every row is told first, then two people take the register over."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from lienthong.assistance.models import Entitlement, TakeOver
from tests.assistance.known import disabled, leader, processor
from tests.assistance.test_taking_over import row, workbook
from tests.world import World


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.VERIFICATION_DIR = tmp_path / "kept"


def run(file: Path, *more: str) -> None:
    call_command(
        "benefits",
        "take-over",
        str(file),
        "--commune",
        "05443",
        "--programme",
        "social-assistance",
        "--month",
        "12/2026",
        *more,
    )


def test_a_register_is_told_row_by_row_and_taken_over_by_two(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = disabled(world, full_name="Hoàng Thị Đúng", number="019080000011", since=world.today.replace(month=3))
    file = tmp_path / "trợ cấp.xlsx"
    file.write_bytes(workbook(row(person.full_name, "019080000011", 700000)))
    run(file)
    told = capsys.readouterr().out
    assert "✓ Dòng 2: Hoàng Thị Đúng, 700.000" in told
    assert "1 dòng: 0 chưa nhận được, 1 khác mức theo quy định" in told
    assert not TakeOver.objects.exists()

    with pytest.raises(SystemExit):
        run(file, "--apply")
    run(file, "--apply", "--as", processor(world).username)
    with pytest.raises(SystemExit):
        run(file, "--apply", "--as", processor(world).username)
    run(file, "--apply", "--as", leader(world).username)
    assert "Đã tiếp nhận 1 người đang hưởng" in capsys.readouterr().out
    assert Entitlement.objects.get().person_id == person.pk


def test_a_commune_or_file_that_is_not_there_is_refused(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path / "không có.xlsx")
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(row("Ai")))
    with pytest.raises(SystemExit):
        call_command(
            "benefits", "take-over", str(file), "--commune", "99999", "--programme", "merit", "--month", "12/2026"
        )
    assert "không có đơn vị hành chính nào mang mã 99999" in capsys.readouterr().err
