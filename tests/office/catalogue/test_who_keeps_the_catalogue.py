"""Every address of the keeping of the catalogue, walked as everybody, against procedures that others keep."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.catalogue.models import ProcedureVersion, StagedImport, Withdrawal
from tests.factories.accounts import MandateFactory, UserFactory, officer, signed_in
from tests.factories.catalogue import VersionFactory, WithdrawalFactory, version_data

pytestmark = pytest.mark.django_db

PAGES = [
    "/office/catalogue/",
    "/office/catalogue/add/",
    "/office/catalogue/export.yaml",
    "/office/catalogue/export.xlsx",
    "/office/catalogue/import/",
    "/office/catalogue/procedures/1.001731/",
    "/office/catalogue/procedures/1.001731/withdraw/",
    "/office/catalogue/drafts/{draft}/",
    "/office/catalogue/drafts/{draft}/preview/",
    "/office/catalogue/drafts/{draft}/changes/",
    "/office/catalogue/drafts/{draft}/publish/",
    "/office/catalogue/drafts/{draft}/discard/",
    *[f"/office/catalogue/drafts/{{draft}}/{part}/" for part in ("facts", "start-page", "time", "law")],
    *[f"/office/catalogue/drafts/{{draft}}/rows/{part}/" for part in ("items", "steps", "fees", "results")],
    *[f"/office/catalogue/drafts/{{draft}}/rows/{part}/add/" for part in ("items", "steps", "fees", "results")],
    *[f"/office/catalogue/drafts/{{draft}}/rows/{part}/1/" for part in ("items", "steps", "fees", "results")],
]
PRESSES = [
    "/office/catalogue/add/",
    "/office/catalogue/import/",
    "/office/catalogue/procedures/1.001731/draft/",
    "/office/catalogue/procedures/1.001731/withdraw/",
    "/office/catalogue/withdrawals/{withdrawal}/confirm/",
    "/office/catalogue/withdrawals/{withdrawal}/discard/",
    "/office/catalogue/drafts/{draft}/publish/",
    "/office/catalogue/drafts/{draft}/discard/",
    "/office/catalogue/drafts/{draft}/facts/",
    "/office/catalogue/drafts/{draft}/rows/steps/",
    "/office/catalogue/drafts/{draft}/rows/steps/add/",
    "/office/catalogue/drafts/{draft}/rows/steps/1/",
]
# What belongs to one procedure, and so to who keeps its field.
ABOUT_THE_DRAFT = [address for address in PAGES if "{draft}" in address]
STRANGERS = [*(role for role in Role if role is not Role.CATALOGUE_EDITOR), "citizen", "firm", "no mandate"]


@pytest.fixture
def draft() -> dict[str, int]:
    """A procedure in force that has a draft and waits to be withdrawn, both prepared by somebody else."""
    version = VersionFactory(procedure__code="1.001731")
    says = version_data(valid_from=date(2027, 1, 1))
    draft = VersionFactory(procedure=version.procedure, number=2, draft=True, says=says, prepared_by=[0])
    return {"draft": draft.pk, "withdrawal": WithdrawalFactory(procedure=version.procedure).pk}


def somebody(who: Any) -> User:
    if who in Role.values:
        return officer(Role(who))
    return UserFactory(**({} if who == "no mandate" else {who: True}))


def state_of_the_catalogue() -> Any:
    versions, withdrawals = (list(kind.objects.order_by("pk").values()) for kind in (ProcedureVersion, Withdrawal))
    return versions, withdrawals, StagedImport.objects.count()


@pytest.mark.parametrize("who", STRANGERS)
def test_who_keeps_nothing_finds_nothing_there(who: Any, draft: dict[str, int]) -> None:
    browser, before = signed_in(somebody(who)), state_of_the_catalogue()
    found = {address: browser.get(address.format(**draft)).status_code for address in PAGES}
    pressed = {address: browser.post(address.format(**draft), {}).status_code for address in PRESSES}
    assert set(found.values()) == {404}, found
    assert set(pressed.values()) == {404}, pressed
    assert state_of_the_catalogue() == before


def test_a_guest_is_sent_to_sign_in(draft: dict[str, int]) -> None:
    before = state_of_the_catalogue()
    answers = [Client().get(address.format(**draft)) for address in PAGES]
    answers += [Client().post(address.format(**draft), {}) for address in PRESSES]
    assert {answer.status_code for answer in answers} == {302}
    assert all(answer["Location"].startswith("/sign-in/") for answer in answers)
    assert state_of_the_catalogue() == before


def test_an_editor_opens_every_page(draft: dict[str, int]) -> None:
    browser = signed_in(officer(Role.CATALOGUE_EDITOR))
    found = {address: browser.get(address.format(**draft)).status_code for address in PAGES}
    assert set(found.values()) == {200}, found


def test_an_editor_of_another_field_reads_the_list_but_touches_nothing(draft: dict[str, int]) -> None:
    editor = UserFactory()
    MandateFactory(user=editor, role=Role.CATALOGUE_EDITOR, fields=["employment"])
    browser, before = signed_in(editor), state_of_the_catalogue()

    record = browser.get("/office/catalogue/procedures/1.001731/")
    assert record.status_code == 200
    assert "bạn chỉ xem được" in record.content.decode()
    found = {address: browser.get(address.format(**draft)).status_code for address in ABOUT_THE_DRAFT}
    assert set(found.values()) == {404}, found
    pressed = {address: browser.post(address.format(**draft), {}).status_code for address in PRESSES[1:]}
    assert set(pressed.values()) == {404}, pressed
    assert state_of_the_catalogue() == before


@pytest.mark.parametrize(("first_day", "last_day"), [(date(2100, 1, 1), None), (date(2020, 1, 1), date(2020, 2, 1))])
def test_a_mandate_counts_only_on_its_days(first_day: date, last_day: date | None, draft: dict[str, int]) -> None:
    editor = UserFactory()
    MandateFactory(user=editor, role=Role.CATALOGUE_EDITOR, valid_from=first_day, valid_until=last_day)
    assert signed_in(editor).get("/office/catalogue/").status_code == 404


def test_nobody_reads_or_confirms_a_file_that_somebody_else_uploaded() -> None:
    staged = StagedImport.objects.create(
        file_name="a.yaml", format="yaml", content=b"- {}", uploaded_by=0, uploaded_at="2026-11-23T00:00Z"
    )
    browser = signed_in(officer(Role.CATALOGUE_EDITOR))
    address = f"/office/catalogue/import/{staged.pk}/"
    assert [browser.get(address).status_code, browser.post(address).status_code] == [404, 404]


@pytest.mark.parametrize(
    "address",
    [
        "/office/catalogue/procedures/7.7/",
        "/office/catalogue/drafts/0/",
        "/office/catalogue/drafts/{draft}/magic/",
        "/office/catalogue/drafts/{draft}/rows/magic/",
        "/office/catalogue/drafts/{draft}/rows/steps/0/",
        "/office/catalogue/drafts/{draft}/rows/steps/99/",
        "/office/catalogue/export.exe",
        "/office/catalogue/import/999999/",
        "/office/catalogue/export.yaml?code=7.7",
    ],
)
def test_what_is_not_there_is_not_found(address: str, draft: dict[str, int]) -> None:
    browser = signed_in(officer(Role.CATALOGUE_EDITOR))
    assert browser.get(address.format(**draft)).status_code == 404
