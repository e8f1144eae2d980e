"""An invented population with the name distributions of the province, to measure on. No real person is described."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lienthong.people.services.bulk import (
    HouseholdColumns,
    MembershipColumns,
    NumberColumns,
    PersonColumns,
    Population,
    ResidenceColumns,
)

TODAY = np.datetime64("2026-11-23", "D")
NEVER = np.datetime64("NaT", "D")


def weighted(text: str) -> tuple[list[str], NDArray[np.float64]]:
    """Read "Nguyễn 38 Trần 11" as words with their shares."""
    parts = text.split()
    weights = np.array([float(part) for part in parts[1::2]])
    return [part.replace("_", " ") for part in parts[::2]], weights / weights.sum()


# Two thirds of the people bear surnames of the first line; the second is what Tày, Nùng, Dao and others add.
SURNAMES = weighted(
    "Nguyễn 27 Trần 8 Lê 6.8 Phạm 5 Hoàng 7 Vũ 3 Dương 3 Phan 2.2 Bùi 1.7 Đặng 2.3 Đỗ 1.7 Ngô 1.2 Đào .9 Lý 3 Đoàn .6 Trịnh .5"
    " Nông 2.8 Ma 1.9 Triệu 2.6 Lương 1.6 Hứa .9 Chu .9 Bàn .5 Lường .6 Trương 1.3 Ninh .6 Lưu .9 Tạ .7 Hà 1.2 Đinh .7 Phùng .8"
    " Mai .4 Lâm .8 Đàm .6 Vi .8 La .6 Âu .2 Diệp .5 Ôn .4 Tống .4 Mông .2 Bế .3 Cao .4 Tô .4 Vương .5 Lục .3 Lộc .2 Sầm .1 Mã .3"
)
MIDDLE_MALE = weighted(
    "Văn 36 Đức 7 Quang 5 Minh 5.5 Hữu 3 Ngọc 3.4 Xuân 2.6 Đình 2.8 Thanh 2.6 Công 2 Trọng 1.3 Thế 1.9 Duy 3 Hoàng 3 Quốc 1.6"
    " Anh 2 Tuấn 1.6 Bá .9 Viết .7 Mạnh 1.4 Tiến 1.3 Gia 2.4 Khánh 1.2 Bảo 1.6 Trung 1 Việt 1 Hải 1.2 Nhật .9 Huy .8 Trường .6"
)
MIDDLE_FEMALE = weighted(
    "Thị 57 Thị_Thu 3.3 Thị_Kim 1.6 Thị_Ngọc 2.4 Thị_Thanh 2.5 Thị_Hồng 2.3 Thị_Minh 1.4 Thị_Bích .9 Thị_Mai 1.1 Thị_Phương 1.5"
    " Thanh 1.7 Thu 1.9 Ngọc 2.6 Minh 2.1 Phương 1.7 Khánh 1.6 Bảo 1.4 Hà 1.2 Quỳnh 1.2 Mai .9 Thùy 1.2 Gia .5 Diệu .5 Kim .9"
)
GIVEN_MALE = [
    "Hùng",
    "Dũng",
    "Tuấn",
    "Minh",
    "Anh",
    "Nam",
    "Sơn",
    "Long",
    "Hải",
    "Thắng",
    "Cường",
    "Đức",
    "Quang",
    "Hiếu",
    "Trung",
    "Thành",
    "Tùng",
    "Kiên",
    "Hoàng",
    "Việt",
    "Bình",
    "Hà",
    "Hưng",
    "Huy",
    "Khánh",
    "Linh",
    "Mạnh",
    "Nghĩa",
    "Phong",
    "Phúc",
    "Quân",
    "Quý",
    "Quyết",
    "Sáng",
    "Tài",
    "Tâm",
    "Tân",
    "Thái",
    "Thanh",
    "Thế",
    "Thiện",
    "Thịnh",
    "Thuận",
    "Tiến",
    "Tình",
    "Toàn",
    "Trường",
    "Tú",
    "Tuyên",
    "Vinh",
    "Vũ",
    "Vượng",
    "Xuân",
    "Chiến",
    "Chung",
    "Công",
    "Cảnh",
    "Duy",
    "Dương",
    "Đạt",
    "Định",
    "Đông",
    "Giang",
    "Hào",
    "Hậu",
    "Hiệp",
    "Hòa",
    "Học",
    "Hợp",
    "Huân",
    "Khang",
    "Khoa",
    "Khôi",
    "Lâm",
    "Lập",
    "Lộc",
    "Lợi",
    "Lực",
    "Lương",
    "Luân",
    "Nguyên",
    "Nhân",
    "Nhật",
    "Ninh",
    "Phú",
    "Phương",
    "Quảng",
    "Quốc",
    "Quyền",
    "Sinh",
    "Sỹ",
    "Thọ",
    "Thông",
    "Thức",
    "Trí",
    "Trọng",
    "Tường",
    "Văn",
]
GIVEN_FEMALE = [
    "Hương",
    "Hoa",
    "Lan",
    "Hằng",
    "Hà",
    "Thủy",
    "Thu",
    "Nga",
    "Linh",
    "Trang",
    "Huyền",
    "Ngọc",
    "Mai",
    "Phương",
    "Hạnh",
    "Hiền",
    "Yến",
    "Dung",
    "Loan",
    "Hồng",
    "Hường",
    "Thảo",
    "Oanh",
    "Nhung",
    "Liên",
    "Vân",
    "Tuyết",
    "Thanh",
    "Bình",
    "Lý",
    "Lụa",
    "Thơm",
    "Xuân",
    "Hòa",
    "Hải",
    "Minh",
    "Anh",
    "Châm",
    "Chi",
    "Chinh",
    "Cúc",
    "Diệp",
    "Dịu",
    "Duyên",
    "Đào",
    "Giang",
    "Hậu",
    "Hân",
    "Hoài",
    "Huế",
    "Huệ",
    "Khánh",
    "Khuyên",
    "Kiều",
    "Kim",
    "Lâm",
    "Lành",
    "Lệ",
    "Lê",
    "Liễu",
    "Lợi",
    "Lương",
    "Luyến",
    "Ly",
    "Mùi",
    "Mến",
    "My",
    "Mỹ",
    "Na",
    "Ngà",
    "Ngân",
    "Nghĩa",
    "Nguyệt",
    "Nhàn",
    "Nhâm",
    "Nhi",
    "Như",
    "Nụ",
    "Phúc",
    "Phượng",
    "Quế",
    "Quyên",
    "Quỳnh",
    "Sen",
    "Sinh",
    "Tâm",
    "Tân",
    "Thắm",
    "Thêm",
    "Thi",
    "Thìn",
    "Thoa",
    "Thơ",
    "Thúy",
    "Thư",
    "Thương",
    "Tình",
    "Trà",
    "Trâm",
    "Trinh",
    "Tú",
    "Tuyền",
    "Uyên",
]
ETHNIC_GROUPS = weighted("Kinh 70 Tày 12 Nùng 7 Sán_Dìu 4.3 Sán_Chay 3 Dao 2.4 Hmông .9 Hoa .4")
PROVINCES = weighted("019 .86 006 .04 004 .02 020 .02 001 .02 024 .02 034 .02")
MOST_COMMON_BY = 9.0  # how flat the popularity of given names begins


def invent_population(count: int, *, communes: Sequence[int], since: str, seed: int = 1) -> Population:
    """Invent about ``count`` people in households.

    Args:
        count: How many people.
        communes: Ids of the communes they live in.
        since: First day on which those communes exist, as an ISO day.
        seed: The same seed gives the same people.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.choice(np.arange(1, 8), int(count / 3.4) + 8, p=[0.10, 0.18, 0.22, 0.27, 0.13, 0.07, 0.03])
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), count)) + 1]
    household = np.repeat(np.arange(len(sizes)), sizes)[:count]
    is_head = np.r_[True, household[1:] != household[:-1]]
    shares = rng.lognormal(0, 0.55, len(communes))
    commune = np.sort(rng.choice(np.array(communes), len(sizes), p=shares / shares.sum()))
    female = rng.random(count) < 0.495
    birth = TODAY - np.clip(rng.gamma(3.1, 11.5, count) * 365, 30, 103 * 365).astype("timedelta64[D]")
    birth = np.where(is_head, np.minimum(birth, TODAY - np.timedelta64(19 * 365, "D")), birth)
    year_only = rng.random(count) < 0.006
    birth = np.where(year_only, birth.astype("datetime64[Y]").astype("datetime64[D]"), birth)
    numbers, has_old = _numbers(rng, birth, female), (birth < np.datetime64("2006-01-01")) & (rng.random(count) < 0.85)
    old = np.char.zfill((rng.permutation(4 * count)[:count] + 80_000_000).astype(str), 9)
    everyone, holders = np.arange(count), np.flatnonzero(has_old)
    start = np.maximum(np.datetime64(since, "D"), birth)
    return Population(
        people=PersonColumns(
            full_name=_names(rng, household, female),
            sex=np.where(female, "female", "male").tolist(),
            birth_on=birth,
            birth_precision=np.where(year_only, "year", "day").tolist(),
            ethnicity=np.array(ETHNIC_GROUPS[0])[rng.choice(len(ETHNIC_GROUPS[0]), len(sizes), p=ETHNIC_GROUPS[1])][
                household
            ].tolist(),
            died_on=np.full(count, NEVER),
            phone=[""] * count,
        ),
        numbers=NumberColumns(
            person=np.r_[everyone, holders],
            kind=["personal_id"] * count + ["old_id_card"] * len(holders),
            number=[*numbers.tolist(), *old[holders].tolist()],
            issued_on=np.full(count + len(holders), NEVER),
            issued_by=[""] * (count + len(holders)),
            valid_from=np.r_[np.maximum(birth, np.datetime64("2016-01-01")), birth[holders] + 16 * 365],
            valid_until=np.r_[np.full(count, NEVER), np.full(len(holders), np.datetime64("2025-01-01"))],
        ),
        residences=ResidenceColumns(
            person=everyone,
            kind=["permanent"] * count,
            unit=commune[household],
            hamlet=[f"Xóm {number}" for number in (household % 17 + 1).tolist()],
            address=[""] * count,
            valid_from=start,
            valid_until=np.full(count, NEVER),
            source=[""] * count,
        ),
        households=HouseholdColumns(
            code=[f"HG{number:08d}" for number in range(len(sizes))],
            unit=commune,
            hamlet=[f"Xóm {number % 17 + 1}" for number in range(len(sizes))],
            valid_from=np.full(len(sizes), np.datetime64(since, "D")),
            valid_until=np.full(len(sizes), NEVER),
        ),
        memberships=MembershipColumns(
            household=household,
            person=everyone,
            relation=np.where(is_head, "head", "child").tolist(),
            valid_from=start,
            valid_until=np.full(count, NEVER),
        ),
    )


