"""``./lienthong test``."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lienthong.ops import command_list, quality


class Command(BaseCommand):
    help = command_list.lines()["test"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", help="chỉ chạy các bài kiểm thử này, không kiểm tra mã nguồn")
        parser.add_argument("--all", action="store_true", help="gồm cả các bài chậm")
        parser.add_argument(
            "--spark", action="store_true", help="gồm cả bài thử trên cụm Spark; cần Java, cài thêm PySpark"
        )
        parser.add_argument("-k", dest="keyword", help="chỉ chạy bài có tên khớp biểu thức này")
        parser.add_argument("-m", dest="marks", default="", help="chỉ chạy bài có dấu (mark) khớp biểu thức này")
        parser.add_argument("-x", action="store_true", dest="first", help="dừng ở lỗi đầu tiên")

    def handle(self, *args: Any, **options: Any) -> None:
        if missing := [path for path in options["paths"] if not (settings.CHECKOUT / path.partition("::")[0]).exists()]:
            sys.exit(f"✗ Không có bài kiểm thử ở: {', '.join(missing)}")
        more = ["-x"] if options["first"] else []
        if options["keyword"]:
            more += ["-k", options["keyword"]]
        chosen = {"slow": options["all"], "spark": options["spark"], "marks": options["marks"]}
        if not quality.run_all(settings.CHECKOUT, paths=options["paths"], **chosen, more=more):
            sys.exit(1)
