"""A draft as it lies before an editor: what it says, what is wrong with it, and one way to put a change back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.checks import check_version
from lienthong.catalogue.definition import VersionData
from lienthong.catalogue.findings import Finding, Part, Severity
from lienthong.catalogue.states import VersionStatus
from lienthong.infra.http import HouseRequest
from lienthong.office.catalogue.access import keeps_field


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """One draft, opened by somebody who keeps its field."""

    version: Any
    data: VersionData
    findings: tuple[Finding, ...]

    @property
    def code(self) -> str:
        """Code of the procedure."""
        code: str = self.version.procedure.code
        return code

    def findings_of(self, part: Part, severity: Severity | None = None) -> list[Finding]:
        """Return what is to be said about one part."""
        return [one for one in self.findings if one.part is part and severity in {None, one.severity}]

    @property
    def errors(self) -> int:
        """How many things stand in the way of publishing."""
        return sum(one.severity is Severity.ERROR for one in self.findings)

    @property
    def warnings(self) -> int:
        """How many things are worth a second look."""
        return len(self.findings) - self.errors


def open_draft(request: HouseRequest, version_id: int) -> OpenDraft:
    """Return a draft of a field that the reader keeps.

    Raises:
        NoSuchProcedure: There is none, it was published meanwhile, or its field is kept by others.
    """
    version = catalogue.get_version(version_id)
    kept = keeps_field(request.user, version.procedure.field.code, on=request.today)
    # A form that was open while somebody published is answered by the service's own refusal.
    if not kept or (version.status != VersionStatus.DRAFT and request.method != "POST"):
        raise catalogue.NoSuchProcedure
    data = catalogue.data_of(version)
    return OpenDraft(version, data, check_version(data))


def put_back(request: HouseRequest, draft: OpenDraft, data: VersionData) -> None:
    """Let the draft say something else, if nobody changed it since this page was opened.

    Raises:
        DraftRefused: It cannot; worded for people.
    """
    seen = request.POST.get("revision", "")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    command = services.EditDraft(version_id=draft.version.pk, revision=revision, data=data)
    services.edit_draft(command, actor_id=request.user.pk, now=request.received_at)