def _names(rng: np.random.Generator, household: NDArray[np.int64], female: NDArray[np.bool_]) -> list[str]:
    count = len(household)
    families = rng.choice(len(SURNAMES[0]), household[-1] + 1, p=SURNAMES[1])
    own = rng.choice(len(SURNAMES[0]), count, p=SURNAMES[1])
    surname = np.array(SURNAMES[0], dtype=object)[np.where(rng.random(count) < 0.7, families[household], own)]
    middle = _pick(rng, MIDDLE_MALE, MIDDLE_FEMALE, female)
    given = _pick(rng, _popular(GIVEN_MALE), _popular(GIVEN_FEMALE), female)
    # One in six has a second given name from the other list: that is what makes most names rare.
    second = _pick(rng, _popular(GIVEN_FEMALE), _popular(GIVEN_MALE), female)
    has_second = rng.random(count) < 0.16
    return [
        f"{family} {mid} {extra} {name}" if longer else f"{family} {mid} {name}"
        for family, mid, extra, name, longer in zip(surname, middle, second, given, has_second, strict=True)
    ]


def _popular(names: list[str]) -> tuple[list[str], NDArray[np.float64]]:
    weights = 1 / (np.arange(len(names)) + MOST_COMMON_BY) ** 0.82
    return names, weights / weights.sum()


