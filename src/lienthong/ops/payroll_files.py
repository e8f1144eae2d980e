"""``./lienthong payroll export | import | results``: files of a run out, answers in, with the same verbs as on the screens."""

from __future__ import annotations

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.documents.queries import open_content
from lienthong.ops.console import say, step
from lienthong.ops.terminal_command import refuse
from lienthong.payments.incoming.refusals import AnswerRefused
from lienthong.payments.models import PaymentFile, PaymentRun
from lienthong.payments.outgoing.schema import SchemaMissing
from lienthong.payments.outgoing.values import OrderRefused
from lienthong.payments.queries.leaving import NoPayingAccount
from lienthong.payments.services.exporting import export_run
from lienthong.payments.services.importing import ImportAnswer, Imported, import_answer
from lienthong.payments.services.recording import RecordList, record_list
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.templates import TemplateRefused


def add_verbs(verbs: Any) -> tuple[list[ArgumentParser], list[ArgumentParser]]:
    """Add the verbs on files; return the parsers of those that name a month, and of the others."""
    export = verbs.add_parser("export", help="xuất tệp của đợt đã chuyển chi trả: lệnh cho ngân hàng, danh sách cho xã")
    export.add_argument("--to", type=Path, metavar="DIR", help="chép các tệp ra thư mục này")
    take_in = verbs.add_parser(
        "import", help="nhập sao kê, báo kết quả của ngân hàng (camt.053, pain.002, MT940, Excel) và đối soát"
    )
    take_in.add_argument("files", nargs="*", type=Path, metavar="FILE", help="các tệp, theo thứ tự ngày")
    take_in.add_argument(
        "--bank", default="", metavar="MÃ", help="mã ngân hàng, để đọc Excel theo mẫu của ngân hàng đó"
    )
    results = verbs.add_parser("results", help="nhập kết quả chi qua bưu điện, tiền mặt (tệp Excel đã điền)")
    results.add_argument("files", nargs="*", type=Path, metavar="FILE", help="các tệp kết quả")
    return [export], [take_in, results]


def export(options: dict[str, Any], run: PaymentRun, user: User) -> None:
    """Make the files of a run and copy them to a folder."""
    try:
        with step("Xuất tệp chi trả") as note:
            files = export_run(
                run.pk, acting_user=user, now=timezone.now(), tell=lambda done, all_: note(f"{done}/{all_} tệp")
            )
    except (NoPayingAccount, OrderRefused, SchemaMissing, TemplateRefused) as refusal:
        refuse(str(refusal))
    folder: Path | None = options["to"]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            _copy(file, folder / file.file.name)
    if options["json"]:
        say(json.dumps([_as_plain(file) for file in files], ensure_ascii=False, indent=1))
        return
    for file in files:
        say(f"  {file.message_id}: {file.get_kind_display()}, {file.lines} khoản, {_dong(file.amount)}")
    say(f"✓ {len(files)} tệp" + (f" trong {folder}" if folder else "; thêm --to DIR để chép ra thư mục") + ".")


def take_in(options: dict[str, Any], user: User) -> None:
    """Take in statements and reports, one after the other; the first that is refused ends it."""
    bank: str = options["bank"]
    _each(
        options,
        lambda content, name: import_answer(
            ImportAnswer(content=content, name=name, bank_code=bank), acting_user=user, now=timezone.now()
        ),
    )


def results(options: dict[str, Any], user: User) -> None:
    """Take in what the post and cashiers hand back."""
    _each(
        options,
        lambda content, name: record_list(RecordList(content=content, name=name), acting_user=user, now=timezone.now()),
    )


def _each(options: dict[str, Any], verb: Callable[[Any, str], Imported]) -> None:
    files: list[Path] = options["files"]
    if not files:
        refuse("Chưa nêu tệp nào. Ví dụ: ./lienthong payroll import sao-ke.xml --as TEN_DANG_NHAP")
    told = []
    for file in files:
        if not file.is_file():
            refuse(f"Không có tệp {file}.")
        try:
            with file.open("rb") as content:
                imported = verb(content, file.name)
        except (AnswerRefused, TemplateRefused) as refusal:
            refuse(f"{file.name}: {refusal} Chưa nhập gì từ tệp này.")
        except PaymentRefused as refusal:
            refuse(f"{file.name}: {refusal}")
        told.append(_imported_as_plain(file, imported))
        if not options["json"]:
            _say_imported(file, imported)
    if options["json"]:
        say(json.dumps(told, ensure_ascii=False, indent=1))


def _say_imported(file: Path, imported: Imported) -> None:
    if imported.already:
        say(f"= {file.name}: đã nhập trước đó, không có gì thay đổi.")
        return
    out = imported.outcome
    say(
        f"✓ {file.name}: {out.lines} dòng; {out.paid} đã nhận, {out.returned} hoàn trả, {out.failed} không thành công, "
        f"{out.uncollected} chưa nhận, {out.strange} cần xem."
    )
    for notice in imported.notices:
        say(f"  ! {notice}")


def _imported_as_plain(file: Path, imported: Imported) -> dict[str, Any]:
    counted = {name: getattr(imported.outcome, name) for name in imported.outcome.__slots__}
    statements = [one.pk for one in imported.statements]
    return {
        "file": file.name,
        "already": imported.already,
        "statements": statements,
        "notices": imported.notices,
        **counted,
    }


def _as_plain(file: PaymentFile) -> dict[str, Any]:
    return {
        "name": file.file.name, "message_id": file.message_id, "kind": file.kind, "channel": file.channel,
        "bank": file.bank_code, "lines": file.lines, "amount": file.amount, "sha256": file.sha256,
    }  # fmt: skip


def _copy(file: PaymentFile, path: Path) -> None:
    with open_content(file.file) as content, path.open("wb") as out:
        shutil.copyfileobj(content, out)


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")
