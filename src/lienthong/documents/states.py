"""Which forms are printed."""

from enum import StrEnum


class FormCode(StrEnum):
    """The printed forms of the one-stop mechanism, named by what they are: their numbers changed with the circular.

    Biểu mẫu.
    """

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    STOP = "stop"
    CONTROL = "control"
    RESULT_SLIP = "result_slip"
    REGISTER = "register"
