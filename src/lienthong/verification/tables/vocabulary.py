"""How offices name the columns of their registers, and the names of ours. Tên cột thường gặp."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class TableKind(StrEnum):
    """What a file is for. Loại bảng."""

    REGISTER = "register"
    POPULATION = "population"
    COMMUNES = "communes"


# Ours, each with the words offices use for it, without case, diacritics and punctuation. The generator's own names come
# with them. Of two that fit, the longer one wins.
_PERSON = {
    "full_name": (
        "full name", "ho ten", "ho va ten", "ho ten doi tuong", "ho va ten doi tuong", "ten doi tuong", "ho ten nguoi huong",
        "ho va ten nguoi huong", "ho chu dem va ten", "ho chu dem ten", "ho chu dem va ten khai sinh", "ho ten khai sinh",
        "ho dem va ten", "ho ten dan", "ho va ten thanh vien", "ho ten thanh vien", "ten thanh vien", "ho va ten cong dan",
        "ho ten cong dan", "ho ten nguoi dan", "ho va ten khai sinh", "hoten",
    ),
    "birth_date": (
        "birth date", "ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay thang sinh", "sinh ngay", "ngay nam sinh",
        "ntns", "ngay sinh nam sinh", "ngaysinh", "namsinh", "date of birth", "dob", "ngay thang nam sinh cua doi tuong",
    ),
    "sex": ("sex", "gioi tinh", "gioi", "phai", "nam nu", "gioitinh", "gt"),
    "ethnicity": ("ethnicity", "dan toc", "thanh phan dan toc", "dantoc"),
    "commune_code": (
        "commune code", "ma xa", "xa", "phuong", "xa phuong", "phuong xa", "xa phuong thi tran", "ten xa", "ma phuong xa",
        "ma xa phuong", "ten xa phuong", "ma dvhc", "dvhc", "ma don vi hanh chinh", "don vi hanh chinh", "ma dia ban",
        "xa thi tran", "ten phuong xa", "phuong xa thi tran", "ma dvhc cap xa", "dvhc cap xa", "cap xa", "thuong tru xa",
    ),
    "village": (
        "village", "thon", "xom", "to dan pho", "thon xom", "thon to dan pho", "xom to dan pho", "thon ban", "ban", "ap", "khu",
        "khoi pho", "khu pho", "thon xom to dan pho", "thon ban to dan pho", "tdp", "thon tdp", "xom tdp", "ten thon",
        "ten xom", "thon xom tdp", "thon xom ban", "khu dan cu", "thon xom ban to dan pho",
    ),
    "household_id": (
        "household id", "ho id", "ma ho", "ma so ho", "so ho", "ma ho gia dinh", "ma ho ngheo", "ma ho can ngheo", "maho",
        "ma ho dan cu", "ma so ho gia dinh", "so ho so ho", "stt ho",
    ),
    "relation": (
        "relation", "quan he", "quan he voi chu ho", "qh voi chu ho", "qhch", "moi quan he voi chu ho", "moi quan he",
        "quan he chu ho", "qh chu ho", "quan he trong ho",
    ),
}  # fmt: skip
_NUMBERS = (
    "so cccd", "cccd", "so dinh danh ca nhan", "so dinh danh", "ma dinh danh", "ma dinh danh ca nhan", "so ddcn", "ddcn",
    "so can cuoc", "can cuoc", "so can cuoc cong dan", "can cuoc cong dan", "so the can cuoc", "the can cuoc", "ma so dinh danh",
    "so dinh danh cccd", "cccd ddcn", "so cccd dinh danh", "socccd", "so cc cccd", "cc cccd", "so cccd ma dinh danh",
)  # fmt: skip
_OLD_NUMBERS = (
    "cmnd", "so cmnd", "so cmt", "cmt", "cmtnd", "so cmtnd", "chung minh nhan dan", "so chung minh nhan dan", "socmnd",
    "so chung minh", "cmnd cu", "so cmnd cu", "cmnd 9 so", "so cmnd 9 so", "old number",
)  # fmt: skip
_EITHER_NUMBER = (
    "number", "so giay to", "so cccd cmnd", "so cmnd cccd", "cccd cmnd", "cmnd cccd", "so giay to tuy than", "giay to tuy than",
    "so cmnd cccd ddcn", "cmnd cccd ddcn", "so cmnd the cccd", "so cmnd the can cuoc", "cmt cccd", "cccd cmt",
    "so cmt cccd", "so cmnd so dinh danh", "so cmnd can cuoc cong dan", "so cmnd so cccd", "so cccd so cmnd", "sogiayto",
    "so cmnd cccd dinh danh ca nhan", "cccd cmnd ddcn", "so cccd cmnd ddcn",
)  # fmt: skip
REGISTER_WORDS: Mapping[str, tuple[str, ...]] = {
    "record_id": (
        "record id", "rid", "ma ho so", "ma doi tuong", "id", "ma so doi tuong", "ma dt", "so ho so", "ma ban ghi",
        "ma nguoi huong", "ma thanh vien", "ma so ho so", "ma dinh danh ho so",
    ),
    "list_name": (
        "list name", "danh sach", "loai doi tuong", "nhom doi tuong", "dien doi tuong", "loai danh sach", "dien chinh sach",
        "doi tuong", "loai ho", "phan loai ho", "dien",
    ),
    "number": (*_EITHER_NUMBER, *_NUMBERS),
    "old_number": _OLD_NUMBERS,
    **_PERSON,
    "head_name": (
        "head name", "chu ho", "ho ten chu ho", "ho va ten chu ho", "ten chu ho", "chu ho ho ten", "chu ho ho va ten",
        "dai dien ho", "ho ten dai dien ho", "chuho", "thong tin chu ho ho va ten", "thong tin chu ho ho ten",
    ),
}  # fmt: skip
POPULATION_WORDS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", *_NUMBERS, "so giay to", "so cccd cmnd", "so cmnd cccd"),
    "old_number": _OLD_NUMBERS,
    **_PERSON,
    "is_head": ("is head", "chu ho", "la chu ho", "chuho"),
    "life_status": (
        "life status", "trang thai", "tinh trang", "tinh trang song", "con song", "song chet", "tinh trang cong dan",
        "trang thai cong dan", "trang thai song", "da mat", "tinh trang nhan khau",
    ),
}  # fmt: skip
COMMUNE_WORDS: Mapping[str, tuple[str, ...]] = {
    "old": ("old", "ma cu", "ma xa cu", "ma dvhc cu", "xa cu", "tu", "ma truoc"),
    "new": ("new", "ma moi", "ma xa moi", "ma dvhc moi", "xa moi", "den", "ma sau"),
}
WORDS = {
    TableKind.REGISTER: REGISTER_WORDS,
    TableKind.POPULATION: POPULATION_WORDS,
    TableKind.COMMUNES: COMMUNE_WORDS,
}

# What the work cannot do without; of several in one group, one is enough.
NEEDED: Mapping[TableKind, tuple[tuple[str, ...], ...]] = {
    TableKind.REGISTER: (("full_name",), ("number", "birth_date")),
    TableKind.POPULATION: (("number",), ("full_name",), ("birth_date",)),
    TableKind.COMMUNES: (("old",), ("new",)),
}

# Heads with these words speak of somebody or something else, unless they are a known name as a whole.
OF_OTHERS = (
    "ngay cap", "noi cap", "nguoi giam ho", "nguoi nuoi duong", "nguoi cham soc", "nguoi nhan", "nguoi duoc uy quyen", "uy quyen",
    "cua cha", "cua me", "ho ten cha", "ho ten me", "ho va ten cha", "ho va ten me", "ten cha", "ten me", "vo chong", "quyet dinh",
    "dien thoai", "tai khoan", "ngan hang", "so tien", "muc huong", "he so", "bhyt", "bao hiem", "ngay huong", "thoi diem", "ky nhan",
    "ghi chu", "ngay chet", "ngay mat", "noi sinh", "que quan", "nguoi lap", "can bo",
)  # fmt: skip
# A field never answers to a head with these words: the head of the household has a name and a number too.
NEVER: Mapping[str, tuple[str, ...]] = {
    "full_name": ("chu ho", "dai dien"), "birth_date": ("chu ho",), "number": ("chu ho", "so ho"), "old_number": ("chu ho",),
    "sex": ("chu ho",), "ethnicity": ("chu ho",), "head_name": ("quan he", "cccd", "cmnd", "sinh", "gioi tinh", "dan toc", "so"),
    "is_head": ("quan he", "ten"), "commune_code": ("tinh", "huyen", "cu"), "record_id": ("ho gia dinh",),
    "household_id": ("ngheo da chieu",), "life_status": ("hon nhan", "khuyet tat", "viec lam", "ho so"), "list_name": ("ten", "ma"),
}  # fmt: skip

VIETNAMESE: Mapping[str, str] = {
    "record_id": "mã bản ghi", "list_name": "danh sách", "number": "số định danh (CCCD)", "old_number": "số CMND",
    "full_name": "họ và tên", "birth_date": "ngày sinh", "sex": "giới tính", "ethnicity": "dân tộc",
    "commune_code": "xã, phường", "village": "thôn, tổ dân phố", "household_id": "mã hộ", "head_name": "họ tên chủ hộ",
    "relation": "quan hệ với chủ hộ", "is_head": "là chủ hộ", "life_status": "tình trạng (sống, chết)",
    "old": "mã xã cũ", "new": "mã xã mới",
}  # fmt: skip
