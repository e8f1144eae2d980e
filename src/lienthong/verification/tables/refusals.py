"""Why a file is not taken: one class for each reason, worded for the person who sent it."""


class TableRefused(ValueError):
    """The file cannot be taken as it is; the sentence says what, where and what to do. Tệp không nhận được."""


class FileMissing(TableRefused):
    """There is no such file, or it cannot be opened."""


class EmptyFile(TableRefused):
    """Nothing is in it, or only a head."""


class NotATable(TableRefused):
    """It is another kind of file: a picture, a PDF, a web page, an archive."""


class DamagedFile(TableRefused):
    """It is a kind that is read, but breaks off or contradicts itself."""


class ProtectedFile(TableRefused):
    """A password locks it."""


class FileTooLarge(TableRefused):
    """It unfolds beyond measure: too many cells, columns, bytes, or one cell without end."""


class SheetMissing(TableRefused):
    """The named sheet is not in the workbook."""


class UnclosedQuote(TableRefused):
    """A quotation mark opens a text that never ends, so nobody knows where the rows are."""


class ColumnsMissing(TableRefused):
    """Columns that the work cannot do without were not found."""


class MappingRefused(TableRefused):
    """The mapping names a column or a field that does not exist, or one twice."""


class RecordIdsRefused(TableRefused):
    """Record ids are doubled or absent, so that a verdict would not say whose it is."""


class ResultRefused(TableRefused):
    """The results cannot be written where they were asked for."""


def reason_of(missing: OSError) -> str:
    """Say in a few words why a file could not be opened."""
    if isinstance(missing, FileNotFoundError):
        return "không có tệp này"
    return "không được phép đọc" if isinstance(missing, PermissionError) else str(missing.strerror)
