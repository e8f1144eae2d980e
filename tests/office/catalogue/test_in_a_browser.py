"""The keeping of the catalogue in a real browser: every page fits a telephone and a desk, and is accessible."""

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from lienthong.accounts.states import Role
from lienthong.catalogue import services
from lienthong.catalogue.files.yaml_file import write_yaml
from lienthong.catalogue.states import FileFormat
from tests.factories.accounts import officer, signed_in
from tests.factories.catalogue import VersionFactory, WithdrawalFactory, procedure_data, version_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "",
    "?standing=draft",
    "?q=zzz",
    "add/",
    "import/",
    "import/{staged}/",
    "procedures/9.900001/",
    "procedures/9.900001/withdraw/",
    "drafts/{draft}/",
    "drafts/{draft}/facts/",
    "drafts/{draft}/time/",
    "drafts/{draft}/law/",
    "drafts/{draft}/rows/items/",
    "drafts/{draft}/rows/steps/",
    "drafts/{draft}/rows/steps/2/",
    "drafts/{draft}/rows/fees/add/",
    "drafts/{draft}/preview/",
    "drafts/{draft}/changes/",
    "drafts/{draft}/publish/",
    "drafts/{draft}/discard/",
]


@pytest.fixture
def things(db: None) -> dict[str, Any]:
    """An editor, a draft that lacks something, and an uploaded file with a row that is refused."""
    editor = officer(Role.CATALOGUE_EDITOR)
    version = VersionFactory(procedure__code="9.900001")
    says = version_data(valid_from=date(2027, 1, 1), name="Hỗ trợ chi phí mai táng cho người cao tuổi", legal_basis=())
    draft = VersionFactory(procedure=version.procedure, number=2, draft=True, says=says, prepared_by=[0])
    WithdrawalFactory(procedure=version.procedure)
    staged = services.stage_import(
        file_name="thu-tuc.yaml",
        content=write_yaml([procedure_data(), procedure_data(code="2.2", field="magic")]),
        file_format=FileFormat.YAML,
        actor_id=editor.pk,
        now=version.published_at,
    )
    return {"cookie": signed_in(editor).cookies["lienthong_session"].value, "draft": draft.pk, "staged": staged.pk}


def test_every_page_fits_and_is_accessible(chromium: Browser, live_server: Any, things: dict[str, Any]) -> None:
    for width in (390, 1280):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "lienthong_session", "value": things["cookie"], "url": live_server.url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda one, told=complaints: told.append(one.text) if one.type in {"error", "warning"} else None
        )
        for address in PAGES:
            page.goto(f"{live_server.url}/office/catalogue/{address.format(**things)}")
            assert "/sign-in/" not in page.url
            found = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (address, width)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
                address,
                width,
            )
            assert complaints == [], (address, width)
        context.close()
