"""The model page, the choice of the threshold, and blind review."""

import random
import re
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import ReadRecord
from lienthong.verification.models import Batch, Judgement, ReviewSample
from lienthong.verification.queries.thresholds import threshold_in_force
from lienthong.verification.services import reviews
from lienthong.verification.states import FIELD_VERDICT_WORDS, STATUS_WORDS, Judged
from tests.screens import Browser, enter
from tests.verification.registers import NOW, TODAY, make_batch, make_copy, make_entry, make_register, make_verdict
from tests.world import COMMUNE, HOME_AFFAIRS, World

MODEL = "/office/verification/model/"
PLAIN_MODEL = {
    "share_present": 0.93,
    "share_at_home": 0.85,
    "fields": {
        "name": [
            {"level": "exact", "words": "đúng từng chữ", "m": 0.8, "u": 0.0001},
            {"level": "other", "words": "khác", "m": 0.01, "u": 0.9},
        ],
        "birth": [{"level": "exact", "words": "đúng ngày, tháng, năm", "m": 0.9, "u": 0.00003}],
    },
}


@pytest.fixture
def batch(world: World) -> Batch:
    register = make_register()
    batch = make_batch(register, make_copy(TODAY.replace(day=1)), model=PLAIN_MODEL)
    chance = random.Random(11)
    for number in range(60):
        probability = chance.choice([0.62, 0.973, 0.9931, 0.99987])
        entry = make_entry(register, full_name=f"Ma Thị Lan {number}")
        snapshot = {
            "full_name": f"Ma Thị Lân {number}",
            "birth_date": "19850501",
            "sex": "Nữ",
            "number": "019185001234",
        }
        make_verdict(
            batch, entry, chance.choice(["verified", "name_differs"]), probability=probability, snapshot=snapshot,
            explanation="Máy nghĩ thế này", fields={"name": {"verdict": "similar", "weight": 7.25}},
        )  # fmt: skip
    return batch


@pytest.fixture
def officers(world: World) -> list[Browser]:
    return [enter(world.officer(Role.PROCESSOR, HOME_AFFAIRS, another=place > 0)) for place in range(3)]


class TestModelPage:
    def test_says_how_fields_weigh_and_what_the_threshold_means(self, batch: Batch, officers: list[Browser]) -> None:
        page = officers[0].open(MODEL)

        assert batch.number in page.lead
        assert "99 % ngưỡng đang dùng" in page.words
        rows = {row[0]: row[1:] for row in page.rows("Mỗi ngưỡng")}
        accepted = batch.verdicts.filter(probability__gte=0.99).count()
        assert rows["99 % đợt này dùng"] == [str(accepted), "0,1", str(60 - accepted)]
        assert "Họ và tên: đúng từng chữ +13,0" in page.words
        assert "khả năng cùng một người tăng 8.000 lần" in page.words
        assert "Cùng số định danh" in page.words
        assert "Chưa có mẫu rà soát nào khép" in page.words

    def test_has_nothing_before_the_first_batch(self, world: World, officers: list[Browser]) -> None:
        assert "Chưa có đợt xác thực nào hoàn thành" in officers[0].open(MODEL).words

    def test_a_batch_of_the_police_has_no_model(self, world: World, officers: list[Browser]) -> None:
        make_batch(make_register())

        assert "Đợt này không giữ mô hình" in officers[0].open(MODEL).words

    @pytest.mark.parametrize("query", ["batch=0", "batch=999999"])
    def test_a_batch_that_is_not_there(self, batch: Batch, officers: list[Browser], query: str) -> None:
        assert officers[0].open(f"{MODEL}?{query}").status == 404

    def test_a_commune_reads_and_does_not_choose(self, world: World, batch: Batch) -> None:
        page = enter(world.officer(Role.LEADER, COMMUNE)).open(MODEL)

        assert page.status == 200
        assert "Đề xuất ngưỡng khác" not in page.links()
        assert page.browser.open(f"{MODEL}{batch.pk}/threshold/").status == 404

    def test_asks_as_often_for_many_verdicts_as_for_few(
        self, batch: Batch, officers: list[Browser], queries_of: Any
    ) -> None:
        before = queries_of(officers[0], MODEL)
        for _number in range(30):
            make_verdict(batch, make_entry(batch.register), snapshot={"full_name": "A"})

        assert queries_of(officers[0], MODEL) == before
        assert before <= 18


