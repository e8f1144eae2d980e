"""``./lienthong benefits propose VERB PERSON``: what the office enters for a person, with the services and refusals of the screens."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Proposal
from lienthong.assistance.services.previewing import Preview, preview_proposal, tried
from lienthong.assistance.states import ProposalKind
from lienthong.kernel.days import local_day
from lienthong.ops.assess_files import FactsRefused
from lienthong.ops.benefits_acts import Case
from lienthong.ops.benefits_fields import read_fields
from lienthong.ops.benefits_preview import preview_as_plain, say_preview
from lienthong.ops.benefits_reading import beneficiary_of, officer_of, proposal_as_plain, say_proposal
from lienthong.ops.benefits_verbs import VERBS, Verb, schema
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import say_json
from lienthong.ops.terminal_command import refuse
from lienthong.people.models import Person

VERB: Final = "propose"
EXAMPLE: Final = "./lienthong benefits propose grant 019180000123 --benefit personal --as TEN_DANG_NHAP"
_FACT: Final = "fact_"


def add_verb(verbs: Any) -> list[ArgumentParser]:
    """Add what may be proposed, each with its facts as options; return the parsers."""
    parser: ArgumentParser = verbs.add_parser(VERB, help=f"lập đề xuất cho một người: {', '.join(VERBS)}")
    parser.add_argument("--schema", action="store_true", help="in JSON Schema của các tệp --facts")
    found = [parser]
    acts = parser.add_subparsers(dest="act", metavar="VIỆC")
    for name, verb in VERBS.items():
        act = acts.add_parser(name, help=_plain(verb.words))
        act.add_argument("person", metavar="SỐ_ĐỊNH_DANH", help="số định danh của người được đề xuất")
        for one in verb.fields:
            needed = " (cần)" if one.needed else ""
            act.add_argument(one.option, dest=f"{_FACT}{one.name}", metavar="…", help=_plain(f"{one.words}{needed}"))
        act.add_argument("--facts", type=Path, metavar="FILE", help="các mục trên trong một tệp YAML hoặc JSON")
        act.add_argument("--dry-run", action="store_true", help="cho xem kết quả, không ghi gì")
        act.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người đề xuất")
        act.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        found.append(act)
    return found


def propose(options: dict[str, Any], *, now: datetime) -> None:
    """Propose or record; with ``--dry-run`` show what would come of it and write nothing."""
    if options["schema"]:
        say(json.dumps(schema(), ensure_ascii=False, indent=1))
        return
    if not options["act"]:
        refuse(f"Chưa nêu việc: {', '.join(VERBS)}. Ví dụ: {EXAMPLE}")
    verb = VERBS[options["act"]]
    user = officer_of(options["user"], on=local_day(now), example=EXAMPLE)
    person = beneficiary_of(options["person"], user, on=local_day(now))
    told = {
        name.removeprefix(_FACT): value
        for name, value in options.items()
        if name.startswith(_FACT) and value is not None
    }
    facts = read_fields(verb.fields, file=options["facts"], options=told, example=EXAMPLE)
    _check_one_of(verb, facts)
    act = verb.act(Case(person=person, user=user, on=local_day(now), facts=facts))

    def done() -> Any:
        return act(acting_user=user, now=now)

    def followed() -> list[Proposal]:
        return _proposed(done(), person, user, now)

    if not options["dry_run"]:
        _tell(options, person, followed())
    elif verb.records:
        _tell(options, person, tried(followed))
    else:
        preview = preview_proposal(done, person_id=person.pk, acting_user=user, now=now)
        _tell_preview(options, person, preview)


def _check_one_of(verb: Verb, facts: dict[str, Any]) -> None:
    told = [name for name in verb.one_of if name in facts]
    if verb.one_of and len(told) != 1:
        names = "; ".join(f"{one.option} ({one.words})" for one in verb.fields if one.name in verb.one_of)
        raise FactsRefused(f"Ghi đúng một trong các mục: {names}.")


def _proposed(result: Any, person: Person, user: User, now: datetime) -> list[Proposal]:
    """Return what was proposed: the proposal itself, or the adjustment that follows from what was recorded."""
    rows = Proposal.objects.select_related("person", "unit", "prepared_by", "decided_by")
    if isinstance(result, Proposal):
        return [rows.get(pk=result.pk)]
    mine = rows.filter(person=person, kind=ProposalKind.ADJUST, prepared_by=user, prepared_at=now)
    return list(mine.order_by("pk"))


def _tell(options: dict[str, Any], person: Person, proposals: list[Proposal]) -> None:
    verb, is_dry = VERBS[options["act"]], options["dry_run"]
    if options["json"]:
        say_json(
            {
                "verb": options["act"], "dry_run": is_dry, "recorded": verb.records and not is_dry,
                "person": {"name": person.full_name, "number": person.personal_id_number},
                "proposals": [{**proposal_as_plain(one), "id": None if is_dry else one.pk} for one in proposals],
            }
        )  # fmt: skip
        return
    if verb.records:
        done = "Làm được, chưa có gì được ghi" if is_dry else "Xong"
        say(f"✓ {done}: {verb.words}. {person.full_name}.")
    for one in proposals:
        say("  Sẽ kèm đề xuất:" if is_dry else "✓ Đã đề xuất, chờ người khác duyệt:")
        say_proposal(one)


def _tell_preview(options: dict[str, Any], person: Person, preview: Preview) -> None:
    if options["json"]:
        say_json(
            {
                "verb": options["act"], "dry_run": True, "recorded": False,
                "person": {"name": person.full_name, "number": person.personal_id_number}, **preview_as_plain(preview),
            }
        )  # fmt: skip
        return
    say(f"✓ Đề xuất được, chưa có gì được ghi. {person.full_name}: {preview.words}")
    say_preview(preview)


def _plain(words: str) -> str:
    """Give words that argparse does not take for a format."""
    return words.replace("%", "%%")
