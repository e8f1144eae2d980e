"""References to the law are read as people write them and printed one way."""

import pytest

from lienthong.kernel.legal import LegalReference


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("20/2021/NĐ-CP, Điều 4 khoản 2", "20/2021/NĐ-CP, Điều 4 khoản 2"),
        ("Điều 4 khoản 2, 20/2021/NĐ-CP", "20/2021/NĐ-CP, Điều 4 khoản 2"),
        ("điểm đ khoản 1 Điều 5 Nghị định 20/2021/NĐ-CP", "Nghị định 20/2021/NĐ-CP, Điều 5 khoản 1 điểm đ"),
        ("91/2015/QH13, Điều 147", "91/2015/QH13, Điều 147"),
        ("10065/VPCP-KGVX ngày 02/10/2026", "10065/VPCP-KGVX ngày 02/10/2026"),
        ("61/2018/NĐ-CP, Điều 8a khoản 1", "61/2018/NĐ-CP, Điều 8a khoản 1"),
        ("Thông tư 02/2021/TT-BLĐTBXH, điều 2, khoản 3, điểm b", "Thông tư 02/2021/TT-BLĐTBXH, Điều 2 khoản 3 điểm b"),
        (
            "Quyết định của Ủy ban nhân dân tỉnh về thời gian làm việc",
            "Quyết định của Ủy ban nhân dân tỉnh về thời gian làm việc",
        ),
    ],
)
def test_reads_the_parts_in_either_order(text: str, printed: str) -> None:
    reference = LegalReference.parse(text)

    assert str(reference) == printed
    assert LegalReference.parse(printed) == reference


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Điều 4 khoản 2", "số hiệu hoặc tên văn bản"),
        ("20/2021/NĐ-CP, khoản 2", "thiếu điều"),
        ("20/2021/NĐ-CP, Điều 4, Điều 5", "nêu điều hai lần"),
        ("", "số hiệu hoặc tên văn bản"),
    ],
)
def test_says_what_a_reference_lacks(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        LegalReference.parse(text)
