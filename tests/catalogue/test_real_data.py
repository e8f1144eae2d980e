"""The procedures that come with the programme, as the catalogue holds them."""

from datetime import UTC, date, datetime

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.files.reading import read_procedure
from lienthong.catalogue.files.spreadsheet import read_xlsx
from lienthong.catalogue.files.yaml_file import read_yaml, write_yaml
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import FileFormat, VersionStatus

pytestmark = [pytest.mark.usefixtures("real_catalogue"), pytest.mark.django_db]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_loads_every_procedure_with_its_status(real_catalogue: services.Loaded) -> None:
    assert real_catalogue.procedures == 187
    published = {one.procedure.code for one in ProcedureVersion.objects.filter(status=VersionStatus.PUBLISHED)}
    assert len(published) >= 45


def test_had_102_online_services_of_level_4_in_2022() -> None:
    assert catalogue.online_procedures_on(date(2022, 11, 30)).level_4 == 102


def test_loading_again_does_nothing() -> None:
    again = services.load_catalogue(now=NOW)
    assert (again.procedures, again.added, again.changed) == (187, 0, 0)


def test_comes_back_the_same_from_its_own_export() -> None:
    whole = catalogue.procedures_as_data(drafts=True)
    assert [read_procedure(raw).procedure for raw in read_yaml(write_yaml(whole))] == whole
    assert len(whole) == 187


def test_comes_back_the_same_from_its_own_workbook() -> None:
    content = catalogue.export_procedures(None, file_format=FileFormat.XLSX, now=NOW, drafts=True)
    assert [read_procedure(raw).procedure for raw in read_xlsx(content)] == catalogue.procedures_as_data(drafts=True)
