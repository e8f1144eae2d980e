"""The end of a procedure: prepared by one editor, confirmed by another, never in the past."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.queries import happenings_of
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.events import stream_of
from lienthong.catalogue.models import Withdrawal
from lienthong.catalogue.states import Standing, VersionStatus
from lienthong.infra.events import events_of, sentence_of
from tests.factories.catalogue import VersionFactory, version_data

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PREPARER, CONFIRMER = 11, 12


def withdrawal(**changes: Any) -> services.PrepareWithdrawal:
    command = services.PrepareWithdrawal(
        code="1.001731", from_on=date(2026, 12, 1), reason="Luật mới thay thế", decision_number="600/QĐ-UBND"
    )
    return replace(command, **changes)


def prepared(**changes: Any) -> Withdrawal:
    return services.prepare_withdrawal(withdrawal(**changes), actor_id=PREPARER, now=NOW)


def confirm(waiting: Withdrawal, *, by: int = CONFIRMER, now: datetime = NOW) -> None:
    services.confirm_withdrawal(waiting.pk, actor_id=by, now=now)


def test_nothing_changes_until_another_editor_confirms() -> None:
    VersionFactory(procedure__code="1.001731")
    waiting = prepared()
    assert catalogue.procedure_in_force("1.001731", on=date(2026, 12, 1)).valid_until is None
    assert catalogue.waiting_withdrawal("1.001731") == waiting

    confirm(waiting)
    with pytest.raises(catalogue.ProcedureNotInForce):
        catalogue.procedure_in_force("1.001731", on=date(2026, 12, 1))
    assert catalogue.waiting_withdrawal("1.001731") is None


def test_ends_the_procedure_and_says_so_from_that_day_on() -> None:
    VersionFactory(procedure__code="1.001731")
    VersionFactory(procedure__code="1.014027", says=version_data(name="Trợ cấp hưu trí xã hội"))
    confirm(prepared(replaced_by=("1.014027",)))

    last_day = catalogue.procedure_in_force("1.001731", on=date(2026, 11, 30))
    assert catalogue.standing_of(last_day, on=date(2026, 11, 30)) is Standing.IN_FORCE
    assert catalogue.standing_of(last_day, on=date(2026, 12, 1)) is Standing.WITHDRAWN
    with pytest.raises(catalogue.ProcedureNotInForce, match=r"từ 01/12/2026 theo 600/QĐ-UBND.*1\.014027"):
        catalogue.procedure_in_force("1.001731", on=date(2026, 12, 1))
    assert [(event.actor_id, sentence_of(event)) for event in events_of(stream_of("1.001731"))] == [
        (PREPARER, "Soạn bãi bỏ thủ tục theo 600/QĐ-UBND: Luật mới thay thế"),
        (CONFIRMER, "Bãi bỏ thủ tục theo 600/QĐ-UBND: Luật mới thay thế"),
    ]


def test_whoever_prepared_it_does_not_confirm_it() -> None:
    VersionFactory(procedure__code="1.001731")
    with pytest.raises(services.PreparedByConfirmer, match="Hãy nhờ một cán bộ khác"):
        confirm(prepared(), by=PREPARER)
    assert catalogue.procedure_in_force("1.001731", on=date(2027, 1, 1)).valid_until is None


def test_the_database_refuses_that_somebody_confirms_what_they_prepared() -> None:
    VersionFactory(procedure__code="1.001731")
    waiting = prepared()
    with pytest.raises(IntegrityError, match="withdrawal_four_eyes"), transaction.atomic():
        Withdrawal.objects.filter(pk=waiting.pk).update(confirmed_by=PREPARER, confirmed_at=NOW)


def test_one_waits_at_a_time() -> None:
    VersionFactory(procedure__code="1.001731")
    prepared()
    with pytest.raises(services.WithdrawalAlreadyThere, match="600/QĐ-UBND chờ xác nhận"):
        prepared(decision_number="601/QĐ-UBND")


def test_a_discarded_one_cannot_be_confirmed_and_leaves_the_procedure_as_it_was() -> None:
    VersionFactory(procedure__code="1.001731")
    waiting = prepared()
    services.discard_withdrawal(waiting.pk, actor_id=PREPARER, now=NOW)
    with pytest.raises(catalogue.NoSuchProcedure):
        confirm(waiting)
    assert happenings_of(stream_of("1.001731"))[-1].sentence == "Hủy bản bãi bỏ theo 600/QĐ-UBND"
    confirm(prepared(decision_number="601/QĐ-UBND"))


def test_a_confirmed_one_is_confirmed_and_discarded_no_more() -> None:
    VersionFactory(procedure__code="1.001731")
    waiting = prepared()
    confirm(waiting)
    with pytest.raises(catalogue.NoSuchProcedure):
        confirm(waiting)
    with pytest.raises(catalogue.NoSuchProcedure):
        services.discard_withdrawal(waiting.pk, actor_id=PREPARER, now=NOW)


def test_the_law_of_days_gone_by_stays() -> None:
    VersionFactory(procedure__code="1.001731")
    with pytest.raises(services.WithdrawalInThePast, match="từ ngày 23/11/2026 trở đi"):
        prepared(from_on=TODAY - timedelta(days=1))
    confirm(prepared(from_on=TODAY))
    assert catalogue.procedure_in_force("1.001731", on=TODAY - timedelta(days=1)).number == 1


def test_a_withdrawal_whose_day_went_by_while_it_waited_is_prepared_anew() -> None:
    VersionFactory(procedure__code="1.001731")
    with pytest.raises(services.WithdrawalInThePast, match="từ ngày 03/12/2026 trở đi"):
        confirm(prepared(), now=NOW + timedelta(days=10))
    assert catalogue.procedure_in_force("1.001731", on=date(2026, 12, 1)).valid_until is None


def test_a_version_that_began_today_holds_today() -> None:
    VersionFactory(procedure__code="1.001731", says=version_data(valid_from=TODAY))
    with pytest.raises(services.WithdrawalInThePast, match="từ ngày 24/11/2026 trở đi"):
        prepared(from_on=TODAY)


def test_names_and_takes_back_a_version_that_was_still_to_come() -> None:
    first = VersionFactory(procedure__code="1.001731", valid_until=date(2026, 12, 5))
    later = VersionFactory(procedure=first.procedure, number=2, says=version_data(valid_from=date(2026, 12, 5)))
    waiting = prepared()
    assert catalogue.versions_that_never_come(waiting) == [later]
    confirm(waiting)
    assert catalogue.get_version(later.pk).status == VersionStatus.WITHDRAWN
    assert catalogue.procedure_in_force("1.001731", on=date(2026, 11, 30)).number == 1
    with pytest.raises(catalogue.ProcedureNotInForce):
        catalogue.procedure_in_force("1.001731", on=date(2026, 12, 5))


def test_refuses_where_nothing_is_left_to_end() -> None:
    VersionFactory(procedure__code="1.001731", says=version_data(valid_until=date(2025, 1, 1)))
    with pytest.raises(services.NothingToWithdraw, match="không có gì để bãi bỏ"):
        prepared()


def test_refuses_a_day_before_the_procedure_begins() -> None:
    VersionFactory(procedure__code="1.001731", says=version_data(valid_from=date(2027, 1, 1)))
    with pytest.raises(services.NothingToWithdraw, match="chỉ có hiệu lực từ 01/01/2027"):
        prepared()


def test_refuses_a_successor_that_does_not_exist_and_writes_nothing() -> None:
    VersionFactory(procedure__code="1.001731")
    with pytest.raises(catalogue.NoSuchProcedure):
        prepared(replaced_by=("8.8",))
    assert not Withdrawal.objects.exists()