class TestThreshold:
    def test_is_proposed_by_one_and_confirmed_by_another(self, batch: Batch, officers: list[Browser]) -> None:
        form = officers[0].open(MODEL).follow("Đề xuất ngưỡng khác")
        after = form.press("Gửi để xác nhận", threshold="0.999", reason="Mẫu không có lỗi nào trên ngưỡng này")

        assert "Đã đề xuất ngưỡng" in after.notices
        assert "Xác nhận ngưỡng" not in after.buttons()
        assert threshold_in_force() == 0.99
        done = officers[1].open(MODEL).press("Xác nhận ngưỡng")
        assert "Ngưỡng 99,9 % được dùng" in done.notices
        assert threshold_in_force() == 0.999
        assert "99,9 % ngưỡng đang dùng" in done.words

    def test_a_proposal_can_be_thrown_away(self, batch: Batch, officers: list[Browser]) -> None:
        form = officers[0].open(f"{MODEL}{batch.pk}/threshold/")
        form.press("Gửi để xác nhận", threshold="0.5", reason="Thử xem các xã còn bao nhiêu việc")

        assert "Đã hủy đề xuất" in officers[1].open(MODEL).press("Hủy đề xuất").notices
        assert threshold_in_force() == 0.99

    @pytest.mark.parametrize(
        ("typed", "field"),
        [({"threshold": "0.7"}, "threshold"), ({"reason": "vì"}, "reason"), ({"reason": ""}, "reason")],
    )
    def test_keeps_what_was_typed_when_it_cannot_be(
        self, batch: Batch, officers: list[Browser], typed: dict[str, str], field: str
    ) -> None:
        given = {"threshold": "0.95", "reason": "Sai không quá ba phần vạn", **typed}
        page = officers[0].open(f"{MODEL}{batch.pk}/threshold/").press("Gửi để xác nhận", **given)

        assert page.status == 422
        assert page.error_beside(field)


@pytest.fixture
def sample(world: World, batch: Batch) -> ReviewSample:
    officer = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    command = reviews.DrawSample(batch_id=batch.pk, size=20, seed=42)
    return reviews.draw_sample(command, acting_user=officer, now=NOW)


