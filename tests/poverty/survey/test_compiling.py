import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from lienthong.poverty.survey.compiling import CompiledForm, FormDoesNotCompile, compile_form, form_id_of
from lienthong.poverty.survey.workbooks import LARGEST_FILE_BYTES, SHIPPED, as_xlsx, shipped_source
from lienthong.rules.poverty.standards import standard, standard_ids
from tests.poverty.survey.tables import OLD_TABLE, REGION

TODAY = standard("2022-2026")
FORM_B = shipped_source("phieu-b")


def compiled(source: str | bytes = FORM_B, **changed: object) -> CompiledForm:
    given = {"standard": TODAY, "version": "2026.1", "points_table": OLD_TABLE, "region_column": REGION} | changed
    return compile_form(source, **given)  # type: ignore[arg-type]


def names_in(form: CompiledForm) -> list[str]:
    root = ElementTree.fromstring(form.xml)
    instance = next(node for node in root.iter("{http://www.w3.org/2002/xforms}instance"))
    return [node.tag.rpartition("}")[2] for node in instance.iter()]


@pytest.mark.parametrize("form_id", SHIPPED)
@pytest.mark.parametrize("standard_id", standard_ids())
def test_every_shipped_form_compiles_for_every_standard_without_a_warning(form_id: str, standard_id: str) -> None:
    form = compiled(shipped_source(form_id), standard=standard(standard_id))
    assert (form.form_id, form.version, form.warnings) == (form_id, "2026.1", ())
    assert "{" not in form.xml.replace("{12}", "")
    assert {"start", "end", "today", "deviceid", "location", "photo", "instanceID"} <= set(names_in(form))


@pytest.mark.parametrize("form_id", SHIPPED)
def test_a_form_that_went_through_excel_compiles_to_the_same_xform(form_id: str) -> None:
    source = shipped_source(form_id)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(source)))
    again = io.BytesIO()
    book.save(again)
    assert compiled(again.getvalue()) == compiled(source)


def test_form_b_asks_what_the_points_table_asks_and_gives_points_to_each_feature() -> None:
    names = names_in(compiled())
    assert "asked_motorbike" in names
    assert [name for name in names if name.startswith("a_") and name != "a_threshold"] == [
        *(f"a_{feature.code}" for feature in OLD_TABLE.features),
        "a_points",
    ]


def test_without_a_points_table_form_b_asks_nothing_more_and_leaves_the_points_empty() -> None:
    form = compiled(points_table=None, region_column=None)
    assert "b1_asked" not in names_in(form)
    assert '"/data/a_points" type="string" calculate="\'\'"' in form.xml


def test_form_b_computes_the_indicators_of_its_standard_and_no_others() -> None:
    for standard_id in standard_ids():
        computed = [name for name in names_in(compiled(standard=standard(standard_id))) if name.startswith("d_")]
        assert sorted(computed) == sorted(f"d_{one.field}" for one in standard(standard_id).indicators)


def test_numbers_of_the_standard_stand_in_the_form() -> None:
    xml = compiled().xml
    assert "if( /data/visit/area  = 'urban', 175, 140)" in xml
    assert "bottled drilled_well piped" in xml


def test_the_same_form_has_the_same_sum_and_another_version_another() -> None:
    assert compiled().md5 == compiled().md5 != compiled(version="2026.2").md5


def test_an_error_names_the_row_of_the_offices_sheet_although_rows_were_put_in_before_it() -> None:
    rows = FORM_B.partition("\n| survey")[2].split("\n")
    row = next(number for number, line in enumerate(rows) if "summary_unknown" in line)
    wrong = FORM_B.replace("${result} = ''", "${no_such_field} = ''")
    with pytest.raises(
        FormDoesNotCompile, match=rf"trang “survey”, dòng {row}:.*no_such_field.*Hãy sửa ở trang và dòng"
    ):
        compiled(wrong)


def row_of(name: str) -> int:
    rows = FORM_B.partition("\n| survey")[2].split("\n")
    return next(number for number, line in enumerate(rows) if f"| {name} |" in line)


def test_a_list_that_is_missing_is_named_with_its_row() -> None:
    with pytest.raises(FormDoesNotCompile, match=rf"trang “survey”, dòng {row_of('toilet')}:.*toilets"):
        compiled(FORM_B.replace("select_one toilet |", "select_one toilets |"))


def test_a_type_that_does_not_exist_is_named_with_its_row() -> None:
    with pytest.raises(FormDoesNotCompile, match=rf"trang “survey”, dòng {row_of('sex')}: Unknown.*select_onee sex"):
        compiled(FORM_B.replace("select_one sex |", "select_onee sex |"))


def test_a_question_without_words_is_named_with_its_row() -> None:
    with pytest.raises(FormDoesNotCompile, match=rf"trang “survey”, dòng {row_of('sex')}:.*'sex' has no label"):
        compiled(FORM_B.replace("| sex | Giới tính |", "| sex | |"))


def test_a_warning_names_the_row_of_the_offices_sheet() -> None:
    before = "| | note | summary_unknown |"
    source = FORM_B.replace(before, f"| | | | | chú thích của tỉnh |\n{before}")
    (warning,) = compiled(source).warnings
    assert warning.startswith(f"trang “survey”, dòng {row_of('summary_unknown')}: Row without")


def test_a_choice_without_a_name_is_found_on_its_own_sheet() -> None:
    rows = FORM_B.partition("\n| choices")[2].split("\n")
    row = next(number for number, line in enumerate(rows) if "| water | rain |" in line)
    with pytest.raises(FormDoesNotCompile, match=rf"trang “choices”, dòng {row}:"):
        compiled(as_xlsx(FORM_B.replace("| water | rain |", "| water | |")))


def test_a_file_says_which_form_it_holds() -> None:
    assert form_id_of(as_xlsx(shipped_source("phieu-c"))) == "phieu-c"


def test_an_unknown_value_in_braces_is_named_with_its_row() -> None:
    with pytest.raises(FormDoesNotCompile, match=r"dòng \d+: không có giá trị nào tên “child_age”"):
        compiled(FORM_B.replace("{child_below_age}", "{child_age}"))


def test_form_b_without_a_field_that_the_server_compares_is_refused() -> None:
    without = "\n".join(line for line in FORM_B.split("\n") if "| d_nutrition |" not in line)
    with pytest.raises(FormDoesNotCompile, match="d_nutrition"):
        compiled(without)


def test_a_form_without_an_id_is_refused() -> None:
    with pytest.raises(FormDoesNotCompile, match="form_id"):
        compiled(FORM_B.replace("| phieu-b |", "| |"))


def bomb() -> bytes:
    content = io.BytesIO(as_xlsx(FORM_B))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 300_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4 not a workbook",
        b"PK\x03\x04 not a zip",
        as_xlsx(FORM_B)[:3000],
        b"\0" * (LARGEST_FILE_BYTES + 1),
        pytest.param(None, id="zip bomb"),
    ],
)
def test_what_is_no_form_is_refused_in_words(content: bytes | None) -> None:
    with pytest.raises(FormDoesNotCompile, match=r"[Hh]ãy"):
        compiled(bomb() if content is None else content)


def test_a_workbook_without_a_survey_is_refused() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("khác")
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(FormDoesNotCompile, match="survey"):
        compiled(content.getvalue())
