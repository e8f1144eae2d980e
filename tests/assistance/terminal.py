"""``./lienthong benefits`` on the day of the world: what it says, and a proposal that goes from one person to another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command

from lienthong.accounts.models import User
from lienthong.assistance.models import Proposal
from tests.assistance.known import leader, processor
from tests.world import World


class Terminal:
    """Runs the command as accounts of the world."""

    def __init__(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        self.world, self._capsys = world, capsys

    def run(self, *arguments: str, command: str = "benefits") -> tuple[int, str]:
        """Return the code and the words of a command."""
        try:
            call_command(command, *arguments)
        except SystemExit as end:
            return int(end.code or 0), self._capsys.readouterr().err
        return 0, self._capsys.readouterr().out

    def asked(self, *arguments: str, by: User | None = None, command: str = "benefits") -> Any:
        """Return what a command tells as JSON, asked by the officer of the commune or somebody else."""
        who = (by or processor(self.world)).username
        code, words = self.run(*arguments, "--json", "--as", who, command=command)
        assert code == 0, words
        return json.loads(words)

    def refused(self, *arguments: str, by: User | None = None, command: str = "benefits") -> str:
        """Return the sentence of a refusal; nothing was proposed by it."""
        before = Proposal.objects.count()
        code, words = self.run(*arguments, "--as", (by or processor(self.world)).username, command=command)
        assert (code, Proposal.objects.count()) == (2, before), words
        assert words.startswith("✗ ")
        return words

    def decided(self, proposal_id: int, *, by: User | None = None, number: str = "31/QĐ-UBND") -> Any:
        """Let the leader of the commune, or somebody else, approve."""
        return self.asked("decide", str(proposal_id), "--approve", "--number", number, by=by or leader(self.world))

    def carried_out(self, *arguments: str, by: User | None = None, decides: User | None = None) -> Proposal:
        """Try, propose and approve: trying writes nothing, proposing waits, approving carries it out."""
        before = Proposal.objects.count()
        tried = self.asked("propose", *arguments, "--dry-run", by=by)
        assert (tried["dry_run"], Proposal.objects.count()) == (True, before)
        (proposed,) = self.asked("propose", *arguments, by=by)["proposals"]
        assert proposed["state"] == "pending"
        assert proposed["words"] == tried.get("words", proposed["words"])
        assert self.decided(proposed["id"], by=decides)["state"] == "approved"
        return Proposal.objects.get(pk=proposed["id"])
