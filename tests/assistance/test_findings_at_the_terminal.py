"""The work list at the terminal: findings with their numbers, a dossier begun, a proposal made, one set aside; drafts of the law kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import Finding, Proposal, Scenario
from lienthong.assistance.states import FindingState
from lienthong.dossiers.models import Dossier
from tests.assistance.known import processor
from tests.assistance.terminal import Terminal
from tests.factories.assistance import CircumstanceFactory
from tests.office.assistance.people import elder, entitled
from tests.office.assistance.test_findings_screens import dead, reviewed
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    return Terminal(world, capsys)


class TestFindings:
    def test_lists_what_the_account_works_on(self, world: World, terminal: Terminal) -> None:
        entitled(world, "Nông Thị Chắc")
        elder(world, "Người Xã Khác", commune="H55.05500")
        reviewed(world)

        (told,) = terminal.asked("--findings", command="entitled")

        row = Finding.objects.get(person__full_name="Nông Thị Chắc")
        assert (told["id"], told["kind"], told["amount"], told["certain"]) == (row.pk, "not_receiving", 540_000, True)
        there = world.agency(ANOTHER_COMMUNE).unit.code
        assert terminal.asked("--findings", "--commune", there, command="entitled") == []
        assert len(terminal.asked("--findings", "--commune", world.agency(COMMUNE).unit.code, command="entitled")) == 1
        code, words = terminal.run("--findings", "--as", processor(world).username, command="entitled")
        assert (code, f"#{row.pk} Nông Thị Chắc" in words, "1 phát hiện" in words) == (0, True, True)

    def test_a_dossier_is_begun_once(self, world: World, terminal: Terminal) -> None:
        person = elder(world, number="019150001234")
        reviewed(world)
        row = Finding.objects.get()

        told = terminal.asked("--draft", str(row.pk), command="entitled")

        draft = Dossier.objects.get()
        assert (told["draft"], told["procedure"], draft.person_id) == (
            str(draft.public_id),
            draft.procedure_code,
            person.pk,
        )
        row.refresh_from_db()
        assert row.state == FindingState.DRAFTED
        assert terminal.asked("--draft", str(row.pk), command="entitled")["draft"] == told["draft"]
        assert "hồ sơ nháp" in terminal.refused("--propose", str(row.pk), command="entitled")

    def test_what_is_certain_is_proposed(self, world: World, terminal: Terminal) -> None:
        person = entitled(world)
        reviewed(world)
        row = Finding.objects.get()

        told = terminal.asked("--propose", str(row.pk), command="entitled")

        assert (told["proposal"]["kind"], Proposal.objects.get().person_id) == ("grant", person.pk)
        assert "đã có đề xuất" in terminal.refused("--draft", str(row.pk), command="entitled")

    def test_it_is_set_aside_with_a_reason(self, world: World, terminal: Terminal) -> None:
        dead(world)
        reviewed(world)
        row = Finding.objects.get()
        assert "Ghi lý do" in terminal.refused("--dismiss", str(row.pk), command="entitled")
        assert "không bắt đầu bằng hồ sơ" in terminal.refused("--draft", str(row.pk), command="entitled")

        told = terminal.asked("--dismiss", str(row.pk), "--reason", "Trùng tên với người khác", command="entitled")

        assert (told["state"], told["note"]) == ("dismissed", "Trùng tên với người khác")
        assert "bỏ qua" in terminal.refused("--draft", str(row.pk), command="entitled")

    def test_nobody_works_on_what_belongs_to_others(self, world: World, terminal: Terminal) -> None:
        elder(world, number="019150001234")
        reviewed(world)
        number = str(Finding.objects.get().pk)
        elsewhere, auditor = world.officer(Role.PROCESSOR, ANOTHER_COMMUNE), world.officer(Role.AUDITOR)

        for way in (
            ("--draft", number),
            ("--propose", number),
            ("--dismiss", number, "--reason", "Không phải việc này"),
        ):
            assert "Không có phát hiện" in terminal.refused(*way, by=elsewhere, command="entitled")
            assert "Chỉ cán bộ phụ trách" in terminal.refused(*way, by=auditor, command="entitled")
        assert "Không có phát hiện" in terminal.refused("--draft", "999999", command="entitled")
        assert "Chọn một trong" in terminal.refused("--draft", number, "--propose", number, command="entitled")
        assert terminal.run("--draft", number, command="entitled")[0] == 2
        assert not Dossier.objects.exists()


class TestScenarios:
    @pytest.fixture
    def file(self, world: World, tmp_path: Path) -> Path:
        person = elder(world)
        CircumstanceFactory(person=person, name="pension", value=0)
        path = tmp_path / "phuong-an.yaml"
        path.write_text(
            "name: Tệp\nchanges:\n  - {parameter: 'social_pension:level', value: 600000}\n", encoding="utf-8"
        )
        return path

    @pytest.fixture
    def drafter(self, world: World) -> User:
        return world.officer(Role.LEADER, HOME_AFFAIRS)

    def asked(self, terminal: Terminal, drafter: User, *arguments: str) -> Any:
        return terminal.asked(*arguments, by=drafter, command="what_if")

    def test_a_draft_is_kept_listed_and_reckoned_again(self, terminal: Terminal, drafter: User, file: Path) -> None:
        told = self.asked(terminal, drafter, str(file), "--save", "Hưu trí 600.000")

        scenario = Scenario.objects.get()
        assert (scenario.name, scenario.created_by, scenario.problem) == ("Hưu trí 600.000", drafter, "")
        assert scenario.results["whole"] == told["whole"]
        assert told["name"] == "Hưu trí 600.000"
        (listed,) = self.asked(terminal, drafter, "--list")
        assert (listed["id"], listed["monthly_difference"]) == (scenario.pk, told["whole"]["difference"])
        for name in ("Hưu trí 600.000", str(scenario.pk)):
            assert self.asked(terminal, drafter, "--scenario", name)["whole"] == told["whole"]
        code, words = terminal.run("--list", "--as", drafter.username, command="what_if")
        assert (code, "Hưu trí 600.000" in words, "1 phương án." in words) == (0, True, True)

    def test_one_becomes_another_and_two_of_one_name_are_told_apart(
        self, terminal: Terminal, drafter: User, file: Path
    ) -> None:
        self.asked(terminal, drafter, str(file), "--save", "Một")
        self.asked(terminal, drafter, "--scenario", "Một", "--save", "Một")

        first, second = Scenario.objects.order_by("pk")
        assert first.changes == second.changes
        said = terminal.refused("--scenario", "Một", by=drafter, command="what_if")
        assert str(first.pk) in said and str(second.pk) in said

    def test_refusals_keep_nothing(self, world: World, terminal: Terminal, drafter: User, file: Path) -> None:
        clerk = processor(world)
        for arguments, by, says in (
            ((str(file), "--save", "Một"), clerk, "Chỉ cán bộ của sở"),
            ((str(file), "--save", "  "), drafter, "đặt tên"),
            ((str(file), "--save", "a\x00b"), drafter, "ký tự điều khiển"),
            ((str(file), "--scenario", "Một"), drafter, "Nêu một tệp, hoặc"),
            ((), drafter, "Nêu một tệp, hoặc"),
            (("--scenario", "Một"), drafter, "Không có phương án “Một”"),
            (("--scenario", "Một"), clerk, "Chỉ người của sở"),
            (("--list",), clerk, "Chỉ người của sở"),
            ((str(file), "--save", "Một", "--on", "1990-01-01"), drafter, "Hãy bổ sung tệp"),
        ):
            assert says in terminal.refused(*arguments, by=by, command="what_if")
        code, words = terminal.run(str(file), "--save", "Một", command="what_if")
        assert (code, "Thiếu --as" in words) == (2, True)
        assert not Scenario.objects.exists()

    def test_a_file_is_reckoned_without_an_account(self, terminal: Terminal, file: Path) -> None:
        code, words = terminal.run(str(file), "--json", command="what_if")

        assert (code, json.loads(words)["name"]) == (0, "Tệp")
