"""``./lienthong entitled`` tells who is left out, with reasons, and keeps it when it is asked to."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from lienthong.assistance.models import Finding
from lienthong.people.models import Person
from tests.factories.assistance import CircumstanceFactory
from tests.factories.people import PersonFactory
from tests.world import World

ON = "2026-11-16"


@pytest.fixture
def old_woman(world: World) -> Person:
    person = PersonFactory(birth_on=date(1948, 3, 2), lives_in=world.agency("H55.05443").unit, number="019148001234")
    CircumstanceFactory(person=person, name="pension", value=0)
    return person


def test_it_prints_every_finding_with_its_reasons(old_woman: Person, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("entitled", "--on", ON, "--json")

    told = json.loads(capsys.readouterr().out)
    (finding,) = told["findings"]
    assert (finding["person_id"], finding["kind"], finding["certain"], finding["amount"]) == (
        old_woman.pk, "not_receiving", True, 540_000,
    )  # fmt: skip
    assert "được hưởng 540.000" in finding["reasons"][0]
    assert not Finding.objects.exists()


def test_it_counts_for_people_and_keeps_what_it_found(old_woman: Person, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("entitled", "--on", ON, "--commune", "05443", "--save")

    out = capsys.readouterr().out
    assert "đủ điều kiện nhưng chưa hưởng (chắc chắn): 1" in out
    assert "1 phát hiện mới" in out
    assert Finding.objects.get().person_id == old_woman.pk


def test_it_writes_a_sheet(old_woman: Person, tmp_path: Path) -> None:
    file = tmp_path / "ra-soat.xlsx"
    call_command("entitled", "--on", ON, "--xlsx", str(file))

    assert file.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--on", "31/02/2026"], "Ví dụ"),
        (["--on", "1990-01-01"], "Hãy bổ sung tệp"),
        (["--commune", "99999"], "99999"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    world: World, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("entitled", *arguments)

    assert ended.value.code == 2
    assert words in capsys.readouterr().err
