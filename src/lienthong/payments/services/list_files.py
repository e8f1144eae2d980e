"""Lists of a commune: the paper that people sign, and the sheet in which the payer says who came. Written, not kept here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings

from lienthong.documents.printing import render_form
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.incoming.paid_lists import HEADS, PAID_WORDS, UNCOLLECTED_WORDS
from lienthong.payments.models import PaymentRun
from lienthong.payments.outgoing.papers import payment_list
from lienthong.payments.queries.leaving import ListGroup, list_rows
from lienthong.payments.states import Channel
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel

_CHANNEL_WORDS = {Channel.POST: "qua bưu điện", Channel.CASH: "bằng tiền mặt"}
_MORE_HEADS = ("TT", "Người hưởng", "Người nhận thay", "Số định danh người nhận", "Địa chỉ", "Khoản chi")
_WIDTHS = (6, 30, 26, 20, 34, 40, 20, 14, 14, 14, 34)


def write_list_paper(run: PaymentRun, group: ListGroup, *, message_id: str, to: Path) -> None:
    """Draw the list of a commune as PDF, with page totals, the sum in words and places to sign."""
    assert run.released_at is not None
    on = local_day(run.released_at)
    paper = payment_list(
        list(list_rows(run, group.channel, group.unit.pk, on=on)),
        agency_lines=_agency_lines(group, run),
        place=settings.PROVINCE_NAME.removeprefix("tỉnh ").strip(),
        issued_on=on,
        month=run.month,
        channel_words=_CHANNEL_WORDS[group.channel],
        unit=group.unit.name,
        message_id=message_id,
        prepared_by=_name(run.prepared_by),
        checked_by=_name(run.checked_by),
        approved_by=_name(run.approved_by),
    )
    to.write_bytes(render_form(paper, demo=settings.DEMO_MODE))


def write_result_sheet(run: PaymentRun, group: ListGroup, *, message_id: str, to: Path) -> None:
    """Write the list as a workbook in which the payer fills in who came, when, and why not; it is read back as it is."""
    assert run.released_at is not None
    book = xlsxwriter.Workbook(
        str(to), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": message_id, "created": run.released_at.replace(tzinfo=None, microsecond=0)})
    page = book.add_worksheet("Ket qua")
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    money, day = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "dd/mm/yyyy"})
    heads = [*_MORE_HEADS, *HEADS.values()]
    places = {name: len(_MORE_HEADS) + place for place, name in enumerate(HEADS)}
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width, {places["amount"]: money, places["on"]: day}.get(place, text))
    page.data_validation(
        1, places["result"], group.lines, places["result"],
        {"validate": "list", "source": [PAID_WORDS, UNCOLLECTED_WORDS]},
    )  # fmt: skip
    page.freeze_panes(1, 0)
    for place, words in enumerate(heads):
        page.write_string(0, place, words, head)
    for number, row in enumerate(list_rows(run, group.channel, group.unit.pk, on=local_day(run.released_at)), start=1):
        page.write_number(number, 0, number)
        for place, said in enumerate((row.person, row.payee, row.number, row.address, row.benefit), start=1):
            page.write_string(number, place, said, text)
        page.write_string(number, places["key"], row.key, text)
        page.write_number(number, places["amount"], row.amount, money)
    book.close()


def _agency_lines(group: ListGroup, run: PaymentRun) -> tuple[str, ...]:
    assert run.released_at is not None
    try:
        agency = units.competent_agency(
            field_code=policies.FIELD, level=AgencyLevel.PROVINCE, unit=group.unit, on=local_day(run.released_at)
        )
    except units.NobodyCompetent:
        return (f"Ủy ban nhân dân {settings.PROVINCE_NAME}",)
    return tuple(filter(None, (agency.parent.name if agency.parent else "", agency.name)))


def _name(user: Any) -> str:
    return user.full_name if user else ""
