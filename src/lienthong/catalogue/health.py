"""What ``./lienthong doctor`` asks of the catalogue: does every published version still say what was published?"""

from collections.abc import Iterator

from lienthong.catalogue.digests import version_digest
from lienthong.catalogue.events import CATALOGUE, CatalogueLoaded, VersionPublished, stream_of
from lienthong.catalogue.models import Procedure, ProcedureVersion
from lienthong.catalogue.queries.versions import data_of, with_parts
from lienthong.catalogue.states import VersionStatus
from lienthong.infra.events import events_of
from lienthong.infra.health import register_check
from lienthong.infra.models import Event
from lienthong.kernel.days import format_day

_AT_ONCE = 200


def versions_not_as_published() -> Iterator[str]:
    """Name the versions that say something else than when they were published, were never published, or are gone."""
    told, there = _digests_told(), set[str]()
    versions = with_parts(ProcedureVersion.objects.exclude(status=VersionStatus.DRAFT)).order_by("pk")
    for version in versions.iterator(chunk_size=_AT_ONCE):
        what = f"{version.procedure.code}, phiên bản {version.number}, từ {format_day(version.valid_from)}"
        key = f"{version.procedure.code} {version.valid_from.isoformat()}"
        there.add(key)
        digests = told.get(key)
        if digests is None:
            yield f"{what}: không ai công bố theo nhật ký"
        elif "" not in digests and version_digest(data_of(version)) not in digests:
            yield f"{what}: nội dung khác với khi công bố. Hãy khôi phục từ bản sao lưu."
    for key in sorted(set(told) - there):
        yield f"{key}: nhật ký còn, trong danh mục không còn phiên bản này"


def _digests_told() -> dict[str, set[str]]:
    """Return the digests of each published version by its procedure and first day.

    A day may have been published twice, when the first was withdrawn before it began: either is as it was told. An empty digest is that of a version published before digests were kept.
    """
    told: dict[str, set[str]] = {}
    for event in events_of(CATALOGUE):
        if event.name == CatalogueLoaded.__name__:
            for key, digest in event.payload.get("versions", {}).items():
                told.setdefault(key, set()).add(digest)
    streams = {stream_of(code): code for code in Procedure.objects.order_by("code").values_list("code", flat=True)}
    for event in Event.objects.filter(stream__in=streams, name=VersionPublished.__name__).order_by("pk"):
        key = f"{streams[event.stream]} {event.payload['valid_from']}"
        told.setdefault(key, set()).add(event.payload.get("digest", ""))
    return told


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Mỗi phiên bản thủ tục đúng như khi công bố", versions_not_as_published)
