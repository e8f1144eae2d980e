"""The doctor sees every published version that was changed, slipped in or taken away behind the log."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from lienthong.catalogue import services
from lienthong.catalogue.health import versions_not_as_published
from lienthong.catalogue.models import Fee, ProcedureVersion, RequiredItem, Result, Step
from lienthong.catalogue.states import VersionStatus
from lienthong.infra.health import checks
from tests.catalogue.test_load import folder, put  # noqa: F401 -- a fixture
from tests.catalogue.test_publishing import DRAFTER, PUBLISHER, decision
from tests.factories.catalogue import VersionFactory, procedure_data, version_data

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def published(folder: Path) -> ProcedureVersion:  # noqa: F811
    """A version from the files, followed by one that the office published."""
    services.load_catalogue(now=NOW, folder=put(folder, procedure_data(version_data(status=VersionStatus.PUBLISHED))))
    draft = services.draft_version("1.001731", actor_id=DRAFTER, now=NOW)
    return services.publish_version(decision(draft), actor_id=PUBLISHER, now=NOW)


def test_finds_nothing_amiss_where_all_was_loaded_published_ended_or_withdrawn(published: ProcedureVersion) -> None:
    assert list(versions_not_as_published()) == []
    command = services.PrepareWithdrawal(
        code="1.001731", from_on=date(2026, 11, 25), reason="Luật mới", decision_number="600/QĐ-UBND"
    )
    waiting = services.prepare_withdrawal(command, actor_id=DRAFTER, now=NOW)
    services.confirm_withdrawal(waiting.pk, actor_id=PUBLISHER, now=NOW)
    services.draft_version("1.001731", actor_id=DRAFTER, now=NOW)
    assert list(versions_not_as_published()) == []
    assert versions_not_as_published in checks().values()


@pytest.mark.parametrize("number", [1, 2], ids=["from the files", "by the office"])
@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(allowance=[{"amount": 1, "unit": "working_day"}]),
        lambda one: one.update(name="Thủ tục khác"),
        lambda one: one.update(decision_number="1/QĐ-UBND"),
        lambda one: Step.objects.filter(version=one.get(), number=3).delete(),
        lambda one: RequiredItem.objects.filter(version=one.get(), number=1).update(is_required=False),
        lambda one: Fee.objects.filter(version=one.get()).update(amount=1_000_000),
        lambda one: Result.objects.filter(version=one.get()).update(name="Giấy khác"),
    ],
    ids=["time limit", "name", "decision", "step", "paper", "fee", "result"],
)
def test_names_a_version_that_says_something_else(
    published: ProcedureVersion, number: int, change: Callable[[Any], object]
) -> None:
    change(ProcedureVersion.objects.filter(number=number))
    (sentence,) = versions_not_as_published()
    assert sentence.startswith(f"1.001731, phiên bản {number}")
    assert "khác với khi công bố" in sentence


def test_names_a_version_that_nobody_published_and_one_that_is_gone(published: ProcedureVersion) -> None:
    VersionFactory(procedure__code="9.900001")
    ProcedureVersion.objects.filter(pk=published.pk).delete()
    slipped_in, gone = versions_not_as_published()
    assert slipped_in.startswith("9.900001, phiên bản 1") and "không ai công bố" in slipped_in
    assert gone.startswith("1.001731 2026-12-01")


def test_the_whole_base_data_is_as_it_was_published() -> None:
    with transaction.atomic():
        services.load_catalogue(now=NOW)
        assert list(versions_not_as_published()) == []
