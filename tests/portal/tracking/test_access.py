"""Who may open a dossier here: its applicant, or whoever holds number and secret; everybody else finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lienthong.accounts.states import Role
from lienthong.documents import vault
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import FailedTry, ReadRecord
from lienthong.portal.tracking.access import MOST_REMEMBERED, TRACKED
from tests.portal.applicants import begin, citizen, draft_of, fill, firm, send
from tests.screens import Browser, Page, enter
from tests.world import World

pytestmark = pytest.mark.django_db

NOT_FOUND = "Không tìm thấy hồ sơ. Kiểm tra lại số hồ sơ và mã tra cứu in trên giấy tiếp nhận."
PAGES = ("answer/", "withdraw/", "rate/", "forms/receipt/", "files/x/")


def track(browser: Browser, code: str, secret: str) -> Page:
    return browser.open("/track/").press("Xem hồ sơ", code=code, secret=secret)


class TestGuest:
    def test_opens_a_dossier_by_its_number_and_secret(self, world: World) -> None:
        dossier = world.receive()

        page = track(
            enter(None), f" {str(dossier.code).lower()} ", f"{dossier.secret[:4].lower()}-{dossier.secret[4:]} "
        )

        assert page.status == 200
        assert page.path == f"/track/{dossier.public_id}/"
        assert str(dossier.code) in page.words
        assert dossier.secret not in page.words

    def test_an_unknown_number_and_a_wrong_secret_are_answered_alike(self, world: World) -> None:
        dossier = world.receive()

        wrong = track(enter(None), str(dossier.code), "AAAAAAAA")
        unknown = track(enter(None), "H55.05443-990101-0001", dossier.secret)

        assert wrong.errors == unknown.errors == [NOT_FOUND]
        assert wrong.status == unknown.status == 422
        assert wrong.main.find(attrs={"name": "code"})["value"] == dossier.code  # type: ignore[index]

    def test_the_qr_code_asks_only_for_the_secret_and_says_not_whether_there_is_a_dossier(self, world: World) -> None:
        dossier = world.receive()

        there, nowhere = enter(None).open(f"/track/{dossier.public_id}/"), enter(None).open(f"/track/{uuid4()}/")

        assert there.status == nowhere.status == 200
        assert there.words == nowhere.words
        assert there.main.find(attrs={"name": "code"}) is None
        assert str(dossier.code) in there.press("Xem hồ sơ", secret=dossier.secret).words
        assert nowhere.press("Xem hồ sơ", secret=dossier.secret).errors == [NOT_FOUND]

    def test_the_secret_never_stands_in_an_address(self, world: World) -> None:
        dossier = world.receive()

        page = track(enter(None), str(dossier.code), dossier.secret)

        assert dossier.secret not in page.answer.content.decode()
        assert not [link for link, _status in page.answer.redirect_chain if dossier.secret in link]

    def test_a_secret_in_an_address_opens_nothing(self, world: World) -> None:
        dossier = world.receive()

        page = enter(None).open(f"/track/{dossier.public_id}/?secret={dossier.secret}&code={dossier.code}")

        assert page.heading == "Nhập mã tra cứu để xem hồ sơ"

    def test_the_browser_remembers_for_an_hour_and_forgets_when_asked(self, world: World) -> None:
        dossier = world.receive()
        browser = enter(None)
        track(browser, str(dossier.code), dossier.secret)

        world.now += timedelta(minutes=59)
        page = browser.open(f"/track/{dossier.public_id}/")
        assert str(dossier.code) in page.words
        world.now += timedelta(minutes=2)
        assert browser.open(f"/track/{dossier.public_id}/").heading == "Nhập mã tra cứu để xem hồ sơ"
        again = browser.open(f"/track/{dossier.public_id}/").press("Xem hồ sơ", secret=dossier.secret)
        again.press("Thoát khỏi hồ sơ này")
        assert browser.open(f"/track/{dossier.public_id}/").heading == "Nhập mã tra cứu để xem hồ sơ"

    def test_a_browser_remembers_so_many_dossiers_and_no_more(self, world: World) -> None:
        browser = enter(None)
        dossiers = [world.receive() for _ in range(MOST_REMEMBERED + 1)]

        for dossier in dossiers:
            track(browser, str(dossier.code), dossier.secret)

        assert len(browser.session[TRACKED]) == MOST_REMEMBERED
        assert str(dossiers[0].public_id) not in browser.session[TRACKED]
        assert str(dossiers[-1].public_id) in browser.session[TRACKED]

    def test_a_page_of_a_dossier_is_not_left_behind_in_the_browser(self, world: World) -> None:
        dossier = world.receive()

        page = track(enter(None), str(dossier.code), dossier.secret)

        assert "no-store" in page.answer["Cache-Control"]

    def test_without_a_secret_every_other_address_leads_to_the_question_or_nowhere(self, world: World) -> None:
        dossier = world.receive()
        address = f"/track/{dossier.public_id}/"

        for page in PAGES:
            answer = enter(None).get(address + page)
            assert answer.status_code == 404 or answer["Location"] == address, page

    @pytest.mark.parametrize(
        ("code", "secret"), [("", ""), ("x" * 300, "y" * 300), ("'; --", "🫖"), ("H55", "a b c d")]
    )
    def test_whatever_is_typed_gets_a_sentence(self, world: World, code: str, secret: str) -> None:
        page = track(enter(None), code, secret)

        assert page.status == 422
        assert page.errors


class TestGuessing:
    def test_a_stranger_who_guesses_keeps_nobody_else_out(self, world: World) -> None:
        dossier = world.receive()
        for number in range(60):
            track(Browser(REMOTE_ADDR=f"10.0.{number % 12}.7"), str(dossier.code), "AAAAAAAA")

        assert track(Browser(REMOTE_ADDR="10.0.99.1"), str(dossier.code), dossier.secret).status == 200

    def test_ten_wrong_secrets_for_a_dossier_close_it_to_where_they_came_from(self, world: World) -> None:
        dossier, other = world.receive(), world.receive()
        here = Browser(REMOTE_ADDR="10.0.0.7")
        for _ in range(10):
            assert track(here, str(dossier.code), "AAAAAAAA").status == 422

        shut = track(here, str(dossier.code), dossier.secret)
        assert shut.status == 429
        assert shut.errors == ["Đã thử sai quá nhiều lần. Hãy đợi 15 phút rồi thử lại."]
        assert track(here, str(other.code), other.secret).status == 200
        world.now += timedelta(minutes=15)
        assert track(here, str(dossier.code), dossier.secret).status == 200

    def test_forty_wrong_tries_from_one_address_close_the_door_for_it_alone(self, world: World) -> None:
        dossier = world.receive()
        here = Browser(REMOTE_ADDR="10.0.0.7")
        for number in range(40):
            assert track(here, f"H55.05443-261101-{number:04d}", "AAAAAAAA").status == 422

        assert track(here, str(dossier.code), dossier.secret).status == 429
        assert track(Browser(REMOTE_ADDR="10.0.0.8"), str(dossier.code), dossier.secret).status == 200

    def test_the_many_addresses_of_one_network_are_one(self, world: World) -> None:
        dossier = world.receive()
        for number in range(10):
            track(Browser(REMOTE_ADDR=f"2001:db8:0:1::{number:x}"), str(dossier.code), "AAAAAAAA")

        assert track(Browser(REMOTE_ADDR="2001:db8:0:1:ffff::1"), str(dossier.code), dossier.secret).status == 429
        assert track(Browser(REMOTE_ADDR="2001:db8:0:2::1"), str(dossier.code), dossier.secret).status == 200

    def test_the_qr_code_is_no_way_around(self, world: World) -> None:
        dossier = world.receive()
        here = Browser(REMOTE_ADDR="10.0.0.7")
        for _ in range(10):
            here.post(f"/track/{dossier.public_id}/", {"secret": "AAAAAAAA"})

        assert here.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret}).status_code == 429

    def test_right_secrets_are_not_counted(self, world: World) -> None:
        dossier = world.receive()

        for _ in range(12):
            assert track(enter(None), str(dossier.code), dossier.secret).status == 200

        assert not FailedTry.objects.exists()

    def test_the_owner_is_never_shut_out(self, world: World) -> None:
        user = citizen(world)
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(person=user.person)
        for _ in range(11):
            track(enter(None), str(dossier.code), "AAAAAAAA")

        assert enter(user).open(f"/track/{dossier.public_id}/").status == 200


class TestSignedIn:
    def sent(self, world: World, user: Any) -> Dossier:
        send(fill(begin(enter(user))))
        return Dossier.objects.get(submitted_by=user)

    def test_the_owner_needs_no_secret(self, world: World) -> None:
        user = citizen(world)
        dossier = self.sent(world, user)

        page = enter(user).open(f"/track/{dossier.public_id}/")

        assert page.heading.endswith("Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội")
        assert dossier.secret in page.words

    def test_what_was_handed_in_at_the_desk_by_ones_number_is_ones_own(self, world: World) -> None:
        user = citizen(world)
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(person=user.person)

        assert str(dossier.code) in enter(user).open("/my/").words
        assert enter(user).open(f"/track/{dossier.public_id}/").status == 200

    def test_colleagues_of_a_firm_see_what_the_firm_has_sent(self, world: World) -> None:
        user = firm(world)
        colleague = world.account(user.kind, "Lê Thị Đồng Nghiệp", organization=user.organization)
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(organization=user.organization)

        for one in (user, colleague):
            assert str(dossier.code) in enter(one).open("/my/").words
            assert enter(one).open(f"/track/{dossier.public_id}/").status == 200

    @pytest.mark.parametrize("who", ["citizen", "firm", "officer"])
    def test_nobody_else_opens_a_dossier_by_any_of_its_addresses(self, world: World, who: str) -> None:
        owner = citizen(world)
        dossier = self.sent(world, owner)
        stranger = {
            "citizen": lambda: citizen(world, "Trần Văn Khác", number="019190009999"),
            "firm": lambda: firm(world),
            "officer": lambda: world.officer(Role.RECEIVER),
        }[who]()
        browser = enter(stranger)
        before = Dossier.objects.filter(pk=dossier.pk).values().get()

        address = f"/track/{dossier.public_id}/"
        for page in ("", *PAGES):
            assert browser.get(address + page).status_code == 404, page
            assert browser.post(address + page, {"seen": "1", "client_key": str(uuid4())}).status_code in {404, 405}, (
                page
            )

        assert str(dossier.secret) not in browser.get(address).content.decode()
        assert Dossier.objects.filter(pk=dossier.pk).values().get() == before

    def test_a_daughter_opens_her_mothers_dossier_with_the_secret(self, world: World) -> None:
        dossier = world.receive()
        daughter = citizen(world, "Nguyễn Thị Con", number="019190008888")

        asked = enter(daughter).open(f"/track/{dossier.public_id}/")
        page = asked.press("Xem hồ sơ", secret=dossier.secret)

        assert page.status == 200
        assert str(dossier.code) in page.words

    def test_a_draft_is_not_tracked(self, world: World) -> None:
        user = citizen(world)
        begin(enter(user))
        draft = draft_of(user)

        assert enter(user).get(f"/track/{draft.public_id}/").status_code == 404
        assert enter(None).post(f"/track/{draft.public_id}/", {"secret": draft.secret}).status_code == 422


class TestFiles:
    def test_a_file_opens_for_those_who_may_see_the_dossier_and_for_nobody_else(self, world: World) -> None:
        owner = citizen(world)
        send(fill(begin(enter(owner))))
        dossier = Dossier.objects.get(submitted_by=owner)
        link = enter(owner).open(f"/track/{dossier.public_id}/").link("giay-1.pdf")
        guest = enter(None)
        guest.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret})

        own = enter(owner).get(link)
        assert own.status_code == 200
        assert own["Content-Type"] == "application/pdf"
        assert enter(citizen(world, "Trần Văn Khác", number="019190009999")).get(link).status_code == 404
        assert guest.get(link).status_code == 404, "the link was made for the owner"
        assert guest.get(guest.open(f"/track/{dossier.public_id}/").link("giay-1.pdf")).status_code == 200

    def test_a_copied_link_dies_after_a_quarter_of_an_hour_and_opens_nothing_elsewhere(self, world: World) -> None:
        owner = citizen(world)
        send(fill(begin(enter(owner))))
        dossier = Dossier.objects.get(submitted_by=owner)
        guest = enter(None)
        guest.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret})
        link = guest.open(f"/track/{dossier.public_id}/").link("giay-1.pdf")

        assert enter(None).get(link).status_code == 404
        world.now += timedelta(minutes=16)
        late = guest.open(link)
        assert late.status == 410
        assert "đã hết hạn" in late.words

    def test_a_file_whose_bytes_are_lost_is_said_so_in_words(self, world: World) -> None:
        owner = citizen(world)
        send(fill(begin(enter(owner))))
        dossier = Dossier.objects.get(submitted_by=owner)
        browser = enter(owner)
        link = browser.open(f"/track/{dossier.public_id}/").link("giay-1.pdf")
        for path in vault.kept_contents():
            path.unlink()

        lost = browser.open(link)

        assert lost.status == 410
        assert "Hãy báo nơi tiếp nhận hồ sơ" in lost.words

    def test_a_link_to_a_file_of_another_dossier_opens_nothing(self, world: World) -> None:
        owner = citizen(world)
        send(fill(begin(enter(owner))))
        first = Dossier.objects.get(submitted_by=owner)
        link = enter(owner).open(f"/track/{first.public_id}/").link("giay-1.pdf")
        other = world.receive()
        Dossier.objects.filter(pk=other.pk).update(person=owner.person)

        assert enter(owner).get(link.replace(str(first.public_id), str(other.public_id))).status_code == 404

    def test_printed_forms_are_those_of_the_applicant(self, world: World) -> None:
        dossier = world.receive()
        guest = enter(None)
        guest.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret})

        page = guest.open(f"/track/{dossier.public_id}/")
        receipt = guest.get(page.link("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"))

        assert receipt["Content-Type"] == "application/pdf"
        assert b"".join(receipt.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
        for code in ("control", "register", "supplement", "nothing", "🫖"):
            assert guest.get(f"/track/{dossier.public_id}/forms/{code}/").status_code == 404, code


class TestReads:
    def test_every_look_is_written_down(self, world: World) -> None:
        owner = citizen(world)
        draft = begin(enter(owner))
        send(fill(draft))
        dossier = Dossier.objects.get(submitted_by=owner)
        guest = enter(None)
        guest.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret})
        page = guest.open(f"/track/{dossier.public_id}/")
        guest.get(page.link("giay-1.pdf"))

        looks = ReadRecord.objects.filter(subject=dossier.stream, actor_id=None).order_by("id")

        assert list(looks.values_list("action", flat=True)) == ["view", "file"]
        assert ReadRecord.objects.filter(subject=f"person:{dossier.person_id}", actor_id=None).count() == 2

    def test_a_wrong_secret_is_no_look(self, world: World) -> None:
        dossier = world.receive()

        track(enter(None), str(dossier.code), "AAAAAAAA")

        assert not ReadRecord.objects.filter(subject=dossier.stream).exists()
