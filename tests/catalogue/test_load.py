"""The base data: complete, loaded once, and never on top of what an office decided."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.files.yaml_file import write_yaml
from lienthong.catalogue.models import Field, ProcedureVersion
from lienthong.catalogue.services.load import DATA_FOLDER
from lienthong.catalogue.states import VersionStatus
from tests.factories.catalogue import procedure_data, version_data

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "procedures").mkdir()
    shutil.copy(DATA_FOLDER / "fields.csv", tmp_path)
    return tmp_path


def put(folder: Path, *procedures: object) -> Path:
    (folder / "procedures" / "social-protection.yaml").write_bytes(write_yaml(procedures))  # type: ignore[arg-type]
    return folder


def test_leaves_alone_what_is_there_and_equal(folder: Path) -> None:
    put(folder, procedure_data())
    assert services.load_catalogue(now=NOW, folder=folder).added == 1
    (folder / "procedures" / "poverty.yaml").write_bytes(b"")
    again = services.load_catalogue(now=NOW, folder=folder)
    assert (again.added, again.changed, again.kept) == (0, 0, ())


def test_publishes_what_the_files_publish_and_drafts_the_rest(folder: Path) -> None:
    published = version_data(status=VersionStatus.PUBLISHED)
    put(folder, procedure_data(published), procedure_data(code="2.000744"))
    services.load_catalogue(now=NOW, folder=folder)
    assert catalogue.procedure_in_force("1.001731", on=date(2022, 1, 1)).published_at == NOW
    assert ProcedureVersion.objects.get(procedure__code="2.000744").status == VersionStatus.DRAFT


def test_adds_a_later_version_and_gives_the_one_before_its_end(folder: Path) -> None:
    first = version_data(status=VersionStatus.PUBLISHED)
    services.load_catalogue(now=NOW, folder=put(folder, procedure_data(first)))
    ended = version_data(status=VersionStatus.PUBLISHED, valid_until=date(2025, 7, 1))
    second = version_data(status=VersionStatus.PUBLISHED, valid_from=date(2025, 7, 1), sets=2)
    loaded = services.load_catalogue(now=NOW, folder=put(folder, procedure_data(ended, second)))
    assert (loaded.added, loaded.changed, loaded.kept) == (1, 1, ())
    assert [catalogue.procedure_in_force("1.001731", on=date(year, 8, 1)).sets for year in (2024, 2025)] == [1, 2]


def test_never_changes_what_was_published_but_names_it(folder: Path) -> None:
    published = version_data(status=VersionStatus.PUBLISHED)
    services.load_catalogue(now=NOW, folder=put(folder, procedure_data(published)))
    changed = version_data(status=VersionStatus.PUBLISHED, sets=3)
    loaded = services.load_catalogue(now=NOW, folder=put(folder, procedure_data(changed)))
    assert (loaded.changed, loaded.kept) == (0, ("1.001731 từ 01/07/2021",))
    assert ProcedureVersion.objects.get().sets == 1


def test_a_draft_that_nobody_touched_follows_the_files_and_an_edited_one_does_not(folder: Path) -> None:
    services.load_catalogue(now=NOW, folder=put(folder, procedure_data()))
    services.load_catalogue(now=NOW, folder=put(folder, procedure_data(version_data(sets=2))))
    draft = ProcedureVersion.objects.get()
    assert draft.sets == 2
    edit = services.EditDraft(version_id=draft.pk, revision=draft.revision, data=version_data(sets=5))
    services.edit_draft(edit, actor_id=3, now=NOW)
    loaded = services.load_catalogue(now=NOW, folder=put(folder, procedure_data(version_data(sets=4))))
    assert (ProcedureVersion.objects.get().sets, loaded.kept) == (5, ("1.001731 từ 01/07/2021",))


def test_refuses_data_that_cannot_be_read_and_names_file_and_place(folder: Path) -> None:
    put(folder, procedure_data(field="magic"))
    with pytest.raises(services.UnreadableData, match=r"social-protection\.yaml, 1\.001731: không có lĩnh vực “magic”"):
        services.load_catalogue(now=NOW, folder=folder)
    put(folder, procedure_data(predecessors=("7.7",)))
    with pytest.raises(services.UnreadableData, match=r"tiền thân 7\.7"):
        services.load_catalogue(now=NOW, folder=folder)
    assert not Field.objects.exists()


def test_leaves_withdrawn_what_the_office_withdrew_before_it_began(folder: Path) -> None:
    first = version_data(status=VersionStatus.PUBLISHED, valid_until=date(2027, 1, 1))
    second = version_data(status=VersionStatus.PUBLISHED, valid_from=date(2027, 1, 1), sets=2)
    services.load_catalogue(now=NOW, folder=put(folder, procedure_data(first, second)))
    command = services.PrepareWithdrawal(
        code="1.001731", from_on=date(2026, 12, 1), reason="Luật mới", decision_number="600/QĐ-UBND"
    )
    waiting = services.prepare_withdrawal(command, actor_id=11, now=NOW)
    services.confirm_withdrawal(waiting.pk, actor_id=12, now=NOW)
    (folder / "procedures" / "poverty.yaml").write_bytes(b"")
    assert services.load_catalogue(now=NOW, folder=folder).added == 0
    assert set(ProcedureVersion.objects.values_list("number", "status")) == {(1, "published"), (2, "withdrawn")}
