"""From a draft to the version that holds, and to the end of a procedure."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from lienthong.accounts.queries import happenings_of
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.events import stream_of
from lienthong.catalogue.models import Procedure, ProcedureVersion, Step
from lienthong.catalogue.states import ReceivingLevel, VersionStatus
from lienthong.infra.events import broken_links, events_of, sentence_of
from tests.factories.catalogue import FieldFactory, ProcedureFactory, VersionFactory, version_data

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DRAFTER, PUBLISHER = 11, 12


def drafted(code: str = "1.001731") -> ProcedureVersion:
    """Return a draft beside a version in force."""
    VersionFactory(procedure__code=code)
    return services.draft_version(code, actor_id=DRAFTER, now=NOW)


def decision(version: ProcedureVersion, **changes: Any) -> services.PublishVersion:
    command = services.PublishVersion(
        version_id=version.pk,
        revision=version.revision,
        decision_number="512/QĐ-UBND",
        signed_on=date(2026, 11, 20),
        issuer="Ủy ban nhân dân tỉnh",
        valid_from=date(2026, 12, 1),
    )
    return replace(command, **changes)


class TestDrafts:
    def test_copies_the_newest_version_to_start_tomorrow(self) -> None:
        draft = drafted()
        data = catalogue.data_of(catalogue.get_version(draft.pk))
        assert (draft.number, draft.status, draft.prepared_by) == (2, VersionStatus.DRAFT, [DRAFTER])
        assert data == version_data(valid_from=TODAY + timedelta(days=1), decision=None)

    def test_refuses_a_second_draft_of_a_procedure(self) -> None:
        drafted()
        with pytest.raises(services.DraftAlreadyThere, match="đã có dự thảo phiên bản 2"):
            services.draft_version("1.001731", actor_id=DRAFTER, now=NOW)

    def test_refuses_a_procedure_that_does_not_exist(self) -> None:
        with pytest.raises(catalogue.NoSuchProcedure):
            services.draft_version("1.001731", actor_id=DRAFTER, now=NOW)

    def test_replaces_what_a_draft_says_and_tells_what_changed(self) -> None:
        draft = drafted()
        changed = replace(catalogue.data_of(catalogue.get_version(draft.pk)), name="Tên mới", items=(), sets=2)
        services.edit_draft(
            services.EditDraft(version_id=draft.pk, revision=draft.revision, data=changed), actor_id=13, now=NOW
        )
        after = catalogue.get_version(draft.pk)
        assert catalogue.data_of(after) == changed
        assert after.prepared_by == [DRAFTER, 13]
        assert after.search_key == " ten moi "
        last = happenings_of(stream_of("1.001731"))[-1].sentence
        assert last == "Sửa dự thảo phiên bản 2: tên, số bộ hồ sơ, giấy tờ 1, giấy tờ 2, giấy tờ 3"

    def test_an_edit_that_changes_nothing_leaves_no_trace(self) -> None:
        draft = drafted()
        same = catalogue.data_of(catalogue.get_version(draft.pk))
        command = services.EditDraft(version_id=draft.pk, revision=draft.revision, data=same)
        services.edit_draft(command, actor_id=13, now=NOW)
        assert len(happenings_of(stream_of("1.001731"))) == 1
        assert catalogue.get_version(draft.pk).prepared_by == [DRAFTER]

    def test_refuses_who_edits_what_somebody_else_changed_meanwhile(self) -> None:
        draft = drafted()
        data = catalogue.data_of(catalogue.get_version(draft.pk))
        first = services.EditDraft(version_id=draft.pk, revision=draft.revision, data=replace(data, name="Một"))
        services.edit_draft(first, actor_id=13, now=NOW)
        with pytest.raises(services.DraftChangedMeanwhile, match="người khác sửa"):
            services.edit_draft(replace(first, data=replace(data, name="Hai")), actor_id=14, now=NOW)
        assert catalogue.get_version(draft.pk).name == "Một"

    def test_refuses_to_edit_what_was_published(self) -> None:
        version = VersionFactory()
        command = services.EditDraft(version_id=version.pk, revision=1, data=version_data(name="Khác"))
        with pytest.raises(services.NotADraft, match="đã được công bố"):
            services.edit_draft(command, actor_id=13, now=NOW)

    def test_refuses_a_first_day_on_which_another_version_starts(self) -> None:
        draft = drafted()
        data = replace(catalogue.data_of(catalogue.get_version(draft.pk)), valid_from=date(2021, 7, 1))
        command = services.EditDraft(version_id=draft.pk, revision=draft.revision, data=data)
        with pytest.raises(services.DraftRefused, match="bắt đầu từ 01/07/2021"):
            services.edit_draft(command, actor_id=13, now=NOW)

    def test_throws_a_draft_away_and_keeps_the_version_in_force(self) -> None:
        draft = drafted()
        services.discard_draft(draft.pk, actor_id=DRAFTER, now=NOW)
        assert [version.number for version in catalogue.versions_of("1.001731", drafts=True)] == [1]
        assert not Step.objects.filter(version=draft.pk).exists()

    def test_adds_a_procedure_and_forgets_it_with_its_only_draft(self) -> None:
        FieldFactory()
        command = services.AddProcedure(
            code="LT.BTXH.09", field="social-protection", name="Thủ tục mới", receiving_level=ReceivingLevel.COMMUNE
        )
        draft = services.add_procedure(command, actor_id=DRAFTER, now=NOW)
        assert draft.status == VersionStatus.DRAFT
        with pytest.raises(services.DraftRefused, match="đã có trong danh mục"):
            services.add_procedure(command, actor_id=DRAFTER, now=NOW)
        with pytest.raises(services.DraftRefused, match="Không có lĩnh vực"):
            services.add_procedure(replace(command, code="X", field="magic"), actor_id=DRAFTER, now=NOW)
        services.discard_draft(draft.pk, actor_id=DRAFTER, now=NOW)
        assert not Procedure.objects.filter(code="LT.BTXH.09").exists()


class TestPublishing:
    def test_ends_the_version_before_on_the_day_before(self) -> None:
        draft = drafted()
        services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)

        old, new = (catalogue.procedure_in_force("1.001731", on=day) for day in (date(2026, 11, 30), date(2026, 12, 1)))
        assert (old.number, old.valid_until, old.ended_by) == (1, date(2026, 12, 1), "512/QĐ-UBND")
        assert (new.number, new.decision_number, new.published_by) == (2, "512/QĐ-UBND", PUBLISHER)
        assert (new.published_at, new.valid_until) == (NOW, None)

    def test_refuses_whoever_prepared_the_draft(self) -> None:
        draft = drafted()
        data = replace(catalogue.data_of(catalogue.get_version(draft.pk)), name="Khác")
        edited = services.edit_draft(
            services.EditDraft(version_id=draft.pk, revision=1, data=data), actor_id=13, now=NOW
        )
        for preparer in (DRAFTER, 13):
            with pytest.raises(services.PreparedByPublisher, match="nhờ một cán bộ khác"):
                services.publish_version(decision(edited), actor_id=preparer, now=NOW)
        services.publish_version(decision(edited), actor_id=PUBLISHER, now=NOW)

    def test_refuses_a_version_with_errors_and_names_them(self) -> None:
        VersionFactory(procedure__code="1.1", draft=True, says=version_data(legal_basis=(), items=()))
        draft = ProcedureVersion.objects.get()
        with pytest.raises(services.VersionHasErrors, match="còn 2 điểm phải sửa") as refusal:
            services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)
        assert len(refusal.value.findings) == 2
        assert "Chưa có căn cứ pháp lý" in str(refusal.value)

    @pytest.mark.parametrize(
        ("changes", "error", "sentence"),
        [
            ({"valid_from": date(2021, 7, 1), "signed_on": date(2021, 6, 1)}, services.VersionsOverlap, "sau ngày đó"),
            ({"signed_on": date(2026, 11, 24)}, services.DayOutOfReach, "sau hôm nay"),
            ({"valid_from": date(3000, 1, 1)}, services.DayOutOfReach, "quá xa ngày ký"),
            ({"valid_from": date(2022, 1, 1)}, services.DayOutOfReach, "quá xa ngày ký"),
            ({"revision": 7}, services.AlreadyPublished, "vừa được sửa"),
        ],
    )
    def test_refuses_days_that_cannot_be_meant(self, changes: Any, error: type[Exception], sentence: str) -> None:
        draft = drafted()
        with pytest.raises(error, match=sentence):
            services.publish_version(decision(draft, **changes), actor_id=PUBLISHER, now=NOW)
        assert catalogue.get_version(draft.pk).status == VersionStatus.DRAFT

    def test_refuses_to_publish_twice(self) -> None:
        draft = drafted()
        services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)
        with pytest.raises(services.AlreadyPublished, match="không còn là dự thảo"):
            services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)

    def test_writes_one_fact_into_the_chain_of_the_procedure(self) -> None:
        draft = drafted()
        services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)
        facts = list(events_of("procedure:1.001731"))
        assert [sentence_of(fact) for fact in facts] == [
            "Soạn dự thảo phiên bản 2",
            "Công bố phiên bản 2 theo 512/QĐ-UBND",
        ]
        assert [fact.actor_id for fact in facts] == [DRAFTER, PUBLISHER]
        assert list(broken_links(facts)) == []

    def test_an_earlier_version_stays_what_it_was_for_the_dossiers_that_keep_it(self) -> None:
        draft = drafted()
        before = catalogue.versions_of("1.001731")[0]
        said = catalogue.data_of(catalogue.get_version(before.pk))
        services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)
        after = catalogue.data_of(catalogue.get_version(before.pk))
        assert replace(after, valid_until=None) == said


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_overlapping_versions_at_once_one_is_refused() -> None:
    procedure = ProcedureFactory(code="9.900001")
    drafts = [
        VersionFactory(
            procedure=procedure, number=number, draft=True, prepared_by=[DRAFTER], says=version_data(valid_from=start)
        )
        for number, start in ((1, date(2026, 12, 1)), (2, date(2026, 12, 2)))
    ]
    outcomes: list[str] = []
    start_together = threading.Barrier(2)

    def publish(draft: ProcedureVersion) -> None:
        start_together.wait()
        try:
            command = decision(draft, valid_from=date(2026, 12, 5))
            services.publish_version(command, actor_id=PUBLISHER, now=NOW)
            outcomes.append("published")
        except services.PublishingRefused as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["VersionsOverlap", "published"]
    assert procedure.versions.filter(status=VersionStatus.PUBLISHED).count() == 1
