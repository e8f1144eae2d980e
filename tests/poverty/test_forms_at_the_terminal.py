"""Survey forms at the terminal: written as a workbook, published, refused in words."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import FormVersion
from lienthong.poverty.survey.workbooks import as_xlsx, shipped_source
from tests.factories.poverty import STANDARD
from tests.poverty.filled import Field
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR, "H55.SNNMT")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs the command and gives its code and its words."""

    def run(*arguments: str) -> tuple[int, str]:
        try:
            call_command("poverty", *arguments)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().out

    return run


def labels(path: Path) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return [cell.value for row in book["survey"].iter_rows() for cell in row]


class TestWritingAForm:
    def test_takes_the_version_in_use(self, told: Any, field: Field, tmp_path: Path) -> None:
        version = field.newer_form()
        path = tmp_path / "phiếu b.xlsx"

        code, words = told("form-xlsx", "phieu-b", str(path))

        assert code == 0
        assert f"phiên bản {version.version} đang dùng" in words
        assert f"publish-form phieu-b {path} --standard {STANDARD}" in words
        assert "Tường bao quanh" in labels(path)

    def test_takes_the_form_of_the_house_where_none_is_in_use(self, told: Any, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"

        code, words = told("form-xlsx", "phieu-a", str(path), "--standard", "2027-2030")

        assert (code, "phiếu có sẵn" in words) == (0, True)
        assert "household" in labels(path)

    def test_leaves_alone_what_is_there(self, told: Any, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"mine")

        code, words = told("form-xlsx", "phieu-a", str(path))

        assert (code, path.read_bytes()) == (2, b"mine")
        assert "Hãy chọn tên khác để không ghi đè" in words

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("phieu-x", "x.xlsx"), "Không có phiếu “phieu-x”. Các phiếu: phieu-a, phieu-b, phieu-c"),
            (("phieu-a", "x.csv"), "phải mang đuôi .xlsx"),
            (("phieu-a", "không-có/x.xlsx"), "Không ghi được tệp"),
            (("phieu-a", "x.xlsx", "--standard", "1999"), "Không có chuẩn “1999”"),
            (("phieu-a",), "Không hiểu các tùy chọn"),
        ],
    )
    def test_refuses_in_words(self, told: Any, arguments: tuple[str, ...], words: str) -> None:
        code, said = told("form-xlsx", *arguments)

        assert code == 2
        assert words in said
        assert not Path("x.xlsx").exists()


class TestPublishing:
    def about(self, officer: User) -> tuple[str, ...]:
        return ("--standard", STANDARD, "--as", officer.username)

    def test_what_was_written_and_changed_goes_in_use(
        self, told: Any, field: Field, officer: User, tmp_path: Path
    ) -> None:
        path = tmp_path / "b.xlsx"
        told("form-xlsx", "phieu-b", str(path))
        book = openpyxl.load_workbook(path)
        wall = next(cell for row in book["survey"].iter_rows() for cell in row if cell.value == "Tường")
        wall.value = "Tường của nhà"
        book.save(path)

        code, words = told("publish-form", "phieu-b", str(path), *self.about(officer))

        assert (code, "✓ Đã phát hành" in words) == (0, True)
        assert "Tường của nhà" in field.form().xml
        assert (field.form().source_name, field.form().published_by) == ("b.xlsx", officer)

    def test_the_same_again_is_nothing_new(self, told: Any, field: Field, officer: User) -> None:
        count = FormVersion.objects.count()

        code, words = told("publish-form", "phieu-b", *self.about(officer))

        assert (code, FormVersion.objects.count()) == (0, count)
        assert f"giống hệt phiên bản {field.form().version} đang dùng" in words

    def test_refuses_in_words_with_sheet_and_row(self, told: Any, field: Field, officer: User, tmp_path: Path) -> None:
        path = tmp_path / "b.xlsx"
        path.write_bytes(as_xlsx(shipped_source("phieu-b").replace("select_one toilet |", "select_one toilets |")))

        code, words = told("publish-form", "phieu-b", str(path), *self.about(officer))

        assert code == 2
        assert "trang “survey”, dòng" in words

    def test_refuses_another_form_and_whoever_does_not_run_the_review(
        self, told: Any, field: Field, officer: User, tmp_path: Path
    ) -> None:
        path = tmp_path / "c.xlsx"
        path.write_bytes(as_xlsx(shipped_source("phieu-c")))

        assert "không phải “phieu-b”" in told("publish-form", "phieu-b", str(path), *self.about(officer))[1]
        assert "Chỉ cán bộ phụ trách" in told("publish-form", "phieu-c", str(path), *self.about(field.officer))[1]
        assert told("publish-form", "phieu-c", "không-có.xlsx", *self.about(officer))[0] == 2
        assert "Thiếu --standard" in told("publish-form", "phieu-c", "--as", officer.username)[1]
