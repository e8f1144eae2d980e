"""Guessing is slow: wrong tries are counted for where they come from and for what they are aimed at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lienthong.infra.models import FailedTry
from lienthong.infra.throttle import KEPT, Limit, TooManyTries, begin_try, succeeded

pytestmark = pytest.mark.django_db

LIMIT = Limit(tries=3, within=timedelta(minutes=15))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HERE = {"from:10.0.0.7": LIMIT, "dossier:1": LIMIT}
THERE = {"from:10.0.0.8": LIMIT, "dossier:1": LIMIT}


def test_lets_so_many_wrong_tries_pass_and_then_says_how_long_to_wait() -> None:
    for minute in range(3):
        begin_try(HERE, now=NOW + timedelta(minutes=minute))

    with pytest.raises(TooManyTries) as caught:
        begin_try(HERE, now=NOW + timedelta(minutes=5))

    assert caught.value.minutes == 10
    assert "đợi 10 phút" in str(caught.value)


def test_counts_what_is_aimed_at_from_wherever_it_comes() -> None:
    for _ in range(3):
        begin_try(HERE, now=NOW)

    with pytest.raises(TooManyTries):
        begin_try(THERE, now=NOW)
    begin_try({"from:10.0.0.8": LIMIT, "dossier:2": LIMIT}, now=NOW)


def test_each_key_has_a_limit_of_its_own() -> None:
    generous = Limit(tries=4, within=timedelta(hours=1))
    for number in range(4):
        begin_try({"from:10.0.0.7": generous, f"dossier:{number}": LIMIT}, now=NOW)

    with pytest.raises(TooManyTries) as caught:
        begin_try({"from:10.0.0.7": generous, "dossier:9": LIMIT}, now=NOW)
    assert caught.value.minutes == 60


def test_a_right_try_is_not_counted() -> None:
    for _ in range(10):
        succeeded(begin_try(HERE, now=NOW))

    assert not FailedTry.objects.exists()


def test_waiting_gives_the_tries_back_one_by_one() -> None:
    for minute in range(3):
        begin_try(HERE, now=NOW + timedelta(minutes=minute))

    begin_try(HERE, now=NOW + timedelta(minutes=15))
    with pytest.raises(TooManyTries):
        begin_try(HERE, now=NOW + timedelta(minutes=15))


def test_what_no_longer_counts_is_forgotten() -> None:
    begin_try(HERE, now=NOW)

    begin_try({"from:10.0.0.9": LIMIT}, now=NOW + KEPT)

    assert list(FailedTry.objects.order_by("id").values_list("key", flat=True)) == ["from:10.0.0.9"]
