"""Runs of payments at the terminal: the same four people, the same refusals."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.states import LineState, RunState
from tests.factories.payments import BudgetFactory
from tests.payments.house import House

pytestmark = pytest.mark.django_db
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Return a function that runs the command and gives its code and its words."""

    def run(*arguments: str) -> tuple[int, str]:
        try:
            call_command("payroll", *arguments)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().out

    return run


@pytest.fixture
def owing(house: House) -> House:
    house.owe(house.person(full_name="Lê Thị Hoa"), 500_000)
    house.owe(house.person(account=False), 300_000)
    return house


def test_a_month_goes_from_the_list_to_the_banks(owing: House, told: Told) -> None:
    accountant, head, leader, other = (
        user.username for user in (owing.accountant, owing.head, owing.leader, owing.another_accountant)
    )

    code, words = told("prepare", "11/2026", "--as", accountant)
    assert code == 0
    assert (
        "1 khoản, 500.000 đồng, tạm giữ 1 khoản" in words
        and "Chưa có dự toán" in words
        and "payroll check 11/2026" in words
    )
    for verb, who, done in (
        ("check", head, "đã kiểm tra"), ("approve", leader, "đã duyệt"), ("release", other, "đã chuyển chi trả"),
    ):  # fmt: skip
        assert told(verb, "11/2026", "--as", who) == (0, f"✓ Đợt 1 tháng 11/2026 {done}: 1 khoản, 500.000 đồng.\n")
    assert set(PaymentLine.objects.values_list("state", flat=True)) == {LineState.SENT, LineState.HELD}
    code, words = told("compare", "11/2026", "--as", leader)
    assert "mới: 2 khoản; tháng trước 0 đồng, tháng này 800.000 đồng" in words
    assert "mới: Lê Thị Hoa" in words and "(tạm giữ)" in words
    assert "đã chuyển chi trả; 1 khoản, 500.000 đồng; tạm giữ 1 khoản" in told("runs", "--as", leader)[1]


def test_a_month_that_has_left_gets_a_run_beside_it_only_where_that_is_meant(owing: House, told: Told) -> None:
    owing.pay()
    owing.owe(owing.person(), 200_000)
    who = owing.accountant.username

    code, words = told("prepare", "11/2026", "--as", who)

    assert code == 2
    assert "Tháng 11/2026 đã có đợt 1 (đã chuyển chi trả)" in words and "--supplementary" in words
    assert PaymentRun.objects.count() == 1
    code, words = told("prepare", "11/2026", "--supplementary", "--as", who)
    assert code == 0
    assert "đợt bổ sung số 1" in words and "1 khoản, 200.000 đồng" in words


def test_a_month_whose_run_was_cancelled_is_prepared_again_without_a_word(owing: House, told: Told) -> None:
    owing.cancel(owing.prepare())
    assert told("prepare", "11/2026", "--as", owing.accountant.username)[0] == 0


def test_says_before_each_signature_what_is_owed_no_more(owing: House, told: Told) -> None:
    revoked = owing.person(full_name="Ma Văn Ỷ")
    owing.owe(revoked, 400_000)
    run = owing.prepare()
    owing.later(hours=1)
    owing.owe(revoked, 0)
    head, leader, other = owing.head.username, owing.leader.username, owing.another_accountant.username

    listed = told("disagreeing", "11/2026", "--as", head)[1]
    (plain,) = json.loads(told("disagreeing", "11/2026", "--as", head, "--json")[1])

    assert "Ma Văn Ỷ" in listed and "400.000 đồng → 0 đồng (giữ lại khi chuyển)" in listed
    assert (plain["name"], plain["prepared"], plain["now"], plain["held"]) == ("Ma Văn Ỷ", 400_000, 0, True)
    for verb, who in (("check", head), ("approve", leader)):
        assert "! 1 khoản không còn khớp số phải chi" in told(verb, "11/2026", "--as", who)[1]
    words = told("release", "11/2026", "--as", other)[1]
    assert "1 khoản, 500.000 đồng" in words and "! Giữ lại 1 khoản" in words
    run.refresh_from_db()
    assert (run.lines_total, run.held_lines) == (1, 2)
    assert told("disagreeing", "11/2026", "--as", head)[1] == "Mọi khoản chờ chuyển vẫn đúng với số phải chi lúc này.\n"


def test_speaks_json(owing: House, told: Told) -> None:
    accountant = owing.accountant.username

    made = json.loads(told("prepare", "11/2026", "--as", accountant, "--json")[1])
    listed = json.loads(told("runs", "--as", accountant, "--json")[1])
    compared: dict[str, Any] = json.loads(told("compare", "11/2026", "--as", accountant, "--json")[1])

    assert (made["state"], made["net"], made["held"]) == ("prepared", 500_000, 1)
    assert listed == [made]
    assert compared["differences"]["new"] == {"count": 2, "before": 0, "now": 800_000}
    assert compared["by_source"] == [{"source": "social-assistance", "lines": 1, "net": 500_000}]
    assert {person["name"] for person in compared["people"]} >= {"Lê Thị Hoa"}


def test_goes_on_with_a_run_that_stood_still(owing: House, told: Told) -> None:
    BudgetFactory(amount=100_000)
    accountant = owing.accountant.username

    code, words = told("prepare", "11/2026", "--as", accountant)
    assert (code, "thiếu 400.000 đồng" in words) == (2, True)
    BudgetFactory(amount=400_000)
    assert told("prepare", "11/2026", "--as", accountant)[0] == 0
    assert told("cancel", "11/2026", "--as", accountant, "--reason", "Lập thử")[0] == 0
    assert PaymentRun.objects.get().state == RunState.CANCELLED


@pytest.mark.parametrize(("arguments", "said"), [
    ((), "Chưa nêu việc"),
    (("runs",), "Thiếu --as"),
    (("runs", "--as", "khong.co"), "Không có tài khoản “khong.co”"),
    (("prepare", "2026-11", "--as", "ACCOUNTANT"), "không phải một tháng"),
    (("check", "11/2026", "--as", "ACCOUNTANT"), "chưa có đợt chi trả nào"),
    (("check", "11/2026", "--number", "3", "--as", "ACCOUNTANT"), "Không có đợt chi trả này"),
    (("prepare", "11/2026", "--as", "HEAD"), "Chỉ kế toán chi trả"),
    (("prepare",), "Không hiểu các tùy chọn"),
])  # fmt: skip
def test_refuses_in_words(house: House, told: Told, arguments: tuple[str, ...], said: str) -> None:
    names = {"ACCOUNTANT": house.accountant.username, "HEAD": house.head.username}

    code, words = told(*(names.get(one, one) for one in arguments))

    assert code == 2
    assert said in words