def _pick(
    rng: np.random.Generator,
    male: tuple[list[str], NDArray[np.float64]],
    female: tuple[list[str], NDArray[np.float64]],
    is_female: NDArray[np.bool_],
) -> NDArray[np.object_]:
    count = len(is_female)
    men = np.array(male[0], dtype=object)[rng.choice(len(male[0]), count, p=male[1])]
    women = np.array(female[0], dtype=object)[rng.choice(len(female[0]), count, p=female[1])]
    return np.where(is_female, women, men)


def _numbers(rng: np.random.Generator, birth: NDArray[np.datetime64], female: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Give each person a personal identity number of their own: province, century and sex, year, and a free tail."""
    years = birth.astype("datetime64[Y]").astype(int) + 1970
    province = np.array(PROVINCES[0])[rng.choice(len(PROVINCES[0]), len(birth), p=PROVINCES[1])]
    heads = np.char.add(province, (female + np.where(years >= 2000, 2, 0)).astype(str))
    heads = np.char.add(heads, np.char.zfill((years % 100).astype(str), 2))
    tails = rng.permutation(1_000_000)
    _, place, counts = np.unique(heads, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(birth), dtype=np.int64)
    rank[order] = np.arange(len(birth)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.char.add(heads, np.char.zfill(tails[rank].astype(str), 6))
