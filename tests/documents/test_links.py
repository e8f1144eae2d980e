"""A link ends by itself, serves one person, and cannot be made up."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.signing import Signer, b64_decode, b64_encode
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.links import FileGrant, LinkExpired, LinkForged, LinkOfSomebodyElse, link_token, read_token
from tests.documents.specimens import NOW

FILE = uuid4()
OWNER = "dossier:12"


def test_says_what_it_opens_and_until_when(settings: Any) -> None:
    token = link_token(FILE, user_id=7, owner=OWNER, now=NOW)

    grant = read_token(token, user_id=7, now=NOW)

    until = NOW + timedelta(seconds=settings.FILE_LINK_SECONDS)
    assert grant == FileGrant(file_id=FILE, owner=OWNER, user_id=7, valid_until=until)


def test_fits_into_an_address_as_it_is() -> None:
    token = link_token(FILE, user_id=7, owner="draft:Ỷ/?&#", now=NOW)

    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:")


@pytest.mark.parametrize(("seconds_later", "opens"), [(0, True), (59, True), (60, False), (86_400, False)])
def test_ends_on_the_second(seconds_later: int, opens: bool) -> None:
    token = link_token(FILE, user_id=7, owner=OWNER, now=NOW, seconds=60)
    later = NOW + timedelta(seconds=seconds_later)

    if opens:
        assert read_token(token, user_id=7, now=later).file_id == FILE
    else:
        with pytest.raises(LinkExpired, match="hết hạn"):
            read_token(token, user_id=7, now=later)


@pytest.mark.parametrize("other", [8, None])
def test_does_not_serve_somebody_else(other: int | None) -> None:
    token = link_token(FILE, user_id=7, owner=OWNER, now=NOW)

    with pytest.raises(LinkOfSomebodyElse, match="người khác"):
        read_token(token, user_id=other, now=NOW)


@pytest.mark.parametrize("holder", [None, 8])
def test_of_a_guest_serves_whoever_holds_it(holder: int | None) -> None:
    token = link_token(FILE, user_id=None, owner=OWNER, now=NOW)

    assert read_token(token, user_id=holder, now=NOW).user_id is None


def test_changed_by_hand_is_forged() -> None:
    body, signature = link_token(FILE, user_id=7, owner=OWNER, now=NOW).rsplit(":", 1)
    content = json.loads(b64_decode(body.encode()))
    changed = b64_encode(json.dumps([uuid4().hex, *content[1:]]).encode()).decode()

    with pytest.raises(LinkForged, match="không đúng"):
        read_token(f"{changed}:{signature}", user_id=7, now=NOW)


def test_signed_for_another_use_is_forged() -> None:
    with pytest.raises(LinkForged):
        read_token(Signer(salt="other").sign_object([FILE.hex, OWNER, 7, 9_999_999_999]), user_id=7, now=NOW)


def test_signed_with_another_key_is_forged(settings: Any) -> None:
    token = link_token(FILE, user_id=7, owner=OWNER, now=NOW)
    settings.SECRET_KEY = "another key of another office"

    with pytest.raises(LinkForged):
        read_token(token, user_id=7, now=NOW)


@given(st.text(max_size=200))
def test_of_any_nonsense_is_forged(nonsense: str) -> None:
    with pytest.raises(LinkForged):
        read_token(nonsense, user_id=7, now=NOW)


@given(st.data())
def test_with_any_letter_changed_is_forged(data: st.DataObject) -> None:
    token = link_token(FILE, user_id=7, owner=OWNER, now=NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != token[place]))

    with pytest.raises(LinkForged):
        read_token(token[:place] + letter + token[place + 1 :], user_id=7, now=NOW)
