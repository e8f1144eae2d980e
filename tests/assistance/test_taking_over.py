"""A register that an office kept elsewhere comes in: every row told, compared with the rules, written whole or not at all."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, TakeOver
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.queries.taking_over import TakeOverUnknown, get_take_over, rows_of, take_overs
from lienthong.assistance.register_file import guess_columns
from lienthong.assistance.services import taking_over as services
from lienthong.assistance.services.refusals import AlreadySettled, DecidesOwnProposal, NotYours
from lienthong.assistance.states import Programme
from lienthong.infra.events import Event
from lienthong.verification import store
from tests.assistance.known import disabled, granted, known, leader, processor, rates_of
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, at

HEADS = ["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Đối tượng", "Mức hưởng", "Hưởng từ tháng", "Người nhận", "CCCD người nhận",
         "Số quyết định"]  # fmt: skip
DECEMBER = date(2026, 12, 1)
OTHER_COMMUNE = "H55.05455"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.VERIFICATION_DIR = tmp_path


def workbook(*rows: list[Any], heads: list[str] = HEADS) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        for place, row in enumerate([heads, *rows]):
            sheet.write_row(place, 0, row)
    return kept.getvalue()


def staged(world: World, *rows: list[Any], **changes: Any) -> TakeOver:
    arrived = store.take_in(io.BytesIO(workbook(*rows)), name="trợ cấp.xlsx")
    facts: dict[str, Any] = {
        "file": arrived, "file_name": "trợ cấp.xlsx", "unit_id": world.agency(COMMUNE).unit_id,
        "programme": Programme.SOCIAL, "month": DECEMBER, **changes,
    }  # fmt: skip
    return services.stage_register(services.StageRegister(**facts), acting_user=processor(world), now=world.now)


def row(
    name: str, number: str = "", amount: Any = 810000, category: str = "Người khuyết tật nặng", **more: str
) -> list[Any]:
    return [
        1, name, number, more.get("birth", ""), category, amount, more.get("since", "03/2024"), more.get("payee", ""),
        more.get("payee_number", ""), more.get("decision", "45/QĐ-UBND"),
    ]  # fmt: skip


def test_heads_are_found_as_offices_write_them() -> None:
    assert guess_columns(HEADS) == {
        "name": "Họ và tên", "number": "Số CCCD", "birth": "Ngày sinh", "category": "Đối tượng", "amount": "Mức hưởng",
        "since": "Hưởng từ tháng", "payee_name": "Người nhận", "payee_number": "CCCD người nhận",
        "decision_number": "Số quyết định",
    }  # fmt: skip


def test_a_register_is_compared_with_the_rules_and_written_by_a_second_person(world: World) -> None:
    same = disabled(world, full_name="Hoàng Thị Đúng", number="019080000011")
    other = disabled(world, full_name="Hoàng Thị Khác", number="019080000012")
    guardian = PersonFactory(full_name="Ma Văn Hộ", number="019080000013")
    held = staged(
        world, row(same.full_name, "019080000011"),
        row(other.full_name, "019080000012", 540000, payee="Ma Văn Hộ", payee_number="019080000013"),
    )  # fmt: skip
    assert (held.rows, held.problems, held.differing) == (2, 0, 1)
    (note,) = [line.note for line in rows_of(held, only="differing")]
    assert "Theo quy định là 810.000" in note
    assert not Entitlement.objects.exists()

    services.approve_register(held.pk, acting_user=leader(world), now=world.now)

    first, second = Entitlement.objects.order_by("pk")
    assert rates_of(first) == [("2026-12", "2028-11", 810_000)]
    assert rates_of(second) == [("2026-12", "2028-11", 540_000)]
    assert (second.payee_id, second.payee_ground) == (guardian.pk, "authorised")
    assert (first.decision_number, first.decided_on) == ("45/QĐ-UBND", date(2024, 3, 1))
    assert "trợ cấp.xlsx, dòng 2" in first.source
    assert Event.objects.filter(name="RegisterTakenOver").count() == 1
    told = {one.person_id: one.amount for one in SOCIAL_ASSISTANCE.owed(DECEMBER, since=DECEMBER, changed_since=None)}
    assert told == {same.pk: 810_000, other.pk: 540_000}


def test_every_row_that_cannot_be_taken_says_why_and_nothing_is_written(world: World) -> None:
    good = disabled(world, full_name="Hoàng Thị Tốt", number="019080000021")
    received = granted(world, disabled(world, full_name="Hoàng Thị Đang", number="019080000022")).person
    dead = disabled(world, full_name="Hoàng Thị Mất", number="019080000023")
    dead.died_on = date(2026, 10, 1)
    dead.save()
    for _ in range(2):
        known(world, full_name="Hoàng Thị Trùng")
    held = staged(
        world, row(good.full_name, "019080000021"), row(received.full_name, "019080000022"), row(dead.full_name, "019080000023"),
        row("Hoàng Thị Trùng"), row("Không Có Ai"), row("Sai Tên", "019080000021", category="Trợ cấp hưu trí xã hội"),
        row("Hoàng Thị Số", "12345"), row(good.full_name, "019080000021", "nhiều"),
        row(good.full_name, "", 1, "Thứ khác", payee="Không Có Ai"),
    )  # fmt: skip
    told = {line.number: " · ".join(line.problems) for line in rows_of(held, only="problems")}
    assert "nhiều dòng" in told[2]
    assert "đang hưởng khoản này" in told[3]
    assert "đã chết" in told[4]
    assert "2 người cùng tên" in told[5]
    assert "không tìm thấy người này" in told[6]
    assert "là của Hoàng Thị Tốt" in told[7]
    assert "không đọc được" in told[9]
    assert "không rõ thuộc diện nào" in told[10]
    assert "người nhận tiền" in told[10]
    with pytest.raises(services.RegisterRefused, match="không dòng nào được ghi"):
        services.approve_register(held.pk, acting_user=leader(world), now=world.now)
    assert Entitlement.objects.count() == 1


def test_two_people_of_the_commune_take_a_register_over_once(world: World) -> None:
    person = disabled(world, number="019080000031")
    held = staged(world, row(person.full_name, "019080000031"))
    with pytest.raises(services.RegisterRefused, match="đã được nạp"):
        staged(world, row(person.full_name, "019080000031"))
    with pytest.raises(NotYours):
        services.approve_register(held.pk, acting_user=processor(world), now=world.now)
    with pytest.raises(NotYours):
        services.approve_register(held.pk, acting_user=world.officer(Role.LEADER, OTHER_COMMUNE), now=world.now)
    services.refuse_register(held.pk, reason="Thiếu chữ ký", acting_user=leader(world), now=world.now)
    with pytest.raises(AlreadySettled):
        services.approve_register(held.pk, acting_user=leader(world), now=world.now)
    again = staged(world, row(person.full_name, "019080000031"))
    assert [one.pk for one in take_overs(processor(world), on=world.today)] == [again.pk, held.pk]
    with pytest.raises(TakeOverUnknown):
        get_take_over(again.pk, as_=world.officer(Role.PROCESSOR, OTHER_COMMUNE), on=world.today)


def test_whoever_loaded_does_not_approve(world: World) -> None:
    person, chair = disabled(world, number="019080000041"), leader(world)
    arrived = store.take_in(io.BytesIO(workbook(row(person.full_name, "019080000041"))), name="a.xlsx")
    command = services.StageRegister(
        file=arrived,
        file_name="a.xlsx",
        unit_id=world.agency(COMMUNE).unit_id,
        programme=Programme.SOCIAL,
        month=DECEMBER,
    )
    held = services.stage_register(command, acting_user=chair, now=world.now)
    with pytest.raises(DecidesOwnProposal):
        services.approve_register(held.pk, acting_user=chair, now=world.now)


def test_a_file_without_its_columns_or_of_another_commune_is_refused(world: World) -> None:
    arrived = store.take_in(
        io.BytesIO(workbook(["Hoàng Văn An", "Tổ 3"], ["Ma Thị Bình", "Tổ 4"], heads=["Người dân", "Nơi ở"])),
        name="b.xlsx",
    )
    command = services.StageRegister(
        file=arrived,
        file_name="b.xlsx",
        unit_id=world.agency(COMMUNE).unit_id,
        programme=Programme.SOCIAL,
        month=DECEMBER,
    )
    with pytest.raises(services.RegisterRefused, match="Họ tên người hưởng, Mức hưởng mỗi tháng"):
        services.stage_register(command, acting_user=processor(world), now=world.now)
    with pytest.raises(NotYours):
        services.stage_register(command, acting_user=world.officer(Role.PROCESSOR, OTHER_COMMUNE), now=world.now)


def test_money_is_not_for_a_payee_who_has_died(world: World) -> None:
    person = disabled(world, number="019080000061")
    PersonFactory(full_name="Ma Văn Hộ", number="019080000062", died_on=date(2026, 10, 1))

    held = staged(world, row(person.full_name, "019080000061", payee="Ma Văn Hộ", payee_number="019080000062"))

    (line,) = rows_of(held, only="problems")
    assert line.problems == ["người nhận tiền đã chết theo dữ liệu dân cư; ghi người nhận khác"]


@pytest.mark.parametrize(("who", "words"), [("person", "người này đã chết"), ("payee", "người nhận tiền đã chết")])
def test_somebody_who_dies_meanwhile_stops_the_whole(world: World, who: str, words: str) -> None:
    person = disabled(world, number="019080000063")
    payee = PersonFactory(full_name="Ma Văn Hộ", number="019080000064")
    held = staged(world, row(person.full_name, "019080000063", payee="Ma Văn Hộ", payee_number="019080000064"))
    dead = {"person": person, "payee": payee}[who]
    dead.died_on = date(2026, 11, 10)
    dead.save()

    with pytest.raises(services.RegisterRefused, match=words):
        services.approve_register(held.pk, acting_user=leader(world), now=world.now)

    assert not Entitlement.objects.exists()


def test_somebody_who_receives_meanwhile_stops_the_whole(world: World) -> None:
    person = disabled(world, number="019080000051")
    held = staged(world, row(person.full_name, "019080000051"))
    granted(world, person)
    with pytest.raises(services.RegisterRefused, match="đang hưởng khoản này"):
        services.approve_register(held.pk, acting_user=leader(world), now=world.now)
    assert Entitlement.objects.count() == 1


@pytest.mark.parametrize("month", [date(2026, 6, 1), date(2026, 8, 1)])
def test_a_law_that_is_not_in_force_yet_changes_no_row_that_is_taken_over(world: World, month: date) -> None:
    world.now = at("2026-09-20 09:00")
    person = disabled(world, number="019080000061")
    held = staged(world, row(person.full_name, "019080000061", 750_000), month=month)
    assert (held.problems, held.differing) == (0, 0)
    services.approve_register(held.pk, acting_user=leader(world), now=world.now)
    assert [amount for *_months, amount in rates_of(Entitlement.objects.get())] == [750_000]
