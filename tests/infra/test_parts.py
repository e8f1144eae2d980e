"""The parts of screens: words before shapes before colours, and lists whose state is their address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory

from lienthong.infra.templatetags.parts import TONES, UnknownTone, state
from tests.infra import kind_samples, styleguide

pytestmark = pytest.mark.urls("tests.infra.urls")

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def drawn(source: str, address: str = "/list", **context: Any) -> BeautifulSoup:
    template = engines["django"].from_string("{% load parts lists %}" + source)
    return BeautifulSoup(template.render(context, RequestFactory().get(address)), "html.parser")


def addresses(page: BeautifulSoup) -> dict[str, str]:
    return {" ".join(link.get_text(" ").split()): str(link["href"]) for link in page.select("a")}


@pytest.mark.parametrize("tone", sorted(TONES))
def test_every_tone_has_its_own_shape_beside_the_word(tone: str) -> None:
    page = BeautifulSoup(state("Trạng thái", tone), "html.parser")
    shapes = {(TEMPLATES / f"components/shapes/{name}.html").read_text(encoding="utf-8") for name in TONES}

    assert page.get_text(strip=True) == "Trạng thái"
    assert page.select_one("svg[aria-hidden=true]")
    assert len(shapes) == len(TONES)


def test_a_tone_without_a_shape_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(UnknownTone, match="draft"):
        state("Trạng thái", "purple")


def test_what_people_typed_is_escaped_in_every_kind_of_part() -> None:
    page = drawn(
        '{% state name "open" %}{% fact name change_url="/x" %}{{ name }}{% endfact %}{% key_fact name %}{{ name }}{% endkey_fact %}'
        '{% event name by=name %}{{ name }}{% endevent %}{% button name %}{% figure 1 name url="/x" %}{% empty name %}{{ name }}{% endempty %}',
        name="<script>alert(1)</script>",
    )

    assert page.find("script") is None


def test_a_change_link_says_what_it_changes_to_those_who_only_hear_it() -> None:
    page = drawn('{% fact "Ngày sinh" change_url="/x" %}12/03/1954{% endfact %}')

    assert page.select_one("a").get_text() == "Thay đổi Ngày sinh"  # type: ignore[union-attr]


def test_a_filter_keeps_the_rest_of_the_address_and_begins_at_the_first_page() -> None:
    page = drawn(
        '{% filters "state" "Trạng thái" choices %}',
        "/list?field=social&page=7&state=late",
        choices=[("", "Tất cả", 18), ("late", "Trễ hạn", 1)],
    )

    assert addresses(page) == {"Tất cả 18": "?field=social", "Trễ hạn 1": "?field=social&state=late"}
    assert page.select_one("[aria-current=true]").get_text(strip=True).startswith("Trễ hạn")  # type: ignore[union-attr]


def test_a_filter_may_stand_for_all_that_is_asked_by_default() -> None:
    page = drawn(
        '{% filters "state" "Trạng thái" choices default="open" %}',
        "/list",
        choices=[("open", "Đang mở"), ("all", "Tất cả")],
    )

    assert addresses(page) == {"Đang mở": "/list", "Tất cả": "?state=all"}


@pytest.mark.parametrize(
    ("address", "next_address", "direction"),
    [
        ("/list?page=2", "?sort=-due", "ascending"),
        ("/list?sort=due", "?sort=-due", "ascending"),
        ("/list?sort=-due", "?sort=due", "descending"),
        ("/list?sort=code", "?sort=due", None),
    ],
)
def test_a_column_sorts_up_then_down_and_says_how_it_stands(
    address: str, next_address: str, direction: str | None
) -> None:
    page = drawn('{% sort_header "Hạn trả" "due" default="due" %}', address)

    assert addresses(page) == {"Hạn trả": next_address}
    assert page.select_one("th").get("aria-sort") == direction  # type: ignore[union-attr]


def test_numbered_pages_say_where_one_is() -> None:
    page = drawn("{% page_links page %}", "/list?state=open&page=7", page=Paginator(range(1000), 50).page(7))

    assert page.select_one("[aria-current=page]").get_text() == "7"  # type: ignore[union-attr]
    assert addresses(page)["Trang sau"] == "?state=open&page=8"
    assert "301–350 trong 1.000" in page.get_text()
    assert page.select("a")[1]["aria-label"] == "Trang 1"


def test_one_page_needs_no_links() -> None:
    assert (
        drawn("{% page_links page %}{% step_links %}", page=Paginator(range(3), 50).page(1)).get_text(strip=True) == ""
    )


def test_steps_go_by_key() -> None:
    page = drawn('{% step_links before="a/1" after="b&2" %}', "/list?state=open&after=x")

    assert addresses(page) == {"Trang trước": "?state=open&before=a%2F1", "Trang sau": "?state=open&after=b%262"}


def test_a_table_that_scrolls_can_be_reached_by_keyboard_and_has_a_name() -> None:
    page = drawn('{% data_table "Hồ sơ" rows=10000 %}<tbody></tbody>{% enddata_table %}')
    region = page.select_one("[role=region]")

    assert region is not None
    assert region["tabindex"] == "0"
    assert region["aria-label"] == "Hồ sơ"
    assert page.caption.get_text() == "Hồ sơ – 10.000 dòng"  # type: ignore[union-attr]


def test_a_chart_is_a_sentence_a_drawing_a_table_and_a_source() -> None:
    context = styleguide.context()
    page = drawn('{% chart "Quý 4 cao nhất" svg columns=chart_columns rows=chart_rows source="sổ hồ sơ" %}', **context)

    assert page.figcaption.get_text() == "Quý 4 cao nhất"  # type: ignore[union-attr]
    assert page.select_one("svg")
    assert [row.get_text() for row in page.select("tbody th")] == ["1", "2", "3", "4"]
    assert "Nguồn: sổ hồ sơ" in page.get_text()


def test_messages_of_success_and_of_failure_are_told_apart_by_role_and_shape() -> None:
    notes = [Message(messages.SUCCESS, "Đã tiếp nhận."), Message(messages.ERROR, "Chưa lưu được.")]
    page = BeautifulSoup(get_template("components/messages.html").render({"messages": notes}), "html.parser")
    banners = page.select(".govuk-notification-banner")

    assert [banner["role"] for banner in banners] == ["status", "alert"]
    assert len({str(banner.svg) for banner in banners}) == 2


@pytest.mark.parametrize("kind", sorted(kind_samples.SAMPLES))
def test_each_page_kind_has_one_heading_one_main_and_a_title(kind: str) -> None:
    page = BeautifulSoup(kind_samples.page(kind), "html.parser")

    assert len(page.select("h1")) == 1
    assert len(page.select("main#main")) == 1
    assert page.title and page.title.get_text(strip=True)
    assert page.html and page.html["lang"] == "vi"


def test_a_page_with_errors_says_so_first_in_its_title() -> None:
    source = '{% extends "base/kinds/question.html" %}{% block title %}Câu hỏi{% endblock %}'
    form = styleguide.WrongForm(styleguide.WRONG)
    context = {"shell": "base/portal.html", "form": form}
    page = BeautifulSoup(
        engines["django"].from_string(source).render(context, RequestFactory().get("/")), "html.parser"
    )

    assert page.title and page.title.get_text(strip=True) == "Lỗi: Câu hỏi"
    assert page.select_one(".govuk-error-summary")


@pytest.mark.parametrize("shell", ["base/office.html", "base/portal.html"])
def test_every_part_can_be_drawn_in_both_shells(shell: str) -> None:
    page = BeautifulSoup(styleguide.page(shell), "html.parser")

    assert page.h1
    assert "Dữ liệu trình diễn – mọi người trong hệ thống này đều không có thật" in page.get_text()


def test_no_template_carries_a_script_or_a_style_of_its_own() -> None:
    own = re.compile(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|<[a-z][^>{]*\son[a-z]+=|javascript:", re.IGNORECASE)
    guilty = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if own.search(re.sub(r"{%\s*comment.*?endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]

    assert guilty == []


@pytest.mark.parametrize("name", ["400", "404", "500", "form_expired"])
def test_a_page_of_misfortune_says_what_to_do(name: str) -> None:
    context = {"what": "nul", "is_kept": True, "files": False, "kept": [("name", "Nguyễn")], "path": "/x", "back": "/"}
    page = BeautifulSoup(
        get_template(f"base/errors/{name}.html").render(context, RequestFactory().get("/x")), "html.parser"
    )

    assert page.h1 and page.main
    assert len(page.main.select("p, form")) >= 2


def test_a_form_that_came_too_late_is_kept_and_can_be_sent_again() -> None:
    kept = [("name", "Nguyễn"), ("way", "post"), ("way", "online")]
    context = {"is_kept": True, "files": False, "kept": kept, "path": "/apply/1", "back": "/"}
    page = BeautifulSoup(
        get_template("base/errors/form_expired.html").render(context, RequestFactory().get("/x")), "html.parser"
    )
    form = page.select_one('main form[method="post"]')

    assert form is not None
    assert form["action"] == "/apply/1"
    assert [tag["value"] for tag in form.select("input[name=way]")] == ["post", "online"]
