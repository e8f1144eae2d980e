"""What ``./lienthong doctor`` asks of verification: is what the database speaks of still in the folder?"""

from collections.abc import Iterator

from lienthong.verification import store
from lienthong.verification.adapters.local_copy import DIGESTS, INDEX, PEOPLE, PLACES
from lienthong.verification.models import Batch, PopulationCopy
from lienthong.verification.states import BatchState, CopyState


def copies_that_are_gone() -> Iterator[str]:
    """Say which copy of the population data in use is no longer whole in the folder."""
    for copy in PopulationCopy.objects.filter(state=CopyState.READY):
        folder = store.copy_folder(copy.folder)
        gone = [name for name in (PEOPLE, INDEX, PLACES, DIGESTS) if not (folder / name).exists()]
        if gone:
            yield f"Bản sao dữ liệu dân cư đến ngày {copy.as_of:%d/%m/%Y} thiếu {', '.join(gone)}. Hãy nạp lại tệp dân cư."


def batches_whose_files_are_gone() -> Iterator[str]:
    """Say which checked or running batches cannot go on because what they work on is gone."""
    for batch in Batch.objects.filter(state__in=(BatchState.CHECKED, BatchState.RUNNING)).order_by("id"):
        if not store.batch_file(batch.pk, "register.parquet").exists():
            yield f"Đợt {batch.number} không còn tệp để chạy tiếp. Hãy hủy đợt rồi lập lại từ tệp gốc."
