from typing import Any

import pytest
from django.utils import timezone

from lienthong.catalogue.queries import exports
from tests.architecture.garbage import PREFERRED
from tests.architecture.routes import Stage, Walker, set_stage
from tests.world import FUNERAL_SUPPORT, WORK_PERMIT, World


@pytest.fixture
def stage(world: World, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The people and records behind every address. Whoever takes the whole catalogue along gets two procedures of it.

    A walk takes it at every step, and writing all of it is most of what a walk would do.
    """
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    whole = exports.procedures_as_data

    def few(codes: Any, *, drafts: bool) -> Any:
        return whole([FUNERAL_SUPPORT, WORK_PERMIT] if codes is None else codes, drafts=drafts)

    monkeypatch.setattr(exports, "procedures_as_data", few)
    return set_stage(world)


@pytest.fixture
def walkers(stage: Stage) -> dict[str, Walker]:
    return {who: Walker(stage, who) for who in PREFERRED}
