"""What the commands of the house have in common: they refuse in words, with an example, and end with 2."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand

BAD_INPUT = 2


def refuse(*sentences: str) -> NoReturn:
    """Say what is wrong and end with the code for bad input."""
    sys.stderr.write("".join(f"✗ {sentence}\n" for sentence in sentences))
    sys.exit(BAD_INPUT)


class TerminalCommand(BaseCommand):
    """A command that speaks the language of the house also where its options are not understood.

    Attributes:
        example: A line that works, told with every refusal of options.
    """

    requires_system_checks = ()
    example: ClassVar[str]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Refuse what argparse does not understand in words, for every verb as well."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        self.speak(parser)
        return parser

    def speak(self, *parsers: ArgumentParser) -> None:
        """Let parsers refuse as the command does; argparse makes one of its own for each verb."""
        for parser in parsers:
            parser.error = self._refuse_options  # type: ignore[method-assign]

    def _refuse_options(self, message: str) -> NoReturn:
        refuse(f"Không hiểu các tùy chọn của lệnh ({message}). Ví dụ: {self.example}")
