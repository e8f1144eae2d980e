"""A points table for the tests of forms: the figures of 2016-2020 for this region, and one question that has to be asked."""

from lienthong.rules.poverty.points import Feature, Kind, Level, PointsTable

REGION = "northern_midlands_mountains"
_NUMBERS = {
    "household_size": ("Số nhân khẩu", ((1, 1, 75, 80), (2, 2, 65, 55), (3, 3, 50, 40), (4, 4, 30, 25), (5, 5, 20, 20), (6, 6, 10, 10), (7, None, 0, 0))),
    "dependants": ("Số người phụ thuộc", ((0, 0, 10, 15), (1, 1, 5, 5), (2, None, 0, 0))),
    "pensioners": ("Số người có lương hưu", ((0, 0, 0, 0), (1, 1, 30, 5), (2, None, 50, 15))),
}  # fmt: skip
_CHOICES = {
    "highest_qualification": ("Bằng cấp cao nhất", (("college", 15, 15), ("vocational", 10, 0), ("upper_secondary", 0, 0), ("lower", 0, 0))),
    "best_job": ("Việc làm phi nông nghiệp", (("public", 45, 10), ("non_farm", 25, 5), ("none", 0, 0))),
    "wall": ("Tường", (("durable", 5, 10), ("not_durable", 0, 0))),
    "pillar": ("Cột", (("durable", 5, 0), ("not_durable", 0, 0))),
}  # fmt: skip
_ASKED = {"motorbike": ("Hộ có xe máy không?", (("two_or_more", 20, 10), ("one", 10, 5), ("none", 0, 0)))}


def _choices(levels: tuple[tuple[str, int, int], ...]) -> tuple[Level, ...]:
    return tuple(Level(code=code, label=code, points={REGION: rural, "urban": urban}) for code, rural, urban in levels)


OLD_TABLE = PointsTable(
    version="2016-2020",
    columns=(REGION, "urban"),
    is_superseded=True,
    features=(
        *(
            Feature(
                code=code,
                label=label,
                kind=Kind.DERIVED,
                levels=tuple(
                    Level(
                        code=str(least),
                        label=f"{least} người" if least == most else f"từ {least} người",
                        minimum=least,
                        maximum=most,
                        points={REGION: rural, "urban": urban},
                    )
                    for least, most, rural, urban in levels
                ),
            )
            for code, (label, levels) in _NUMBERS.items()
        ),
        *(
            Feature(code=code, label=label, kind=Kind.DERIVED, levels=_choices(levels))
            for code, (label, levels) in _CHOICES.items()
        ),
        *(
            Feature(code=code, label=label, kind=Kind.ASKED, levels=_choices(levels))
            for code, (label, levels) in _ASKED.items()
        ),
    ),
)
