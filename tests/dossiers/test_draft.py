"""A request that is still being written: kept in parts, renewed with the law, thrown away, sent once."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.catalogue.models import ProcedureVersion, RequiredItem
from lienthong.documents import queries as papers
from lienthong.documents.models import StoredFile
from lienthong.dossiers import integrity, queries
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.checklist import change_to, checklist_of
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import Applicant, ChangeDraft, GivenItem, MarkedItem, Request, SaveDraft
from lienthong.dossiers.services.draft import DraftNotFound, VersionChanged
from lienthong.dossiers.services.receive import NewRulesAskMore
from lienthong.dossiers.states import DossierState, ItemMark
from lienthong.units.models import Agency
from tests.world import COMMUNE, FUNERAL_SUPPORT, World, target


def begin(world: World, user: User, **changes: object) -> Dossier:
    command = SaveDraft(
        procedure_code=FUNERAL_SUPPORT,
        request=Request(applicant=Applicant(name=user.full_name, person_id=user.person_id)),
        channel="online",
        receiving_agency_id=world.agency(COMMUNE).pk,
    )
    return dossiers.save_draft(replace(command, **changes), acting_user=user, now=world.now)  # type: ignore[arg-type]


def stored(world: World, name: str = "giay.pdf") -> StoredFile:
    return StoredFile.objects.create(
        sha256="0" * 64, size=1, media_type="application/pdf", name=name, stored_at=world.now
    )


def hand_in(world: World, draft: Dossier, user: User, number: int = 1) -> StoredFile:
    file = stored(world)
    items = [GivenItem(number=number, files=(file.pk,))]
    dossiers.change_draft(ChangeDraft(draft_id=draft.public_id, items=items), acting_user=user, now=world.now)
    return file


def say_not_applicable(world: World, draft: Dossier, user: User, number: int = 3) -> None:
    items = [GivenItem(number=number, is_not_applicable=True)]
    dossiers.change_draft(ChangeDraft(draft_id=draft.public_id, items=items), acting_user=user, now=world.now)


def complete(world: World, user: User) -> Dossier:
    draft = begin(world, user, request=replace(world.request(), items=()))
    for number in (1, 2):
        hand_in(world, draft, user, number)
    say_not_applicable(world, draft, user)
    return draft


def end_version(world: World, *, items: tuple[str, ...] = (), condition: str = "") -> ProcedureVersion:
    """Let another version hold from today on, with the given papers; the last of them under a condition."""
    old = ProcedureVersion.objects.valid_on(world.today).get(procedure__code=FUNERAL_SUPPORT, status="published")
    old_items = list(old.items.order_by("number"))
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_until=world.today)
    new = ProcedureVersion.objects.get(pk=old.pk)
    new.pk, new.number, new.valid_from, new.valid_until = None, old.number + 50, world.today, None
    new.save()
    names = items or tuple(item.name for item in old_items)
    for place, name in enumerate(names, start=1):
        RequiredItem.objects.create(
            version=new,
            number=place,
            name=name,
            kind="submit_original",
            condition=condition if place == len(names) else "",
        )
    for step in old.steps.order_by("number"):
        step.pk, step.version = None, new
        step.save()
    return new


class TestBeginning:
    def test_a_second_press_finds_the_first_draft(self, world: World) -> None:
        user, key = world.citizen(), uuid4()

        first, second = begin(world, user, new_id=key), begin(world, user, new_id=key)

        assert first == second
        assert first.public_id == key

    def test_nobody_takes_over_a_draft_by_its_id(self, world: World) -> None:
        key = uuid4()
        begin(world, world.citizen(), new_id=key)

        with pytest.raises(DraftNotFound):
            begin(world, world.citizen("Trần Văn Khác"), new_id=key)


class TestChangingParts:
    def test_what_another_tab_wrote_stays(self, world: World) -> None:
        user = world.citizen()
        draft = begin(world, user)

        dossiers.change_draft(
            ChangeDraft(draft_id=draft.public_id, answers={"died_on": "2026-11-02"}), acting_user=user, now=world.now
        )
        dossiers.change_draft(
            ChangeDraft(draft_id=draft.public_id, return_way="post", return_address="Tổ 3"),
            acting_user=user,
            now=world.now,
        )

        draft.refresh_from_db()
        assert draft.answers == {"died_on": "2026-11-02"}
        assert (draft.return_way, draft.return_address) == ("post", "Tổ 3")
        assert draft.applicant_name == user.full_name
        assert draft.receiving_agency_id == world.agency(COMMUNE).pk

    def test_a_draft_that_was_sent_is_no_draft_any_more(self, world: World) -> None:
        user = world.citizen()
        draft = complete(world, user)
        dossiers.submit_draft(target(draft), acting_user=user, now=world.now)

        with pytest.raises(DraftNotFound):
            dossiers.change_draft(
                ChangeDraft(draft_id=draft.public_id, summary="thêm"), acting_user=user, now=world.now
            )
        with pytest.raises(queries.DossierNotFound):
            queries.get_draft(draft.public_id, user=user)


class TestFiles:
    def test_a_paper_is_missing_again_when_its_last_file_goes(self, world: World) -> None:
        user = world.citizen()
        draft = begin(world, user)
        first, second = hand_in(world, draft, user), hand_in(world, draft, user)

        dossiers.drop_draft_file(draft.public_id, first.pk, acting_user=user, now=world.now)
        assert checklist_of(draft)[0].row.is_given
        name = dossiers.drop_draft_file(draft.public_id, second.pk, acting_user=user, now=world.now)

        assert name == "giay.pdf"
        assert checklist_of(draft)[0].is_missing
        assert dossiers.drop_draft_file(draft.public_id, second.pk, acting_user=user, now=world.now) == ""

    def test_a_paper_that_was_said_not_to_apply_is_given_all_the_same(self, world: World) -> None:
        user = world.citizen()
        draft = begin(world, user)
        say_not_applicable(world, draft, user)
        assert checklist_of(draft)[2].is_not_applicable

        hand_in(world, draft, user, 3)
        say_not_applicable(world, draft, user)

        assert checklist_of(draft)[2].row.is_given
        assert not checklist_of(draft)[2].is_not_applicable

    def test_a_discarded_draft_takes_its_files_along(self, world: World) -> None:
        user = world.citizen()
        draft = begin(world, user)
        hand_in(world, draft, user)

        dossiers.discard_draft(draft.public_id, acting_user=user, now=world.now)

        assert papers.attachments_of(draft.stream) == []
        assert not Dossier.objects.filter(pk=draft.pk).exists()


class TestRenewing:
    def test_papers_of_the_same_name_keep_their_files_under_their_new_number(self, world: World) -> None:
        user = world.citizen()
        draft = complete(world, user)
        first, second, _third = (paper.name for paper in checklist_of(draft))
        end_version(world, items=("Giấy mới", second, "Giấy khác"))

        change = change_to(
            ProcedureVersion.objects.valid_on(world.today).get(procedure__code=FUNERAL_SUPPORT, status="published"),
            papers=checklist_of(draft),
        )
        renewed = dossiers.renew_draft(draft.public_id, acting_user=user, now=world.now)

        assert [item.name for item in change.added] == ["Giấy mới", "Giấy khác"]
        assert change.kept == (second,)
        assert first in [paper.name for paper in change.dropped]
        new, kept, other = checklist_of(renewed)
        assert kept.name == second
        assert kept.row.is_given
        assert len(kept.files) == 1
        assert not new.files and not other.files
        assert new.is_missing

    @pytest.mark.parametrize(
        ("condition", "is_kept"), [("as it was", True), ("Người mất dưới 16 tuổi", False), ("", False)]
    )
    def test_that_a_paper_does_not_apply_is_kept_only_while_its_condition_is_the_same(
        self, world: World, condition: str, is_kept: bool
    ) -> None:
        user = world.citizen()
        draft = complete(world, user)
        last = checklist_of(draft)[-1].asked
        assert last is not None
        end_version(world, condition=last.condition if condition == "as it was" else condition)

        renewed = dossiers.renew_draft(draft.public_id, acting_user=user, now=world.now)

        assert checklist_of(renewed)[-1].is_not_applicable == is_kept

    def test_a_draft_of_an_old_version_is_not_sent(self, world: World) -> None:
        user = world.citizen()
        draft = complete(world, user)
        end_version(world)

        with pytest.raises(VersionChanged):
            dossiers.submit_draft(target(draft), acting_user=user, now=world.now)


class TestSending:
    def test_is_sent_once_however_often_it_is_pressed(self, world: World) -> None:
        user = world.citizen()
        once = target(complete(world, user))

        first = dossiers.submit_draft(once, acting_user=user, now=world.now)
        second = dossiers.submit_draft(once, acting_user=user, now=world.now)

        assert first.sequence == second.sequence == 1
        assert first.state == DossierState.SUBMITTED

    def test_a_paper_of_which_nobody_said_whether_the_case_needs_it_is_asked_about(self, world: World) -> None:
        user = world.citizen()
        draft = complete(world, user)
        dossiers.change_draft(
            ChangeDraft(draft_id=draft.public_id, items=[GivenItem(number=3)]), acting_user=user, now=world.now
        )

        with pytest.raises(dossiers.ItemsMissing) as caught:
            dossiers.submit_draft(target(draft), acting_user=user, now=world.now)

        (sentence,) = caught.value.missing
        assert sentence.startswith("Chưa rõ có cần “Bản sao quyết định hoặc danh sách thôi hưởng")
        assert sentence.endswith("nộp giấy này, hoặc đánh dấu không thuộc trường hợp này")

    def test_the_desk_receives_what_was_said_not_to_apply_without_asking_again(self, world: World) -> None:
        user = world.citizen()
        sent = dossiers.submit_draft(target(complete(world, user)), acting_user=user, now=world.now)

        command = dossiers.ReceiveSubmitted(target=target(sent))
        received = dossiers.receive_submitted(command, acting_user=world.officer(Role.RECEIVER), now=world.now)

        assert received.items.get(number=3).is_not_applicable
        assert list(integrity.rows_that_differ_from_their_events()) == []

    def test_is_not_sent_to_an_agency_that_has_ended(self, world: World) -> None:
        user = world.citizen()
        draft = complete(world, user)
        ended = (
            Agency.objects.filter(kind="commune_committee", valid_until__lte=date(2026, 1, 1)).order_by("pk").first()
        )
        Dossier.objects.filter(pk=draft.pk).update(receiving_agency=ended)

        with pytest.raises(dossiers.ItemsMissing) as caught:
            dossiers.submit_draft(target(draft), acting_user=user, now=world.now)

        assert caught.value.missing == ["Nơi tiếp nhận hồ sơ"]


class TestOwnDossiers:
    def test_what_somebody_else_is_writing_about_me_is_not_mine_yet(self, world: World) -> None:
        me, other = world.citizen(), world.citizen("Trần Văn Khác")
        request = Request(applicant=Applicant(name=me.full_name, person_id=me.person_id))
        draft = begin(world, other, request=request)

        assert list(queries.own_dossiers(me)) == []
        with pytest.raises(queries.DossierNotFound):
            queries.get_dossier(draft.public_id, user=me, now=world.now)


class TestFollowedBeforeReceipt:
    """The procedure gets a new version between the sending and the receipt."""

    def sent(self, world: World) -> Dossier:
        user = world.citizen()
        return dossiers.submit_draft(target(complete(world, user)), acting_user=user, now=world.now)

    def receive(self, world: World, dossier: Dossier) -> Dossier:
        command = dossiers.ReceiveSubmitted(target=target(dossier))
        return dossiers.receive_submitted(command, acting_user=world.officer(Role.RECEIVER), now=world.now)

    def test_is_received_under_the_version_of_the_day_of_receipt(self, world: World) -> None:
        dossier = self.sent(world)
        new = end_version(world, condition="Người mất dưới 16 tuổi")

        received = self.receive(world, dossier)

        assert received.version_id == new.pk
        assert [len(paper.files) for paper in checklist_of(received)] == [1, 1, 0]
        assert list(integrity.rows_that_differ_from_their_events()) == []

    def test_what_the_new_version_asks_for_besides_is_named_and_nothing_changes(self, world: World) -> None:
        dossier = self.sent(world)
        end_version(world, items=("Giấy mới", *[paper.name for paper in checklist_of(dossier)]), condition="x")

        with pytest.raises(NewRulesAskMore, match=r"quy định mới từ 16/11/2026.*Giấy mới.*Đề nghị hoàn thiện"):
            self.receive(world, dossier)

        dossier.refresh_from_db()
        assert dossier.state == DossierState.SUBMITTED
        assert len(checklist_of(dossier)) == 3

    def test_a_request_for_completion_moves_it_and_asks_for_all_of_it(self, world: World) -> None:
        dossier = self.sent(world)
        first, second, _third = (paper.name for paper in checklist_of(dossier))
        new = end_version(world, items=("Giấy mới", second, first))

        asked = dossiers.request_completion(
            target(dossier),
            items=[MarkedItem(2, ItemMark.WRONG, "mờ")],
            reason="Có quy định mới",
            acting_user=world.officer(Role.RECEIVER),
            now=world.now,
        )

        assert asked.version_id == new.pk
        opened = {paper.name: paper.row.comment for paper in checklist_of(asked) if paper.row.is_open}
        assert opened == {"Giấy mới": "Theo quy định mới từ 16/11/2026", second: "mờ"}
        assert list(integrity.rows_that_differ_from_their_events()) == []

        items = [GivenItem(number=1, originals=1), GivenItem(number=2, copies=1)]
        command = dossiers.CompleteDossier(target=target(asked), items=items)
        done = dossiers.complete_dossier(command, acting_user=dossier.submitted_by, now=world.now)
        assert self.receive(world, done).version_id == new.pk
        assert list(integrity.rows_that_differ_from_their_events()) == []
