"""Why a submission is not taken in: the device keeps its copy, and its user reads the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class SubmissionRefused(Exception):
    """Base of why a submission is not taken in; nothing of it is stored."""


class SubmissionBroken(SubmissionRefused):
    """It cannot be read as a filled form."""


class FormUnknown(SubmissionRefused):
    """It was filled on a form, or a version of one, that this house never published."""

    def __init__(self, form_id: str, version: str) -> None:
        words = (
            _(
                "Máy chủ không có phiếu “%(form)s” phiên bản “%(version)s”. Phiếu vẫn còn trên máy: hãy tải lại danh sách phiếu, "
                "và báo xã, phường nếu vẫn không gửi được."
            )
            if version
            else _(
                "Phần gửi lên của phiếu “%(form)s” không ghi phiên bản phiếu nên chưa được nhận. Phiếu vẫn còn trên máy: hãy cập "
                "nhật ứng dụng khảo sát rồi gửi lại."
            )
        )
        super().__init__(words % {"form": form_id[:60], "version": version[:60]})


class AnswersImpossible(SubmissionRefused):
    """Answers that cannot be; ``problems`` says all of them, with where each stands in the form."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = list(problems)
        told = " ".join(f"({place}) {sentence}" for place, sentence in self.problems[:10])
        super().__init__(
            _(
                "Phiếu có %(count)s chỗ chưa đúng nên chưa được nhận. Phiếu vẫn còn trên máy: hãy mở phiếu, sửa rồi gửi lại."
            )
            % {"count": len(self.problems)}
            + f" {told}"
        )


class SameIdOtherAnswers(SubmissionRefused):
    """The instance was received before, with other words in it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Phiếu này đã được nhận trước đó với nội dung khác. Bản đã nhận được giữ nguyên; nếu cần sửa, hãy khảo sát lại hộ "
                "bằng phiếu mới rồi gửi."
            )
        )


class PhotoRefused(SubmissionRefused):
    """A photo cannot be kept."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} {_('Phiếu chưa được nhận và vẫn còn trên máy.')}")


class NotAPhoto(PhotoRefused):
    """A file that is no picture."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Tệp “%(name)s” không phải ảnh. Hãy chụp lại ảnh trong phiếu rồi gửi lại.") % {"name": name})


class NotAnEnumerator(SubmissionRefused):
    """The sender visits households nowhere on this day."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tài khoản này không còn được phân công khảo sát nên phiếu chưa được nhận. Phiếu vẫn còn trên máy: hãy báo cán bộ "
                "phụ trách của xã, phường."
            )
        )
