"""What a proposal would do, as the terminal tells it: why, and the months before and after."""

from __future__ import annotations

from typing import Any

from lienthong.assistance.services.previewing import Preview
from lienthong.kernel.money import format_dong
from lienthong.ops.console import say


def preview_as_plain(preview: Preview) -> dict[str, Any]:
    """Give a preview as JSON values, in whole đồng."""
    return {
        "words": preview.words,
        "reasons": list(preview.reasons),
        "months": [
            {
                "benefit": str(one.benefit), "first": f"{span.first:%m/%Y}", "last": f"{span.last:%m/%Y}",
                "before": span.before, "after": span.after,
            }
            for one in preview.benefits
            for span in one.months
        ],
    }  # fmt: skip


def say_preview(preview: Preview) -> None:
    """Print why, and the months before and after."""
    for reason in preview.reasons:
        say(f"  {reason}")
    for one in preview.benefits:
        for span in one.months:
            before, after = ("–" if amount is None else format_dong(amount) for amount in (span.before, span.after))
            say(f"  {one.words}, tháng {span.first:%m/%Y} – {span.last:%m/%Y}: {before} → {after}")
