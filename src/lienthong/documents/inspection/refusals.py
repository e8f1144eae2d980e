"""Why a file is not accepted: each refusal says what is wrong, with which file, and what to do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class FileRefused(ValueError):
    """A file is not accepted. Subclasses word the reason; ``name`` is the file's cleaned name."""

    sentence: ClassVar[Any]

    def __init__(self, name: str, **facts: object) -> None:
        super().__init__(name)
        self.name = name
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence) % {"name": self.name, **self.facts}


class FileEmpty(FileRefused):
    """There is nothing in it."""

    sentence = _("Tệp “%(name)s” rỗng. Hãy mở thử tệp trên máy, rồi chọn lại.")


class FileTooLarge(FileRefused):
    """It is heavier than one file may be."""

    sentence = _("Tệp “%(name)s” nặng hơn %(limit)s MB. Hãy chụp hoặc quét lại nhỏ hơn, hoặc tách thành nhiều tệp.")


class KindNotAccepted(FileRefused):
    """It is of no kind that an office can keep."""

    sentence = _("Tệp “%(name)s” thuộc loại chưa nhận được. Hãy gửi một trong các loại: %(kinds)s.")


class NotWhatItsNameSays(FileRefused):
    """Its name promises a kind that its bytes are not."""

    sentence = _(
        "Tệp “%(name)s” có đuôi %(ending)s nhưng nội dung không phải loại đó, có thể tệp đã hỏng. "
        "Hãy mở thử trên máy, lưu lại rồi gửi lại."
    )


class OldOfficeFile(FileRefused):
    """An office file of before 2007, or one locked with a password: both look alike from outside."""

    sentence = _(
        "Tệp “%(name)s” là tệp Office đời cũ hoặc có đặt mật khẩu. "
        "Hãy bỏ mật khẩu và lưu lại thành PDF, DOCX hoặc XLSX, rồi gửi lại."
    )


class FileBroken(FileRefused):
    """It ends too early or contradicts itself."""

    sentence = _("Tệp “%(name)s” bị hỏng hoặc chưa đủ. Hãy mở thử trên máy, lưu hoặc quét lại, rồi gửi lại.")


class FileLocked(FileRefused):
    """It needs a password or forbids what an office must do with it."""

    sentence = _(
        "Tệp “%(name)s” có đặt mật khẩu hoặc hạn chế sử dụng nên nơi nhận không xử lý được. "
        "Hãy bỏ mật khẩu (hoặc in ra một tệp PDF mới), rồi gửi lại."
    )


class ImageTooLarge(FileRefused):
    """A picture of more points than any paper needs."""

    sentence = _(
        "Ảnh “%(name)s” rộng %(width)s × cao %(height)s điểm, quá lớn để mở. Hãy chụp lại ở cỡ thường rồi gửi lại."
    )


class HidesTooMuch(FileRefused):
    """A small file that would unpack to something huge, or packs archives inside archives."""

    sentence = _(
        "Tệp “%(name)s” nén bên trong nhiều hơn mức một tệp văn bản có thể có, nên không được nhận. "
        "Hãy lưu lại thành PDF rồi gửi lại."
    )


class CarriesProgram(FileRefused):
    """An office file with macros."""

    sentence = _(
        "Tệp “%(name)s” có chứa chương trình (macro). Hãy lưu lại thành PDF hoặc tệp không có macro, rồi gửi lại."
    )
