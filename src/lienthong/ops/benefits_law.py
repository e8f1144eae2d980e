"""``./lienthong benefits law --from MM/YYYY``: what a law in force later than it applies changes, and its application by two people."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from lienthong.accounts.models import User
from lienthong.assistance.models import LawChange
from lienthong.assistance.queries.law_differences import Difference, NewLaw, preview_law
from lienthong.assistance.queries.law_values import value_words, values_from
from lienthong.assistance.services import law_changes as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Benefit, LawChangeState, Programme
from lienthong.infra.working import WorkedElsewhere
from lienthong.kernel.days import format_day, local_day, parse_day
from lienthong.kernel.money import format_dong
from lienthong.ops.console import say
from lienthong.ops.terminal_command import refuse
from lienthong.people.models import Person
from lienthong.rules.parameters import NoValueInForce

VERB: Final = "law"
EXAMPLE: Final = "./lienthong benefits law --from 07/2026"
_HEADS: Final = ("Xã, phường", "Họ và tên", "Số định danh", "Khoản", "Tháng", "Mức đã ghi", "Mức mới", "Chênh lệch", "Đã chi tháng đó", "Cách xử lý")  # fmt: skip


def add_verb(verbs: Any) -> ArgumentParser:
    """Add the verb to the command."""
    law: ArgumentParser = verbs.add_parser(VERB, help="tính chênh lệch khi văn bản áp dụng sớm hơn ngày có hiệu lực")
    law.add_argument("--from", dest="from_month", metavar="MM/YYYY", required=True, help="áp dụng từ tháng này")
    law.add_argument("--programme", choices=Programme.values, help="chỉ một chương trình (mặc định: cả hai)")
    law.add_argument("--known-before", metavar="DATE", help="ngày cuối còn theo quy định cũ (mặc định: tự tìm)")
    law.add_argument("--json", action="store_true", help="in từng người, từng tháng, mỗi dòng một JSON")
    law.add_argument("--xlsx", type=Path, metavar="FILE", help="ghi từng người, từng tháng vào tệp Excel")
    law.add_argument(
        "--apply", action="store_true", help="lập bảng; chạy lần nữa với người khác thì duyệt và ghi mức mới"
    )
    law.add_argument(
        "--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người làm, cần cho --apply"
    )
    return law


def law(options: dict[str, Any], *, now: datetime) -> None:
    """Show what a law changes; with ``--apply``, prepare its application, or approve what another prepared."""
    month = _month(options["from_month"])
    before = _day(options["known_before"])
    wanted = [options["programme"]] if options["programme"] else list(Programme.values)
    commands = [services.ProposeLawChange(programme=one, from_month=month, known_before=before) for one in wanted]
    try:
        if options["apply"]:
            if len(commands) != 1:
                refuse("--apply cần --programme: mỗi chương trình do sở phụ trách của nó lập và duyệt.")
            _apply(commands[0], _user(options["user"]), now)
        else:
            _preview(commands, options, local_day(now))
    except (AssistanceRefusal, NoValueInForce) as refusal:
        refuse(str(refusal))
    except WorkedElsewhere:
        refuse("Hệ thống đang tính việc này ở nơi khác. Hãy xem tiến độ trên màn hình “Áp dụng mức mới”.")


def _preview(commands: list[services.ProposeLawChange], options: dict[str, Any], on: date) -> None:
    """Stream what would change; nothing is written."""
    laws, refusals = [], []
    for command in commands:
        try:
            laws.append(services.new_law(command, on=on))
        except services.NothingNew as none:
            refusals.append(str(none))
    if not laws:
        refuse(*refusals)
    found: Iterator[Difference] = (one for law in laws for one in preview_law(law))
    if options["xlsx"]:
        found = _write(options["xlsx"], found)
    sums = _Sums()
    for one in found:
        sums.add(one)
        if options["json"]:
            say(json.dumps(_plain(one), ensure_ascii=False))
    if options["json"]:
        return
    for law in laws:
        _say_law(law, on)
        for line in sums.lines(law.programme):
            say(f"  {line}")
    if options["xlsx"]:
        say(f"✓ Đã ghi từng người, từng tháng vào {options['xlsx']}.")


class _Sums:
    """What differences come to by programme and state."""

    def __init__(self) -> None:
        self.months: Counter[tuple[str, str]] = Counter()
        self.amounts: Counter[tuple[str, str]] = Counter()
        self.arrears: Counter[tuple[str, str]] = Counter()
        self.people: dict[tuple[str, str], set[int]] = defaultdict(set)

    def add(self, one: Difference) -> None:
        key = (str(one.of.programme), one.handling)
        difference = 0 if one.new is None else one.new - one.old
        self.people[key].add(one.person_id)
        self.months[key] += 1
        self.amounts[key] += difference
        self.arrears[key] += difference if one.was_paid else 0

    def lines(self, programme: str) -> Iterator[str]:
        found = [key for key in sorted(self.months) if key[0] == programme]
        for key in found:
            yield (
                f"{key[1]}: {len(self.people[key])} người, {self.months[key]} tháng, chênh lệch "
                f"{format_dong(self.amounts[key])}, trong đó truy lĩnh tháng đã chi {format_dong(self.arrears[key])}."
            )
        if not found:
            yield "Mọi mức đã ghi đều đúng theo quy định đang có hiệu lực."


def _say_law(law: NewLaw, on: date) -> None:
    say(
        f"{str(Programme(law.programme).label).capitalize()}, từ tháng {law.from_month:%m/%Y}: so quy định có hiệu lực đến "
        f"{format_day(law.known_before)} với quy định có hiệu lực đến {format_day(law.known_on)}."
    )
    for value in values_from(law.programme, law.from_month, on=on):
        say(f"  {value_words(value.as_plain())}")


def _plain(one: Difference) -> dict[str, Any]:
    row, is_monthly = one.of, one.entitlement is not None
    return {
        "person": one.person_id, "entitlement": row.pk if is_monthly else None,
        "grant": None if is_monthly else {"kind": str(row.what), "id": row.pk}, "programme": str(row.programme),
        "benefit": str(row.benefit), "unit": row.unit_id,
        "month": f"{one.month:%Y-%m}", "old": one.old, "new": one.new,
        "difference": None if one.new is None else one.new - one.old, "was_paid": one.was_paid, "state": str(one.state),
    }  # fmt: skip


def _write(file: Path, found: Iterator[Difference]) -> Iterator[Difference]:
    """Write rows to a workbook as they pass by, one row in memory at a time."""
    try:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        page = book.add_worksheet()
        for place, head in enumerate(_HEADS):
            page.write_string(0, place, head)
        line = 0
        for person_id, rows in groupby(found, lambda one: one.person_id):
            person = Person.objects.select_related("unit").get(pk=person_id)
            for one in rows:
                line += 1
                for place, value in enumerate(_cells(person, one)):
                    if isinstance(value, int):
                        page.write_number(line, place, value)
                    else:
                        page.write_string(line, place, value)
                yield one
        book.close()
    except OSError as trouble:
        refuse(f"Không ghi được tệp “{file}” ({trouble.strerror}). Hãy kiểm tra đường dẫn.")


def _cells(person: Person, one: Difference) -> tuple[str | int, ...]:
    difference: str | int = "" if one.new is None else one.new - one.old
    return (
        person.unit.name if person.unit else "", person.full_name, person.personal_id_number or "", str(Benefit(one.of.benefit).label),
        f"{one.month:%m/%Y}", one.old, "" if one.new is None else one.new, difference, "có" if one.was_paid else "chưa",
        one.handling,
    )  # fmt: skip


def _apply(command: services.ProposeLawChange, user: User, now: datetime) -> None:
    """Prepare where nothing waits; else approve what waits and write it. The same user never does both."""
    waiting = LawChange.objects.filter(
        programme=command.programme,
        state__in=(LawChangeState.RECKONING, LawChangeState.PREPARED, LawChangeState.APPLYING),
    ).first()
    if waiting is None:
        change = services.propose_law_change(command, acting_user=user, now=now)
        services.reckon_law_change(change.pk)
        change.refresh_from_db()
        say(
            f"✓ Đã lập bảng số {change.pk}: {change.people} người, chênh lệch {format_dong(change.amount)}, truy lĩnh "
            f"{format_dong(change.arrears)}; {change.apart} người phải xem riêng. Chưa có gì thay đổi."
        )
        say("  Người khác của sở duyệt: chạy lại lệnh này với --as của người đó, hoặc trên màn hình “Áp dụng mức mới”.")
        return
    if waiting.from_month != command.from_month.replace(day=1):
        refuse(f"Đang có bảng từ tháng {waiting.from_month:%m/%Y} chưa xong. Hãy duyệt hoặc bỏ bảng đó trước.")
    services.reckon_law_change(waiting.pk)
    waiting.refresh_from_db()
    if waiting.state == LawChangeState.PREPARED:
        services.approve_law_change(waiting.pk, acting_user=user, now=now)
    services.apply_law_change(waiting.pk)
    waiting.refresh_from_db()
    say(f"✓ Bảng số {waiting.pk}: {waiting.get_state_display()}. Kỳ chi trả sau tự truy lĩnh các tháng đã chi.")


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%m/%Y").date()  # noqa: DTZ007 -- a month has no zone
    except ValueError:
        refuse(f"“{text}” không phải một tháng. Ví dụ: --from 07/2026.")


def _day(text: str | None) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError as unreadable:
        refuse(str(unreadable))


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first() if username else None
    if user is None:
        refuse("--apply cần --as: tên tài khoản của người lập hoặc duyệt.")
    return user
