"""Where a person is paid: recorded, checked by name, confirmed by a second person, followed, ended."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.accounts.models import User
from lienthong.accounts.queries import happenings_of
from lienthong.accounts.states import Role
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.events import record as record_fact
from lienthong.payments.account_events import AccountRecorded
from lienthong.payments.models import AccountImport, PaymentAccount
from lienthong.payments.queries import accounts as queries
from lienthong.payments.services import accounts as services
from lienthong.payments.states import AccountSource, Channel, NameCheck
from lienthong.people.models import Person
from tests.factories.payments import PaymentAccountFactory, PaymentLineFactory
from tests.factories.people import PersonFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db

AGRIBANK, MOMO = "970405", "971025"
FIRST = date(2026, 11, 1)


@pytest.fixture
def person(world: World) -> Person:
    return PersonFactory(full_name="Nguyễn Thị Hòa", unit=world.agency(COMMUNE).unit)


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


def record(world: World, person: Person, officer: User, **changes: Any) -> PaymentAccount:
    facts: dict[str, Any] = {
        "person_id": person.pk, "channel": Channel.BANK, "source": AccountSource.DECLARED, "valid_from": FIRST,
        "bank_code": AGRIBANK, "number": "0071 0012 34567", "holder_name": "NGUYEN THI HOA",
    }  # fmt: skip
    return services.record_account(services.RecordAccount(**facts | changes), acting_user=officer, now=world.now)


def confirmed(world: World, account: PaymentAccount, now: datetime | None = None) -> PaymentAccount:
    return services.confirm_account(
        account.pk, reason="Đã xem sổ", acting_user=world.officer(Role.LEADER), now=now or world.now
    )


class TestRecording:
    @pytest.mark.parametrize("source", list(AccountSource))
    def test_a_number_waits_for_a_second_person_whatever_its_source_and_stays_text(
        self, world: World, person: Person, officer: User, source: AccountSource
    ) -> None:
        account = record(world, person, officer, source=source)

        assert (account.number, account.name_check) == ("0071001234567", NameCheck.SAME)
        assert not queries.is_payable(account)
        with pytest.raises(services.SecondPersonNeeded):
            services.confirm_account(account.pk, reason="Đã xem sổ", acting_user=officer, now=world.now)

        account = confirmed(world, account)

        assert queries.is_payable(account)
        assert PaymentAccount.objects.filter(queries.PAYABLE, pk=account.pk).exists()
        assert "Căn cứ: Đã xem sổ" in happenings_of(account.stream)[-1].sentence

    def test_the_database_refuses_a_number_verified_by_whoever_recorded_it(
        self, world: World, person: Person, officer: User
    ) -> None:
        account = record(world, person, officer)

        with pytest.raises(IntegrityError, match="payment_account_verified_by_another"), transaction.atomic():
            PaymentAccount.objects.filter(pk=account.pk).update(verified_at=world.now, verified_by=officer)

    def test_whoever_takes_dossiers_in_records_no_account(self, world: World, person: Person) -> None:
        with pytest.raises(services.NotYourPerson):
            record(world, person, world.officer(Role.RECEIVER))

    def test_a_similar_name_waits_for_a_second_person(self, world: World, person: Person, officer: User) -> None:
        account = record(world, person, officer, holder_name="NGUYEN THI HOAN")
        assert account.name_check == NameCheck.SIMILAR
        assert not queries.is_payable(account)
        with pytest.raises(services.SecondPersonNeeded):
            services.confirm_account(account.pk, reason="Đã xem sổ", acting_user=officer, now=world.now)

        account = services.confirm_account(
            account.pk, reason="Đã xem sổ và căn cước", acting_user=world.officer(Role.LEADER), now=world.now
        )

        assert queries.is_payable(account)
        assert PaymentAccount.objects.filter(queries.PAYABLE, pk=account.pk).exists()
        with pytest.raises(services.NothingToConfirm):
            services.confirm_account(account.pk, reason="", acting_user=world.officer(Role.LEADER), now=world.now)

    @pytest.mark.parametrize("holder", ["TRAN VAN TEO", ""])
    def test_another_name_or_none_is_not_paid(self, world: World, person: Person, officer: User, holder: str) -> None:
        account = record(world, person, officer, holder_name=holder)

        assert account.verified_at is None
        assert not queries.is_payable(account)
        assert not PaymentAccount.objects.filter(queries.PAYABLE).exists()

    def test_cash_needs_no_number_and_is_the_person_own(self, world: World, person: Person, officer: User) -> None:
        account = record(world, person, officer, channel=Channel.CASH, bank_code="", number="", holder_name="")

        assert (account.number, account.holder_name) == ("", "Nguyễn Thị Hòa")
        assert queries.is_payable(account)

    @pytest.mark.parametrize(
        ("wrong", "refusal", "says"),
        [
            ({"number": ""}, services.AccountNumberWrong, "Chưa có số tài khoản"),
            ({"number": "12"}, services.AccountNumberWrong, "từ 5 đến 19"),
            ({"number": "1,23E+12"}, services.AccountNumberWrong, "rút gọn"),
            ({"bank_code": ""}, services.BankUnclear, "ngân hàng hoặc ví"),
            ({"bank_code": MOMO}, services.BankUnclear, "ngân hàng hoặc ví"),
            ({"channel": Channel.WALLET, "bank_code": MOMO, "number": "912345678"}, services.AccountNumberWrong, "số 0 ở đầu"),
            ({"valid_from": date(2027, 6, 1)}, services.AccountDayWrong, "trước 3 tháng"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_an_account_is_refused_in_words(
        self, world: World, person: Person, *, wrong: dict[str, Any], refusal: type[Exception], says: str
    ) -> None:
        officer = world.officer(Role.PROCESSOR)
        with pytest.raises(refusal, match=says):
            record(world, person, officer, **wrong)

        assert not PaymentAccount.objects.exists()

    def test_a_form_sent_twice_records_once(self, world: World, person: Person, officer: User) -> None:
        key = uuid4()
        record(world, person, officer, client_key=key)

        with pytest.raises(KeyAlreadyUsed):
            record(world, person, officer, client_key=key, valid_from=date(2026, 11, 5), number="999999999")

    def test_an_officer_of_another_commune_finds_nobody(self, world: World, person: Person) -> None:
        for role in (Role.PROCESSOR, Role.AUDITOR):
            with pytest.raises(services.NotYourPerson):
                record(world, person, world.officer(role, ANOTHER_COMMUNE))
        with pytest.raises(services.NotYourPerson):
            record(world, person, world.officer(Role.AUDITOR))


class TestChanging:
    def test_a_confirmed_account_ends_the_one_before_and_history_stays(
        self, world: World, person: Person, officer: User
    ) -> None:
        old = confirmed(world, record(world, person, officer))
        new = record(world, person, officer, number="888800001111", valid_from=date(2026, 11, 16))
        assert queries.account_on(person, date(2026, 11, 16)) == old

        new = confirmed(world, new)

        old.refresh_from_db()
        assert old.valid_until == new.valid_from == date(2026, 11, 16)
        assert [one.pk for one in queries.accounts_of(person)] == [new.pk, old.pk]
        assert queries.account_on(person, date(2026, 11, 15)) == old
        assert queries.account_on(person, date(2026, 11, 16)) == new
        assert "Thôi dùng từ ngày 16/11/2026" in happenings_of(old.stream)[-1].sentence

    def test_an_account_confirmed_late_follows_from_that_day_on(
        self, world: World, person: Person, officer: User
    ) -> None:
        old = confirmed(world, record(world, person, officer))
        new = record(world, person, officer, number="888800001111", valid_from=date(2026, 11, 16))

        new = confirmed(world, new, now=datetime(2026, 11, 20, 3, tzinfo=UTC))

        old.refresh_from_db()
        assert old.valid_until == new.valid_from == date(2026, 11, 20)

    def test_another_account_takes_the_place_of_one_that_waits_only(
        self, world: World, person: Person, officer: User
    ) -> None:
        old = confirmed(world, record(world, person, officer))
        waiting = record(world, person, officer, number="888800001111", valid_from=date(2026, 11, 16))
        other = record(world, person, officer, number="888800002222", valid_from=date(2026, 11, 17))

        old.refresh_from_db()
        assert old.valid_until is None
        with pytest.raises(services.AccountOver):
            confirmed(world, waiting)
        with pytest.raises(services.SameAccount, match="đang chờ xác nhận"):
            record(world, person, officer, number="888800002222", valid_from=date(2026, 11, 18))
        cash = record(
            world, person, officer, channel=Channel.CASH, bank_code="", number="", valid_from=date(2026, 11, 18)
        )
        with pytest.raises(services.AccountOver):
            confirmed(world, other)
        assert queries.account_on(person, date(2026, 11, 18)) == cash

    def test_what_changes_nothing_is_said(self, world: World, person: Person, officer: User) -> None:
        confirmed(world, record(world, person, officer))

        with pytest.raises(services.SameAccount, match="Đang nhận tiền đúng ở nơi này từ ngày 01/11/2026"):
            record(world, person, officer, valid_from=date(2026, 11, 16))

    def test_a_day_before_the_account_in_use_is_refused(self, world: World, person: Person, officer: User) -> None:
        confirmed(world, record(world, person, officer))

        with pytest.raises(services.AccountDayWrong, match="sau ngày đó"):
            record(world, person, officer, number="777777777", valid_from=FIRST)

    def test_an_account_is_ended_once(self, world: World, person: Person, officer: User) -> None:
        account = record(world, person, officer)
        end: dict[str, Any] = {"reason": "Khách đóng tài khoản", "acting_user": officer, "now": world.now}

        services.end_account(account.pk, ends_on=date(2026, 11, 17), **end)

        assert queries.account_on(person, date(2026, 11, 17)) is None
        with pytest.raises(services.AccountOver):
            services.end_account(account.pk, ends_on=date(2026, 11, 18), **end)

    def test_it_cannot_end_before_it_began(self, world: World, person: Person, officer: User) -> None:
        account = confirmed(world, record(world, person, officer))

        with pytest.raises(services.AccountDayWrong, match="phải sau ngày bắt đầu 01/11/2026"):
            services.end_account(account.pk, ends_on=FIRST, reason="", acting_user=officer, now=world.now)

    @pytest.mark.parametrize("ends_on", [FIRST, date(2026, 12, 1)])
    def test_one_that_waits_is_withdrawn_before_it_began(
        self, world: World, person: Person, officer: User, ends_on: date
    ) -> None:
        old = confirmed(world, record(world, person, officer))
        ahead = record(world, person, officer, number="888800001111", valid_from=date(2026, 12, 1))

        services.end_account(ahead.pk, ends_on=ends_on, reason="Khai nhầm", acting_user=officer, now=world.now)

        ahead.refresh_from_db()
        assert ahead.valid_until == date(2026, 12, 2)
        with pytest.raises(services.AccountOver):
            confirmed(world, ahead)
        assert queries.account_on(person, date(2026, 12, 1)) == old
        assert record(world, person, officer, number="888800002222", valid_from=date(2026, 11, 17)).pk

    def test_one_that_waits_for_a_later_day_does_not_stop_another_and_follows_it(
        self, world: World, person: Person, officer: User
    ) -> None:
        ahead = record(world, person, officer, number="888800001111", valid_from=date(2026, 12, 1))
        other = record(world, person, officer, number="888800002222", valid_from=date(2026, 11, 17))
        confirmed(world, ahead)

        with pytest.raises(services.AccountDayWrong, match="dùng từ ngày 01/12/2026"):
            confirmed(world, other)
        other = confirmed(world, other, now=datetime(2026, 12, 5, 3, tzinfo=UTC))

        ahead.refresh_from_db()
        assert ahead.valid_until == other.valid_from == date(2026, 12, 5)


class TestCheckingAgain:
    def test_another_person_writes_down_what_the_bank_answers(
        self, world: World, person: Person, officer: User
    ) -> None:
        account = record(world, person, officer, holder_name="")
        again: dict[str, Any] = {"holder_name": "NGUYEN THI HOA", "now": world.now}
        with pytest.raises(services.SecondPersonNeeded):
            services.check_holder_again(account.pk, acting_user=officer, **again)

        account = services.check_holder_again(account.pk, acting_user=world.officer(Role.LEADER), **again)

        assert queries.is_payable(account)
        with pytest.raises(services.HolderAlreadyChecked):
            services.check_holder_again(account.pk, acting_user=world.officer(Role.LEADER), **again)

    def test_an_empty_answer_is_no_answer(self, world: World, person: Person, officer: User) -> None:
        account = record(world, person, officer, holder_name="")

        with pytest.raises(services.HolderMissing):
            services.check_holder_again(
                account.pk, holder_name=" ", acting_user=world.officer(Role.LEADER), now=world.now
            )


class TestWhatOnePersonVerifiedBefore:
    def test_waits_for_a_second_one_unless_a_list_or_the_bank_vouches(self, world: World) -> None:
        by_two = import_module("lienthong.payments.migrations.0010_accounts_by_two").BY_TWO
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE payments_paymentaccount DROP CONSTRAINT payment_account_verified_by_another")
        clerk, loader = world.officer(Role.PROCESSOR), world.officer(Role.ACCOUNTANT, "H55.SYT")
        alone, paid, cash, listed, similar = (
            PaymentAccountFactory(recorded_by=clerk, verified_by=clerk, **facts)
            for facts in (
                {},
                {},
                {"cash": True},
                {},
                {"similar": True, "confirmed_by": loader, "confirmed_at": world.now},
            )
        )
        PaymentLineFactory(paid=True, account=paid, person=paid.person)
        held = AccountImport.objects.create(
            file_name="a.xlsx", sha256="0" * 64, source=AccountSource.DECLARED, valid_from=FIRST, loaded_by=loader,
            loaded_at=world.now,
        )  # fmt: skip
        for account in (listed, similar):
            fact = AccountRecorded(
                account_id=account.pk, channel="bank", source="declared", name_check="same", valid_from=FIRST, import_id=held.pk
            )  # fmt: skip
            record_fact(fact, stream=account.stream, actor_id=clerk.pk, at=world.now)

        with connection.cursor() as cursor:
            cursor.execute(by_two)

        for account in (alone, paid, cash, listed, similar):
            account.refresh_from_db()
        assert [queries.is_payable(one) for one in (alone, paid, cash, listed, similar)] == [
            False,
            True,
            True,
            True,
            True,
        ]
        assert (paid.verified_by, listed.recorded_by, listed.verified_by) == (None, loader, clerk)
        assert (similar.recorded_by, similar.verified_by, similar.confirmed_by) == (clerk, None, loader)


class TestLists:
    def test_each_officer_sees_the_accounts_of_their_people(self, world: World, person: Person, officer: User) -> None:
        record(world, person, officer, holder_name="TRAN VAN TEO")
        PaymentAccountFactory(person__unit=world.agency(ANOTHER_COMMUNE).unit)
        asked = queries.AccountFilter()

        assert queries.check_counts(officer, asked, on=world.today) == {
            "all": 1, "differs": 1, "unconfirmed": 0, "unknown": 0, "payable": 0,
        }  # fmt: skip
        accountant = world.officer(Role.ACCOUNTANT, "H55.SYT")
        assert queries.filtered_accounts(accountant, asked, on=world.today).count() == 2
        assert queries.filtered_accounts(
            accountant, queries.AccountFilter(commune=ANOTHER_COMMUNE.removeprefix("H55.")), on=world.today
        ).count() == 1  # fmt: skip
        with pytest.raises(queries.PaymentAccountNotFound):
            queries.get_account(PaymentAccount.objects.exclude(person=person).get().pk, user=officer, on=world.today)

    def test_a_number_that_others_are_paid_at_is_told(self, world: World, person: Person, officer: User) -> None:
        account = record(world, person, officer)
        other = PersonFactory(full_name="Nguyễn Thị Hòa", unit=person.unit)
        record(world, other, officer)

        assert queries.others_paid_there(account, on=world.today) == 1
