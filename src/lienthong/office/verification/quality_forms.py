"""Forms of the threshold, the sample and the judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.infra.templatetags.formats import number, percent
from lienthong.verification.queries.thresholds import OperatingPoint
from lienthong.verification.services.reviews import DrawSample
from lienthong.verification.services.thresholds import ChooseThreshold
from lienthong.verification.states import Judged


class ThresholdForm(forms.Form):
    """Which threshold, and why."""

    threshold = forms.ChoiceField(label=_("Ngưỡng chấp nhận"))
    reason = forms.NoteField(
        label=_("Lý do"),
        max_length=500,
        help_text=_(
            "Ví dụ: mẫu 400 bản ghi không có lỗi nào trên ngưỡng này; số việc còn lại các xã làm xong trong tháng."
        ),
    )

    def __init__(self, *args: Any, points: Sequence[OperatingPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        for point in points:
            words = _now(
                "%(threshold)s: nhận %(links)s, dự kiến sai %(wrong)s, còn %(left)s kết quả phải có người xem"
            ) % {
                "threshold": threshold_words(point.threshold),
                "links": number(point.links),
                "wrong": wrong_words(point.expected_wrong),
                "left": number(point.left),
            }
            choices.append((f"{point.threshold:g}", words))
        forms.choose_from(self, "threshold", choices)

    def to_command(self, batch_id: int) -> ChooseThreshold:
        """Return what was chosen."""
        given = self.cleaned_data
        return ChooseThreshold(batch_id=batch_id, threshold=float(given["threshold"]), reason=given["reason"])


class SampleForm(forms.Form):
    """How many records are judged, and from which seed."""

    size = forms.LineField(label=_("Cỡ mẫu"), max_length=6, width=5, help_text=_("400 bản ghi thường đủ. Ít nhất 20."))
    seed = forms.LineField(
        label=_("Hạt giống"),
        max_length=9,
        width=10,
        required=False,
        help_text=_("Để trống để máy tự chọn. Ghi lại hạt giống cũ để rút đúng mẫu cũ."),
    )

    def clean_size(self) -> int:
        """Read the size."""
        return self._whole("size", _now("Cỡ mẫu là một số, ví dụ 400."))

    def clean_seed(self) -> int | None:
        """Read the seed, where one is given."""
        return (
            self._whole("seed", _now("Hạt giống là một số, như đã ghi ở mẫu cũ."))
            if self.cleaned_data["seed"]
            else None
        )

    def to_command(self, batch_id: int) -> DrawSample:
        """Return what is to be drawn."""
        return DrawSample(batch_id=batch_id, size=self.cleaned_data["size"], seed=self.cleaned_data["seed"])

    def _whole(self, name: str, sentence: str) -> int:
        text = self.cleaned_data[name].replace(".", "")
        if not (text.isascii() and text.isdigit()):
            raise ValidationError(sentence, code="unreadable")
        return int(text)


class JudgeForm(forms.Form):
    """Same person, or not."""

    judged = forms.ChoiceField(label=_("Nhận định"), choices=Judged.choices)
    note = forms.NoteField(label=_("Ghi chú"), required=False, max_length=500, rows=2)


class PairForm(forms.Form):
    """Which of two records stays, or neither has to go."""

    kept = forms.ChoiceField(label=_("Quyết định"))
    note = forms.NoteField(label=_("Ghi chú"), required=False, max_length=500, rows=2)

    def __init__(self, *args: Any, kept: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "kept", [(one, one) for one in kept])


def threshold_words(threshold: float) -> str:
    """Write a threshold as people read it: 99 %, 99,5 %."""
    digits = f"{threshold * 100:.4f}".rstrip("0").rstrip(".")
    return percent(threshold, len(digits.partition(".")[2]))


def wrong_words(expected: float) -> str:
    """Write how many are expected to be wrong: whole where there are many, with a tenth where there are few."""
    if 0 < expected < 0.05:
        return _now("dưới 0,1")
    return number(round(expected)) if expected >= 10 else f"{expected:.1f}".replace(".", ",")
