"""Where the demo's people are paid: cash and the post at first, more and more accounts, and some that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from random import Random
from typing import Final

from lienthong.kernel.days import local_moment
from lienthong.kernel.text import fold
from lienthong.ops.demo.assistance.folk import Someone
from lienthong.ops.demo.poverty.officers import Officers
from lienthong.payments.models import PaymentAccount
from lienthong.payments.states import AccountSource, Channel, NameCheck

BANKS: Final = ("970405", "970415", "970418")
BANK_SHARES: Final = (52, 27, 21)
# No bank gives out numbers that begin so.
NUMBERS_BEGIN: Final = "9990"
BANK_AT_FIRST, POST_AT_FIRST = 0.34, 0.32
# Of those who were paid in cash or at the post, how many have got an account by the end of the story.
SWITCHES = 0.62
OTHER_NAME, NOT_VERIFIED, NOTHING_YET = 0.006, 0.008, 0.004
SIMILAR: Final = 0.01


class Channels:
    """Draws where everybody is paid, from the day on which they are first paid.

    Args:
        officers: Who records in each commune, and who verifies a number.
        seed: The same seed gives the same accounts.
        today: The day that is today.
    """

    def __init__(self, officers: Officers, *, seed: int, today: date) -> None:
        self._officers, self._seed, self._today = officers, seed, today
        self._numbers = 0

    def of(self, payees: Iterable[tuple[Someone, date]]) -> list[PaymentAccount]:
        """Return the accounts of payees, each with the day from which money is due to them."""
        found = []
        for one, since in payees:
            found += self._of_one(one, since)
        return found

    def _of_one(self, one: Someone, since: date) -> list[PaymentAccount]:
        luck = Random(f"{self._seed}/channel/{one.number}")
        is_old = one.age_on(since) >= 78
        draw = luck.random() * (1.5 if is_old else 1.0)
        if draw < BANK_AT_FIRST:
            return [self._bank(one, since, luck)]
        channel = Channel.POST if luck.random() < POST_AT_FIRST else Channel.CASH
        if luck.random() >= SWITCHES:
            if luck.random() < NOTHING_YET and (self._today - since).days < 200:
                return []
            return [self._row(one, channel, since, None, luck)]
        switched = since + timedelta(days=luck.randint(60, 900))
        if switched >= self._today - timedelta(days=5):
            return [self._row(one, channel, since, None, luck)]
        return [self._row(one, channel, since, switched, luck), self._bank(one, switched, luck)]

    def _bank(self, one: Someone, since: date, luck: Random) -> PaymentAccount:
        self._numbers += 1
        number = f"{NUMBERS_BEGIN}{luck.randint(0, 9999):04d}{self._numbers:05d}"
        row = self._row(one, Channel.BANK, since, None, luck, number=number)
        row.bank_code = luck.choices(BANKS, BANK_SHARES)[0]
        holder = fold(one.full_name).upper()
        is_recent = (self._today - since).days < 150
        fate = luck.random()
        if is_recent and fate < OTHER_NAME * 6:
            row.holder_name, row.name_check = (
                fold(f"{one.full_name.split()[0]} Thi Minh Hoa").upper(),
                NameCheck.DIFFERENT,
            )
        elif is_recent and fate < (OTHER_NAME + NOT_VERIFIED) * 6:
            row.holder_name, row.name_check = holder, NameCheck.SAME
            row.verified_at = row.verified_by_id = None
        else:
            row.holder_name, row.name_check = holder, NameCheck.SAME
        return row

    def _row(
        self, one: Someone, channel: Channel, since: date, until: date | None, luck: Random, *, number: str = ""
    ) -> PaymentAccount:
        pair = self._officers.of(one.place_on(self._today)[0])
        at = local_moment(since - timedelta(days=luck.randint(0, 2)), time(8 + luck.randrange(8), luck.randrange(60)))
        is_numbered = channel is Channel.BANK
        source = AccountSource.DECLARED
        if channel is Channel.BANK and luck.random() < 0.4:
            source = AccountSource.VNEID
        elif channel is Channel.POST:
            source = AccountSource.POST
        return PaymentAccount(
            person_id=one.id, channel=channel, number=number, source=source,
            holder_name=fold(one.full_name).upper() if is_numbered else "",
            name_check=NameCheck.SAME, verified_at=at + timedelta(minutes=20),
            verified_by_id=pair.leader if is_numbered else pair.officer,
            valid_from=since, valid_until=until, recorded_at=at, recorded_by_id=pair.officer,
        )  # fmt: skip
