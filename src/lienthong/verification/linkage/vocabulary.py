"""The words of a verdict: fields, how each compares, and the status an officer reads."""

from enum import StrEnum


class Field(StrEnum):
    """What is compared. Trường thông tin."""

    NUMBER = "number"
    OLD_NUMBER = "old_number"
    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    COMMUNE = "commune"
    HEAD = "head"


FIELD_WORDS = {
    Field.NUMBER: "số định danh", Field.OLD_NUMBER: "số cũ", Field.NAME: "họ tên", Field.BIRTH: "ngày sinh",
    Field.SEX: "giới tính", Field.ETHNICITY: "dân tộc", Field.COMMUNE: "xã", Field.HEAD: "chủ hộ",
}  # fmt: skip


class FieldVerdict(StrEnum):
    """How one field of a record compares with the population. Kết quả so từng trường."""

    EQUAL = "equal"
    EQUAL_NORMALISED = "equal_normalised"
    SIMILAR = "similar"
    DIFFERENT = "different"
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"


class Status(StrEnum):
    """The one thing about a record that an officer does first; the rest are tags. Kết quả xác thực.

    In the order of urgency: of several that hold, the first is the status.
    """

    DEAD = "dead"
    DUPLICATE = "duplicate"
    NUMBER_OF_ANOTHER = "number_of_another"
    NAME_DIFFERS = "name_differs"
    BIRTH_DIFFERS = "birth_differs"
    SEX_DIFFERS = "sex_differs"
    NUMBER_WRONG = "number_wrong"
    NUMBER_MISSING = "number_missing"
    ETHNICITY_DIFFERS = "ethnicity_differs"
    MOVED = "moved"
    VERIFIED = "verified"
    SEVERAL_CANDIDATES = "several_candidates"
    NOT_FOUND = "not_found"


class MinistryStatus(StrEnum):
    """The six statuses of the ministry's own system. Trạng thái rà soát mã định danh dân cư."""

    NOT_SENT = "NOT_SENT"
    PENDING = "PENDING"
    VERIFIED = "VERIFIED"
    MISMATCH = "MISMATCH"
    NOT_FOUND = "NOT_FOUND"
    NO_ID = "NO_ID"


# What a returned record is in the ministry's words. A record without a number stays "Không có CCCD" there, even where
# the engine found the person: the number is still to be written into the register.
MINISTRY_STATUS = {
    Status.DEAD: MinistryStatus.VERIFIED,
    Status.DUPLICATE: MinistryStatus.VERIFIED,
    Status.NUMBER_OF_ANOTHER: MinistryStatus.NOT_FOUND,
    Status.NAME_DIFFERS: MinistryStatus.MISMATCH,
    Status.BIRTH_DIFFERS: MinistryStatus.MISMATCH,
    Status.SEX_DIFFERS: MinistryStatus.MISMATCH,
    Status.NUMBER_WRONG: MinistryStatus.NOT_FOUND,
    Status.NUMBER_MISSING: MinistryStatus.NO_ID,
    Status.ETHNICITY_DIFFERS: MinistryStatus.MISMATCH,
    Status.MOVED: MinistryStatus.VERIFIED,
    Status.VERIFIED: MinistryStatus.VERIFIED,
    Status.SEVERAL_CANDIDATES: MinistryStatus.NOT_FOUND,
    Status.NOT_FOUND: MinistryStatus.NOT_FOUND,
}
