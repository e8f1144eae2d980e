"""``./lienthong benefits VERB``: who receives what and why, what is proposed and decided, new laws, registers that are taken over."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.infra.missing import NotFound
from lienthong.ops import (
    benefits_law,
    benefits_person,
    benefits_proposals,
    benefits_proposing,
    benefits_register,
    command_list,
)
from lienthong.ops.assess_files import FactsRefused
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.plain_facts import FactRefused

EXAMPLE = "./lienthong benefits show 019180000123 --as TEN_DANG_NHAP"
_NOT_THERE = "Không có mục này, hoặc không thuộc phần việc của bạn. Hãy kiểm tra lại số. Xem: ./lienthong benefits show"
_VERBS: dict[str, Callable[..., None]] = {
    benefits_person.VERB: benefits_person.show,
    benefits_proposing.VERB: benefits_proposing.propose,
    benefits_proposals.LIST: benefits_proposals.show_proposals,
    benefits_proposals.DECIDE: benefits_proposals.decide,
    benefits_law.VERB: benefits_law.law,
    benefits_register.VERB: benefits_register.take_over,
}


class Command(TerminalCommand):
    help = command_list.lines()["benefits"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="VIỆC")
        parsers = [benefits_person.add_verb(verbs), *benefits_proposing.add_verb(verbs)]
        parsers += [
            *benefits_proposals.add_verbs(verbs),
            benefits_law.add_verb(verbs),
            benefits_register.add_verb(verbs),
        ]
        self.speak(*parsers)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] not in _VERBS:
            refuse(f"Chưa nêu việc: {', '.join(_VERBS)}. Ví dụ: {EXAMPLE}")
        try:
            _VERBS[options["verb"]](options, now=timezone.now())
        except (AssistanceRefusal, FactsRefused, FactRefused, NoValueInForce) as refusal:
            refuse(str(refusal))
        except NotFound as missing:
            refuse(str(missing) or _NOT_THERE)
