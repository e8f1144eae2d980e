"""``./lienthong payroll template FILE.yaml | --approve BANK``: what a bank wants and sends, from a file that an office keeps and can send on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.kernel.text import UncleanText, clean_line
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import today
from lienthong.ops.terminal_command import refuse
from lienthong.payments.banks import UnknownBank, bank_name, find_bank
from lienthong.payments.models import BankTemplate
from lienthong.payments.queries.files import bank_templates
from lienthong.payments.services.paying_accounts import (
    RecordBankTemplate,
    approve_bank_template,
    record_bank_template,
)
from lienthong.payments.states import FileKind
from lienthong.payments.templates import TemplateRefused
from lienthong.rules.social_assistance.plain_file import FileRefused, read_plain_file

_LONGEST: Final = 140
_KEYS: Final = ("bank", "name", "orders", "plain_letters", "sheet", "first_row", "columns", "statement")
_COLUMN_KEYS: Final = ("heading", "field", "text")
_STATEMENT_KEYS: Final = ("columns", "labels", "amounts_as_text")


def add_verb(verbs: Any) -> ArgumentParser:
    """Add the verb; return its parser."""
    parser: ArgumentParser = verbs.add_parser(
        "template", help="ghi mẫu tệp của một ngân hàng từ tệp YAML: cột của tệp chi, cột và nhãn của sao kê Excel"
    )
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="tệp YAML hoặc JSON; mẫu ở docs/how-to/close-a-month.md"
    )
    parser.add_argument("--approve", default="", metavar="NGÂN_HÀNG", help="duyệt mẫu đang chờ của ngân hàng này")
    return parser


def template(options: dict[str, Any], user: User) -> None:
    """Put down the template of a file, or approve the one of a bank that waits."""
    file: Path | None = options["file"]
    if bool(options["approve"]) == bool(file):
        refuse("Ghi tên tệp để ghi mẫu, hoặc --approve NGÂN_HÀNG để duyệt mẫu đang chờ.")
    _tell(options, _approved(options["approve"], user) if file is None else _put_down(file, user))


def _approved(named: str, user: User) -> BankTemplate:
    bank = find_bank(named)
    waiting = bank_templates(user, on=today()).filter(bank_code=bank.code, approved_at=None).first() if bank else None
    if waiting is None:
        refuse(f"Không có mẫu nào của ngân hàng “{named}” chờ bạn duyệt.")
    return approve_bank_template(waiting.pk, acting_user=user, now=timezone.now())


def _put_down(file: Path, user: User) -> BankTemplate:
    try:
        command = read_template(file.read_bytes())
        return record_bank_template(command, acting_user=user, now=timezone.now())
    except OSError:
        refuse(f"Không mở được tệp {file}. Hãy kiểm tra đường dẫn.")
    except (FileRefused, TemplateRefused, UncleanText, UnknownBank) as refusal:
        refuse(f"Tệp {file.name}: {refusal}")


def _tell(options: dict[str, Any], kept: BankTemplate) -> None:
    if options["json"]:
        told = {
            "bank": kept.bank_code, "name": kept.name, "version": kept.version, "orders": kept.order_kind,
            "columns": len(kept.columns), "approved": kept.approved_at is not None,
        }  # fmt: skip
        say(json.dumps(told, ensure_ascii=False, indent=1))
        return
    say(
        f"✓ Mẫu của {bank_name(kept.bank_code)}: {kept.name}, phiên bản {kept.version}, {kept.get_order_kind_display()}"
        + (", đã duyệt." if kept.approved_at else "; chờ lãnh đạo duyệt.")
    )


def read_template(content: bytes) -> RecordBankTemplate:
    """Read a template as people write it.

    Raises:
        FileRefused: No such file can be read.
        TemplateRefused: A key or value that cannot be, by its name.
        UncleanText: A text that cannot be stored.
    """
    data = _only(read_plain_file(content), _KEYS, "")
    plain: dict[str, Any] = {
        name: _text(data.get(key)) for name, key in (("bank_code", "bank"), ("name", "name"), ("sheet", "sheet"))
    }
    if "orders" in data:
        if data["orders"] not in {FileKind.PAIN001.value, FileKind.XLSX.value}:
            raise TemplateRefused("Mục orders phải là pain001 hoặc xlsx.")
        plain["order_kind"] = FileKind(data["orders"])
    plain["plain_letters"] = _yes_or_no(data, "plain_letters", default=True)
    first_row = data.get("first_row", 2)
    if isinstance(first_row, bool) or not isinstance(first_row, int):
        raise TemplateRefused("Mục first_row phải là một số nguyên, ví dụ 2.")
    plain["first_row"] = first_row
    plain["columns"] = _columns(data.get("columns") or [])
    plain["incoming"] = _statement(data.get("statement") or {})
    return RecordBankTemplate(**plain)


def _columns(found: Any) -> list[dict[str, str]]:
    if not isinstance(found, list):
        raise TemplateRefused("Mục columns phải là một danh sách, mỗi cột gồm heading và field hoặc text.")
    return [
        {
            name: _text(value)
            for name, value in _only(one, _COLUMN_KEYS, f"columns.{place}.").items()
            if value is not None
        }
        for place, one in enumerate(found, 1)
    ]


def _statement(found: Any) -> dict[str, Any]:
    data = _only(found, _STATEMENT_KEYS, "statement.")
    if not data:
        return {}
    words = {
        part: {name: _text(value) for name, value in _mapping(data.get(part) or {}, f"statement.{part}").items()}
        for part in ("columns", "labels")
    }
    return {**words, "amounts_as_text": _yes_or_no(data, "amounts_as_text", default=False)}


def _only(found: Any, keys: tuple[str, ...], path: str) -> Mapping[str, Any]:
    data = _mapping(found, path.rstrip("."))
    for name in data:
        if name not in keys:
            raise TemplateRefused(f"Không có mục {path}{name[:40]}. Các mục: {', '.join(keys)}.")
    return data


def _mapping(found: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise TemplateRefused(f"Mục {path} phải gồm các cặp tên và giá trị.")
    return found


def _text(found: Any) -> str:
    return "" if found is None else clean_line(str(found), at_most=_LONGEST)


def _yes_or_no(data: Mapping[str, Any], name: str, *, default: bool) -> bool:
    found = data.get(name, default)
    if not isinstance(found, bool):
        raise TemplateRefused(f"Mục {name} phải là true hoặc false.")
    return found
