"""Whether the holder that a bank tells is the person."""

import pytest

from lienthong.payments.holder_names import check_holder
from lienthong.payments.states import NameCheck


@pytest.mark.parametrize(
    ("holder", "person", "check"),
    [
        ("NGUYEN THI NGOC Y", "Nguyễn Thị Ngọc Ỷ", NameCheck.SAME),
        ("NGUYỄN THỊ NGỌC Ỷ", "Nguyễn Thị Ngọc Ỷ", NameCheck.SAME),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", NameCheck.SAME),
        ("HOANG VAN DOAN", "Hoàng Văn Đoàn", NameCheck.SAME),
        ("H MONG THI SUA", "H'Mông Thị Sủa", NameCheck.SAME),
        ("  nguyen   thi hoa ", "Nguyễn Thị Hòa", NameCheck.SAME),
        ("Nguyễn Thị Hóa", "Nguyễn Thị Hòa", NameCheck.SIMILAR),
        ("NGUYEN THI HOAN", "Nguyễn Thị Hoa", NameCheck.SIMILAR),
        ("THI HOA NGUYEN", "Nguyễn Thị Hoa", NameCheck.SIMILAR),
        ("NGUYEN HOA", "Nguyễn Thị Hoa", NameCheck.SIMILAR),
        ("NGUYEN THI NGOC HOA", "Nguyễn Thị Hoa", NameCheck.SIMILAR),
        ("HOA", "Nguyễn Thị Hoa", NameCheck.DIFFERENT),
        ("NGUYEN THI LAN", "Nguyễn Thị Hoa", NameCheck.DIFFERENT),
        ("TRAN THI HOA", "Nguyễn Thị Hoa", NameCheck.DIFFERENT),
        ("CONG TY CHE TAN CUONG", "Nguyễn Thị Hoa", NameCheck.DIFFERENT),
        ("", "Nguyễn Thị Hoa", NameCheck.UNKNOWN),
        (" . ", "Nguyễn Thị Hoa", NameCheck.UNKNOWN),
    ],
)
def test_a_name_is_the_same_a_little_off_or_another(holder: str, person: str, check: NameCheck) -> None:
    assert check_holder(holder, person) is check
