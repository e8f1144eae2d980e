"""An organisation is paid for the people whom it cares for: one line for each of them, at the organisation's account."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.payments.digests import digest_of_run
from lienthong.payments.models import PaymentAccount, PaymentLine
from lienthong.payments.outgoing.schema import check_credit_transfers
from lienthong.payments.queries import accounts as queries
from lienthong.payments.queries import leaving
from lienthong.payments.queries.accounts import AccountFilter, PayeeNotFound
from lienthong.payments.queries.own import own_payments
from lienthong.payments.queries.persons import payments_to_organization
from lienthong.payments.queries.run_lines import LineFilter, unpaid_lines
from lienthong.payments.services import accounts as services
from lienthong.payments.services import collecting
from lienthong.payments.services.accounts import NotYourOrganization, RecordAccount, SecondPersonNeeded
from lienthong.payments.services.exporting import export_run
from lienthong.payments.services.refusals import SourceWrong
from lienthong.payments.sources import Owed
from lienthong.payments.states import AccountSource, Channel, FileKind, HoldReason, LineState, NameCheck
from lienthong.people.models import Organization
from tests.factories.payments import PaymentAccountFactory, PaymentLineFactory
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER, NOVEMBER, House
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE

pytestmark = pytest.mark.django_db

CENTRE = "Trung tâm Bảo trợ xã hội tỉnh"
PEOPLE = ("Bàn Văn An", "Chu Thị Bưởi", "Đặng Văn Cam")


@pytest.fixture
def centre(house: House) -> Organization:
    organization: Organization = OrganizationFactory(name=CENTRE, unit=house.unit, address="Tổ 3")
    return organization


def record(house: House, centre: Organization, *, by: User | None = None, **changes: Any) -> PaymentAccount:
    facts: dict[str, Any] = {
        "organization_id": centre.pk, "channel": Channel.BANK, "source": AccountSource.DECLARED,
        "valid_from": date(2026, 11, 1), "bank_code": "970436", "number": "0071001234567",
        "holder_name": "TRUNG TAM BAO TRO XA HOI TINH",
    }  # fmt: skip
    return services.record_account(
        RecordAccount(**facts | changes), acting_user=by or house.accountant, now=house.later()
    )


def confirmed(house: House, account: PaymentAccount) -> PaymentAccount:
    return services.confirm_account(
        account.pk, reason="Xem giấy của ngân hàng", acting_user=house.another_accountant, now=house.later()
    )


def owe_for_three(house: House, centre: Organization, amount: int = 2_160_000) -> None:
    for name in PEOPLE:
        house.owe(house.person(account=False, full_name=name), amount, payee_organization_id=centre.pk)


class TestOneMonth:
    def test_three_people_are_cared_for_and_the_centre_is_paid_once_for_each(
        self, bank: BankedHouse, centre: Organization
    ) -> None:
        house = bank.house
        account = confirmed(house, record(house, centre))
        owe_for_three(house, centre)

        run = house.pay()

        lines = house.lines(run)
        assert sorted(line.person.full_name for line in lines) == sorted(PEOPLE)
        assert {(line.receiver, line.payee_id, line.account_id) for line in lines} == {(centre, None, account.pk)}
        said = bank.answer(run)
        (file,) = export_run(run.pk, acting_user=house.accountant, now=house.later())
        path = bank.folder / "order.xml"
        path.write_bytes(bank.content(file))
        check_credit_transfers(path)
        assert (file.kind, file.lines, file.amount) == (FileKind.PAIN001, 3, 3 * 2_160_000)
        wanted = said.order.wanted
        assert {(one.account, one.holder) for one in wanted} == {("0071001234567", "TRUNG TAM BAO TRO XA HOI TINH")}

        bank.take_in(bank.statement(said))

        assert bank.states(run) == [LineState.PAID] * 3
        assert house.lines(house.prepare(DECEMBER)) == []
        assert payments_to_organization(centre.pk, user=house.accountant, on=house.later().date()).count() == 3

    def test_each_transfer_says_for_whom_it_is(self, bank: BankedHouse, centre: Organization) -> None:
        confirmed(bank.house, record(bank.house, centre))
        owe_for_three(bank.house, centre)
        run = bank.house.pay()

        told = list(leaving.transfers(run, Channel.BANK, ["970436"]))

        assert sorted(one.purpose.partition(" của ")[2] for one in told) == sorted(PEOPLE)

    def test_the_list_of_a_commune_names_the_centre_and_its_tax_code(
        self, bank: BankedHouse, centre: Organization
    ) -> None:
        record(bank.house, centre, channel=Channel.POST, bank_code="", number="", holder_name="")
        owe_for_three(bank.house, centre)
        run = bank.house.pay()

        rows = list(leaving.list_rows(run, Channel.POST, bank.house.unit.pk, on=date(2026, 11, 17)))

        assert {(row.payee, row.number, row.address) for row in rows} == {(CENTRE, centre.tax_code, "Tổ 3")}
        assert sorted(row.person for row in rows) == sorted(PEOPLE)
        assert len(bank.export(run)) == 2

    def test_the_digest_of_a_list_tells_an_organisation_from_the_person_of_the_same_number(self, house: House) -> None:
        person = PersonFactory()
        same_number = OrganizationFactory(pk=person.pk)
        facts = {"person": person, "unit": house.unit, "number": 1, "holder_name": "A", "held": True}

        of_person = PaymentLineFactory(**facts, for_month=NOVEMBER)
        of_organization = PaymentLineFactory(**facts, for_month=NOVEMBER, payee_organization=same_number)

        assert digest_of_run(of_person.run_id) != digest_of_run(of_organization.run_id)


class TestWhatHolds:
    def test_without_an_account_its_lines_are_held_and_wait_on_the_work_list(
        self, house: House, centre: Organization
    ) -> None:
        owe_for_three(house, centre)
        run = house.prepare()

        assert {(line.state, line.why_code) for line in house.lines(run)} == {(LineState.HELD, HoldReason.NO_ACCOUNT)}
        waiting = unpaid_lines(house.accountant, LineFilter(), on=house.now.date())
        assert {str(line.receiver) for line in waiting} == {CENTRE}
        assert unpaid_lines(house.accountant, LineFilter(q="bao tro"), on=house.now.date()).count() == 3

    def test_another_holder_is_not_paid_and_stands_on_the_work_list_of_accounts(
        self, house: House, centre: Organization
    ) -> None:
        account = record(house, centre, holder_name="CONG TY CHU THI BUOI")
        owe_for_three(house, centre)

        run = house.prepare()

        assert account.name_check == NameCheck.DIFFERENT
        assert {line.why_code for line in house.lines(run)} == {HoldReason.NAME_DIFFERS}
        assert run.lines_total == 0
        found = queries.filtered_accounts(house.accountant, AccountFilter(check="differs"), on=house.now.date())
        assert list(found) == [account]

    def test_what_was_held_is_paid_by_the_next_run_once_the_bank_has_named_the_holder(
        self, house: House, centre: Organization
    ) -> None:
        account = record(house, centre, holder_name="")
        owe_for_three(house, centre)
        run = house.release(house.approve(house.check(house.prepare())))
        services.check_holder_again(
            account.pk, holder_name=CENTRE.upper(), acting_user=house.another_accountant, now=house.later()
        )

        after = house.pay(DECEMBER)

        assert {line.state for line in house.lines(run)} == {LineState.HELD}
        assert {(line.receiver, line.carried_from.run_id, line.amount) for line in house.lines(after)} == {
            (centre, run.pk, 2_160_000)
        }

    def test_a_centre_is_not_dead_when_somebody_in_it_dies_in_the_month(
        self, house: House, centre: Organization
    ) -> None:
        confirmed(house, record(house, centre))
        person = PersonFactory(unit=house.unit, died_on=date(2026, 11, 10))
        house.owe(person, 2_160_000, payee_organization_id=centre.pk)

        (line,) = house.lines(house.pay())

        assert line.state == LineState.SENT

    @pytest.mark.parametrize("both", [False, True])
    def test_a_source_names_a_person_or_an_organisation_and_never_both_or_none(self, house: House, both: bool) -> None:
        one = 1 if both else None
        owed = Owed(
            person_id=1, payee_id=one, payee_organization_id=one, unit_id=1, benefit="care", for_month=NOVEMBER,
            amount=500_000,
        )  # fmt: skip

        with pytest.raises(SourceWrong, match="không thể có"):
            collecting._line(house.source, owed, month=NOVEMBER)


class TestByConstraint:
    def test_an_account_is_of_one(self, centre: Organization) -> None:
        for facts in ({"person": None}, {"organization": centre}):
            with pytest.raises(IntegrityError, match="payment_account_of_one"), transaction.atomic():
                PaymentAccountFactory(holder_name="A", **facts)

    def test_an_organisation_is_paid_in_one_place_a_day(self, centre: Organization) -> None:
        PaymentAccountFactory(of_organization=True, organization=centre)

        with pytest.raises(IntegrityError, match="payment_account_of_organization_once_a_day"), transaction.atomic():
            PaymentAccountFactory(of_organization=True, organization=centre)

    def test_a_line_reaches_one_for_ever(self, centre: Organization) -> None:
        line = PaymentLineFactory(payee_organization=centre)

        for payee in (None, line.person):
            with pytest.raises(IntegrityError, match="payment_line_one_payee"), transaction.atomic():
                PaymentLineFactory(payee=payee, payee_organization=centre if payee else None, holder_name="A")
        with pytest.raises(IntegrityError, match="chỉ được ghi thêm"), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(payee_organization=OrganizationFactory())


class TestAccounts:
    def test_a_second_person_confirms_it_and_what_follows_ends_it(self, house: House, centre: Organization) -> None:
        before = confirmed(house, record(house, centre))
        after = confirmed(house, record(house, centre, number="0071009999999", valid_from=date(2026, 11, 16)))

        before.refresh_from_db()
        assert queries.is_payable(after)
        assert before.valid_until == date(2026, 11, 16)
        assert [one.pk for one in queries.accounts_of(centre)] == [after.pk, before.pk]
        assert queries.account_on(centre, date(2026, 11, 15)) == before

    def test_a_similar_name_waits_for_a_second_person(self, house: House, centre: Organization) -> None:
        account = record(house, centre, holder_name="TRUNG TAM BAO TRO XA HOI TINH TN")
        assert account.name_check == NameCheck.SIMILAR

        with pytest.raises(SecondPersonNeeded):
            services.confirm_account(account.pk, reason="Mình biết", acting_user=house.accountant, now=house.later())
        account = services.confirm_account(
            account.pk, reason="Xem quyết định thành lập", acting_user=house.another_accountant, now=house.later()
        )

        assert queries.is_payable(account)

    def test_only_those_who_keep_the_accounts_of_its_place_record_it(self, house: House, centre: Organization) -> None:
        here = house.world.officer(Role.PROCESSOR, COMMUNE)
        elsewhere = house.world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)
        on = house.now.date()

        with pytest.raises(NotYourOrganization):
            record(house, centre, by=elsewhere)
        account = record(house, centre, by=here)

        assert queries.get_account(account.pk, user=here, on=on) == account
        assert queries.get_paid_organization(centre.pk, user=here, on=on) == centre
        with pytest.raises(PayeeNotFound):
            queries.get_paid_organization(centre.pk, user=elsewhere, on=on)
        assert not queries.filtered_accounts(elsewhere, AccountFilter(), on=on).exists()
        assert queries.filtered_accounts(here, AccountFilter(commune="05443", q="bao tro"), on=on).get() == account

    def test_whoever_is_cared_for_sees_what_is_paid_for_them(self, house: House, centre: Organization) -> None:
        confirmed(house, record(house, centre))
        owe_for_three(house, centre)
        line = house.lines(house.pay())[0]

        assert [one.line.pk for one in own_payments(line.person_id)] == [line.pk]