class TestReview:
    def test_a_sample_is_drawn_with_its_seed_written_down(self, batch: Batch, officers: list[Browser]) -> None:
        page = officers[0].open(MODEL).follow("Rút mẫu rà soát").press("Rút mẫu", size="30", seed="42")

        assert page.heading == f"Mẫu rà soát 30 bản ghi của đợt {batch.number}"
        assert "hạt giống 42" in page.lead

    @pytest.mark.parametrize("size", ["", "x", "3", "999999"])
    def test_a_size_that_cannot_be_is_refused_beside_it(self, batch: Batch, officers: list[Browser], size: str) -> None:
        page = officers[0].open(f"{MODEL}{batch.pk}/sample/").press("Rút mẫu", size=size)

        assert page.status == 422
        assert page.error_beside("size")

    def test_whoever_judges_sees_neither_score_nor_status_nor_the_other(
        self, world: World, sample: ReviewSample, officers: list[Browser]
    ) -> None:
        first = officers[0].open(f"/office/verification/samples/{sample.pk}/judge/")
        first.press("Cùng một người", note="thấy giống hệt")
        first.press("Cùng một người")

        item = sample.items.select_related("verdict").get(position=1)
        page = officers[1].open(f"/office/verification/samples/{sample.pk}/judge/1/")

        text = page.answer.content.decode()
        assert "Ma Thị L" in page.words
        hidden = [str(words) for words in (*STATUS_WORDS.values(), *FIELD_VERDICT_WORDS.values())]
        main = page.main.decode()
        assert [words for words in hidden if words in main and words != "Khác"] == []
        assert not re.search(r"0[.,]9\d|9\d,\d|62 %|7[.,]25", main)
        for secret in (
            "Máy nghĩ",
            item.stratum,
            "verified",
            "name_differs",
            "similar",
            "thấy giống hệt",
            "probability",
        ):
            assert secret not in text, secret
        assert "Bạn đã nhận định 0 bản ghi" in page.words
        assert world.agency(COMMUNE).unit.name in page.main.get_text(), "a commune by its name, not by a code alone"

    def test_two_people_with_the_keyboard_finish_a_sample_and_see_its_result(
        self, world: World, sample: ReviewSample, officers: list[Browser]
    ) -> None:
        address = f"/office/verification/samples/{sample.pk}/"
        waiting = officers[0].open(address)
        assert "Kết quả chỉ hiện sau khi khép mẫu" in waiting.words
        for officer, words in ((officers[0], "Cùng một người"), (officers[1], "Cùng một người")):
            page = officer.open(address).follow("Nhận định bản ghi tiếp theo")
            keys = [button.get("data-key") for button in page.main.find_all("button", attrs={"name": "judged"})]
            assert keys == ["c", "k", "h"]
            for _number in range(sample.size):
                page = page.press(words)
        assert Judgement.objects.count() == 2 * sample.size

        done = officers[1].open(address).press("Khép mẫu và xem kết quả")

        assert "100,00 % (từ" in done.words
        assert "0 lỗi trong" in done.words
        model = officers[0].open(MODEL)
        assert "kết quả được nhận là đúng, theo người rà soát" in model.words
        assert ReadRecord.objects.filter(subject__startswith="verification-entry:").exists()

    def test_what_two_dispute_comes_to_a_third(self, sample: ReviewSample, officers: list[Browser]) -> None:
        address = f"/office/verification/samples/{sample.pk}/judge/1/"
        officers[0].open(address).press("Cùng một người")
        officers[1].open(address).press("Hai người khác nhau")
        third = officers[2].open(f"/office/verification/samples/{sample.pk}/judge/")

        assert third.path == address
        third.press("Hai người khác nhau")
        assert Judgement.objects.filter(judged=Judged.DIFFERENT).count() == 2

    def test_nobody_judges_twice(self, sample: ReviewSample, officers: list[Browser]) -> None:
        address = f"/office/verification/samples/{sample.pk}/judge/1/"
        page = officers[0].open(address)
        page.press("Cùng một người")

        assert "nhận định đã ghi thì không đổi" in page.press("Hai người khác nhau").notices

    def test_a_sample_is_not_closed_before_its_time(self, sample: ReviewSample, officers: list[Browser]) -> None:
        page = officers[0].send(f"/office/verification/samples/{sample.pk}/close/", {})

        assert "Còn 20 bản ghi chưa đủ nhận định" in page.notices

    @pytest.mark.parametrize("tail", ["", "judge/", "judge/1/"])
    def test_communes_have_no_part_in_it(self, world: World, sample: ReviewSample, tail: str) -> None:
        leader = enter(world.officer(Role.LEADER, COMMUNE))

        assert leader.open(f"/office/verification/samples/{sample.pk}/{tail}").status == 404

    def test_the_screen_asks_few_questions(
        self, sample: ReviewSample, officers: list[Browser], queries_of: Any
    ) -> None:
        assert queries_of(officers[0], f"/office/verification/samples/{sample.pk}/judge/1/") <= 10
        assert queries_of(officers[0], f"/office/verification/samples/{sample.pk}/") <= 12
