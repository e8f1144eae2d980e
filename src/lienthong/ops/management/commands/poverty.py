"""``./lienthong poverty VERB``: points tables of form B1, and survey forms, from the terminal."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.ops import command_list
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.poverty.points_file import PointsFileRefused, template_workbook
from lienthong.poverty.queries.forms import form_to_change
from lienthong.poverty.queries.rounds import column_of
from lienthong.poverty.queries.standards import points_table_for
from lienthong.poverty.services.approvals import StandardRefused
from lienthong.poverty.services.forms import FormRefused, NothingNew, PublishForm, publish_form
from lienthong.poverty.services.points import FeaturesGone, LoadPointsTable, approve_points_table, load_points_table
from lienthong.poverty.states import FormKind
from lienthong.rules.poverty.standards import NoStandard, standard_ids, standard_on
from lienthong.verification.tables import TableRefused

EXAMPLE = (
    "./lienthong poverty load-points bang-diem.xlsx --standard 2022-2026 --name 'Bảng điểm 2026' "
    "--source 'Thông tư …' --as TEN_DANG_NHAP"
)


class Command(TerminalCommand):
    help = command_list.lines()["poverty"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="VIỆC")
        load = verbs.add_parser("load-points", help="nạp một bảng điểm B1 từ tệp XLSX hoặc CSV, chờ người khác duyệt")
        load.add_argument("file", metavar="FILE", type=Path, help="tệp theo mẫu của points-template")
        load.add_argument("--standard", default="", help=f"mã chuẩn nghèo: {', '.join(standard_ids())}")
        load.add_argument("--name", default="", help="tên bảng điểm")
        load.add_argument("--source", default="", help="văn bản ban hành bảng điểm")
        load.add_argument("--superseded", action="store_true", help="bảng của giai đoạn trước, chỉ để thử")
        load.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="FEATURE",
            help="mã đặc điểm mà bảng mới bỏ hẳn so với bảng trước",
        )
        approve = verbs.add_parser("approve-points", help="duyệt một bảng điểm mà người khác đã nạp")
        approve.add_argument("table", metavar="ID", help="mã số mà load-points in ra")
        publish = verbs.add_parser("publish-form", help="phát hành phiên bản mới của một phiếu khảo sát")
        publish.add_argument("form", metavar="FORM", help=f"mã phiếu: {', '.join(FormKind.values)}")
        publish.add_argument(
            "file", metavar="FILE", type=Path, nargs="?", help="XLSForm đã sửa; không nêu thì lấy phiếu có sẵn"
        )
        publish.add_argument("--standard", default="", help=f"mã chuẩn nghèo: {', '.join(standard_ids())}")
        for verb in (load, approve, publish):
            verb.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người làm")
        form = verbs.add_parser("form-xlsx", help="ghi một phiếu khảo sát thành XLSX để sửa trong Excel")
        form.add_argument("form", metavar="FORM", help=f"mã phiếu: {', '.join(FormKind.values)}")
        form.add_argument("file", metavar="FILE", type=Path, help="tệp .xlsx sẽ ghi")
        form.add_argument("--standard", default="", help="phiếu đang dùng của chuẩn nào (mặc định: chuẩn của hôm nay)")
        template = verbs.add_parser("points-template", help="ghi tệp mẫu để điền bảng điểm")
        template.add_argument("file", metavar="FILE", type=Path, help="tệp .xlsx sẽ ghi")
        self.speak(load, approve, publish, form, template)

    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[[dict[str, Any]], None]] = {
            "load-points": _load, "approve-points": _approve, "points-template": _template,
            "publish-form": _publish, "form-xlsx": _form_xlsx,
        }  # fmt: skip
        if options["verb"] not in verbs:
            refuse(f"Chưa nêu việc: {', '.join(verbs)}. Ví dụ: {EXAMPLE}")
        try:
            verbs[options["verb"]](options)
        except PointsFileRefused as refusal:
            problems = "\n".join(f"  {problem}" for problem in refusal.problems)
            refuse(f"Chưa nạp gì; tệp có {len(refusal.problems)} lỗi:\n{problems}")
        except FeaturesGone as refusal:
            missing = " ".join(f"--without {code}" for code in refusal.features)
            refuse(f"{refusal} Nếu văn bản mới bỏ hẳn, hãy thêm: {missing}. Nếu không, hãy bổ sung vào tệp.")
        except (StandardRefused, TableRefused, FormRefused, NotFound) as refusal:
            refuse(str(refusal))


def _load(options: dict[str, Any]) -> None:
    if not options["standard"]:
        refuse(f"Thiếu --standard. Các chuẩn: {', '.join(standard_ids())}. Ví dụ: {EXAMPLE}")
    command = LoadPointsTable(
        path=options["file"], file_name=options["file"].name, standard_id=options["standard"], name=options["name"],
        source=options["source"], is_superseded=options["superseded"], without=frozenset(options["without"]),
    )  # fmt: skip
    version = load_points_table(command, acting_user=_user(options["user"]), now=timezone.now())
    say(f"✓ Đã nạp {version} với mã số {version.pk}; chưa dùng được cho tới khi người khác duyệt:")
    say(f"  ./lienthong poverty approve-points {version.pk} --as TEN_DANG_NHAP")


def _approve(options: dict[str, Any]) -> None:
    if not options["table"].isdecimal():
        refuse(f"“{options['table']}” không phải mã số của bảng điểm. Mã số được in khi nạp bảng.")
    version = approve_points_table(int(options["table"]), acting_user=_user(options["user"]), now=timezone.now())
    say(f"✓ {version} được dùng cho các đợt mở từ bây giờ.")


def _publish(options: dict[str, Any]) -> None:
    file: Path | None = options["file"]
    _known_form(options["form"])
    if options["standard"] not in standard_ids():
        refuse(f"Thiếu --standard, hoặc chuẩn không có. Các chuẩn: {', '.join(standard_ids())}.")
    try:
        source = file.read_bytes() if file else None
    except OSError as trouble:
        refuse(f"Không đọc được tệp “{file}” ({trouble.strerror}). Hãy kiểm tra đường dẫn.")
    now = timezone.now()
    table = points_table_for(options["standard"], local_day(now))
    command = PublishForm(
        form_id=options["form"], standard_id=options["standard"], source=source, source_name=file.name if file else "",
        points_table=table, region_column=column_of(table, local_day(now)),
    )  # fmt: skip
    try:
        version = publish_form(command, acting_user=_user(options["user"]), now=now)
    except NothingNew as same:
        say(str(same))
        return
    say(f"✓ Đã phát hành {version.title}, phiên bản {version.version}. Máy khảo sát nhận ở lần cập nhật phiếu sau.")


def _form_xlsx(options: dict[str, Any]) -> None:
    _known_form(options["form"])
    try:
        standard_id = options["standard"] or standard_on(timezone.localdate()).id
    except NoStandard as none:
        refuse(str(none))
    if standard_id not in standard_ids():
        refuse(f"Không có chuẩn “{standard_id}”. Các chuẩn: {', '.join(standard_ids())}.")
    form = form_to_change(options["form"], standard_id)
    _write(options["file"], form.xlsx)
    which = f"phiên bản {form.version.version} đang dùng" if form.version is not None else "phiếu có sẵn"
    say(f"✓ Đã ghi {options['form']} ({which}) vào {options['file']}. Sửa trong Excel rồi phát hành:")
    say(
        f"  ./lienthong poverty publish-form {options['form']} {options['file']} --standard {standard_id} --as TEN_DANG_NHAP"
    )


def _template(options: dict[str, Any]) -> None:
    _write(options["file"], template_workbook())
    say(f"✓ Đã ghi mẫu bảng điểm vào {options['file']}.")


def _write(target: Path, content: bytes) -> None:
    """Write a workbook; one that is there is left alone."""
    if target.suffix.lower() != ".xlsx":
        refuse(f"Tệp phải mang đuôi .xlsx; “{target.name}” thì không.")
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        refuse(f"Đã có tệp “{target}”. Hãy chọn tên khác để không ghi đè.")
    except OSError as trouble:
        refuse(f"Không ghi được tệp “{target}” ({trouble.strerror}). Hãy chọn thư mục khác.")


def _known_form(form_id: str) -> None:
    if form_id not in FormKind.values:
        refuse(f"Không có phiếu “{form_id}”. Các phiếu: {', '.join(FormKind.values)}.")


def _user(username: str) -> User:
    if not username:
        refuse("Thiếu --as USERNAME: việc này phải ghi do ai làm, và người duyệt phải khác người nạp.")
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        refuse(f"Không có tài khoản “{username}” đang hoạt động. Hãy kiểm tra tên đăng nhập.")
    return user
