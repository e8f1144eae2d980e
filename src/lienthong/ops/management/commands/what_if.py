"""``./lienthong what-if FILE.yaml | --scenario NAME [--on DAY] [--save NAME] [--json]``, ``--list``: drafts of the law, reckoned and kept."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from lienthong.assistance import policies
from lienthong.assistance.models import Scenario
from lienthong.assistance.queries.findings import scenarios
from lienthong.assistance.queries.register_columns import register_on
from lienthong.assistance.queries.what_if import Effect, Line, as_plain, effect_of
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.services.scenarios import KeepScenario, check_changes, compute_scenario, keep_scenario
from lienthong.infra.working import WorkedElsewhere
from lienthong.kernel.days import format_day, local_day, parse_day
from lienthong.kernel.money import format_dong
from lienthong.kernel.text import UncleanText, whole_number
from lienthong.ops import command_list
from lienthong.ops.benefits_reading import account_of
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.rules.drafts import ChangeRefused, Draft, read_changes, read_draft, words_of, written
from lienthong.rules.drafts import as_plain as changes_as_plain
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.plain_file import FileRefused

EXAMPLE = "./lienthong what-if muc-chuan-600.yaml --json"
EXAMPLE_SAVED = "./lienthong what-if muc-chuan-600.yaml --save “Mức chuẩn 600.000” --as TEN_DANG_NHAP"
_GROUPS = {
    "benefit": "Theo khoản",
    "payee": "Theo nơi nhận tiền",
    "commune": "Theo xã",
    "sex": "Theo giới",
    "ethnicity": "Theo dân tộc",
    "age": "Theo tuổi",
}
_SHOWN = 8


class Command(TerminalCommand):
    help = command_list.lines()["what_if"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="FILE", type=Path, help="tệp YAML hoặc JSON: changes gồm parameter, value, from"
        )
        parser.add_argument(
            "--scenario", default="", metavar="TÊN", help="phương án đã lưu, theo tên hoặc số, thay cho tệp"
        )
        parser.add_argument("--list", action="store_true", help="các phương án đã lưu, mới nhất trước")
        parser.add_argument("--save", default="", metavar="TÊN", help="lưu thành phương án có tên, như trên màn hình")
        parser.add_argument(
            "--as", dest="user", default="", metavar="USERNAME", help="tài khoản, cần cho phương án lưu"
        )
        parser.add_argument(
            "--on", default="", metavar="DAY", help="tính cho ngày nào (mặc định: theo tệp, rồi hôm nay)"
        )
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = local_day(now)
        if options["list"]:
            _check_reader(options, today)
            _list(as_json=options["json"])
            return
        source, draft = _draft(options, today)
        on = _day(options["on"]) or draft.on or today
        try:
            if options["save"]:
                user = account_of(options["user"], example=EXAMPLE_SAVED)
                command = KeepScenario(name=options["save"], changes=draft.changes, note=draft.note, as_of=on)
                scenario = keep_scenario(command, acting_user=user, now=now)
                effect = _reckoned(scenario)
                draft = replace(draft, name=scenario.name)
            else:
                check_changes(draft.changes, on=on)
                effect = effect_of(register_on(on), draft.changes)
        except ChangeRefused as refusal:
            refuse(f"{source}: {refusal}")
        except UncleanText as unclean:
            refuse(f"--save: {unclean}")
        except (AssistanceRefusal, NoValueInForce) as refusal:
            refuse(str(refusal))
        if options["json"]:
            told = {
                "name": draft.name,
                "note": draft.note,
                "changes": changes_as_plain(draft.changes),
                **as_plain(effect),
            }
            say(json.dumps(told, ensure_ascii=False, indent=1))
            return
        say("\n".join(_told(draft, effect)))
        if options["save"]:
            say(f"\n✓ Đã lưu phương án số {scenario.pk}: {scenario.name}.")


def _draft(options: dict[str, Any], today: date) -> tuple[str, Draft]:
    """Return the draft of a file, or of a scenario that is kept, with the words that name where it came from."""
    file = options["file"]
    if (file is None) == (not options["scenario"]):
        refuse(f"Nêu một tệp, hoặc một phương án đã lưu bằng --scenario. Ví dụ: {EXAMPLE}")
    if file is None:
        _check_reader(options, today)
        scenario = _kept(options["scenario"])
        changes = read_changes(scenario.changes)
        kept = Draft(name=scenario.name, note=scenario.note, on=scenario.as_of, changes=changes)
        return f"Phương án “{scenario.name}”", kept
    source = f"Tệp {file.name}"
    try:
        return source, read_draft(file.read_bytes())
    except OSError:
        refuse(f"Không mở được tệp {file}. Hãy kiểm tra đường dẫn.")
    except (FileRefused, ChangeRefused) as refusal:
        refuse(f"{source}: {refusal}")


def _check_reader(options: dict[str, Any], today: date) -> None:
    """Refuse an account that does not see the drafts that are kept."""
    if not policies.sees_province(account_of(options["user"], example=EXAMPLE_SAVED), on=today):
        refuse("Chỉ người của sở phụ trách xem được các phương án đã lưu.")


def _kept(name: str) -> Scenario:
    """Return the scenario of a number or a name; of several with one name, say their numbers."""
    number = whole_number(name, digits=9)
    rows = list(scenarios().filter(Q(name=name) | Q(pk=number if number is not None else 0)))
    if not rows:
        refuse(f"Không có phương án “{name}”. Xem các phương án: ./lienthong what_if --list --as TEN_DANG_NHAP")
    if len(rows) > 1:
        refuse(f"Có nhiều phương án “{name}”: số {', '.join(str(one.pk) for one in rows)}. Hãy nêu số.")
    return rows[0]


def _reckoned(scenario: Scenario) -> Effect:
    """Reckon what was just kept, or refuse with what stands in the way."""
    try:
        effect = compute_scenario(scenario.pk)
    except WorkedElsewhere:
        refuse(f"Đã lưu phương án số {scenario.pk}; hệ thống đang tính ở nơi khác. Xem: ./lienthong what_if --list")
    if effect is None:
        scenario.refresh_from_db()
        refuse(f"Đã lưu phương án số {scenario.pk} nhưng chưa tính được: {scenario.problem}")
    return effect


def _list(*, as_json: bool) -> None:
    rows = list(scenarios())
    if as_json:
        plain = [
            {
                "id": one.pk, "name": one.name, "note": one.note, "as_of": one.as_of.isoformat(), "changes": one.changes,
                "created_by": one.created_by.username, "problem": one.problem,
                "monthly_difference": one.results["whole"]["difference"] if one.results else None,
            }
            for one in rows
        ]  # fmt: skip
        say(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    for one in rows:
        told = (
            f"{_signed(one.results['whole']['difference'])} mỗi tháng"
            if one.results
            else one.problem or "chưa tính xong"
        )
        say(f"#{one.pk} {one.name}, tính cho ngày {format_day(one.as_of)}, {one.created_by.full_name} lập: {told}")
    say(f"{len(rows)} phương án.")


def _told(draft: Draft, effect: Effect) -> list[str]:
    before, after = effect.year
    whole = effect.whole
    lines = [draft.name or "Phương án chưa đặt tên", ""]
    for one in draft.changes:
        since = f" từ ngày {format_day(one.applied_from)}" if one.applied_from else ""
        lines.append(f"  {words_of(one.parameter)}: {written(one.parameter, one.value)}{since}")
    lines += [
        "",
        f"Tính cho {effect.people} người, tháng {effect.month:%m/%Y}; đang chi trả cho {effect.receiving[0]} người.",
        f"Mỗi tháng: {format_dong(whole.amount_before)} → {format_dong(whole.amount_after)} ({_signed(whole.difference)})",
        f"12 tháng: {format_dong(before)} → {format_dong(after)} ({_signed(after - before)})",
        f"Thêm {whole.gained} người, bớt {whole.lost} người; {effect.more} người tăng mức, {effect.less} người giảm mức.",
        f"Chưa đủ thông tin để kết luận: {effect.open} người, chỉ tính phần chắc chắn.",
    ]
    if effect.one_of_two:
        lines.append(
            f"{effect.one_of_two} người có cả trợ cấp xã hội và ưu đãi người có công: chỉ tính mức cao hơn (20/2021/NĐ-CP, Điều 6 khoản 2)."
        )
    for name, words in _GROUPS.items():
        lines += ["", f"{words}:"]
        lines += [_line(one) for one in effect.groups[name][:_SHOWN]]
        more = len(effect.groups[name]) - _SHOWN
        if more > 0:
            lines.append(f"  … và {more} dòng khác; dùng --json để xem hết")
    return lines


def _line(one: Line) -> str:
    people = f"{one.people_before} → {one.people_after} người"
    return f"  {one.words}: {people}, {format_dong(one.amount_before)} → {format_dong(one.amount_after)} ({_signed(one.difference)})"


def _signed(amount: int) -> str:
    return f"+{format_dong(amount)}" if amount > 0 else format_dong(amount)


def _day(text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError as unreadable:
        refuse(f"{unreadable} Ví dụ: {EXAMPLE}")
