"""A stored file as an answer to a browser, with everything that keeps it from doing more than being read."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse

from lienthong.documents.inspection.kinds import PDF, kind_of_media_type
from lienthong.documents.models import StoredFile
from lienthong.documents.queries import open_content


def file_response(stored_file: StoredFile, *, as_attachment: bool) -> FileResponse:
    """Stream a file. Only PDF, JPEG and PNG are ever shown in the page; everything else is saved.

    Args:
        stored_file: The file; whether the user may have it was asked before.
        as_attachment: Save it even where it could be shown.

    Raises:
        ContentMissing: Its bytes are not in the folder.
    """
    kind = kind_of_media_type(stored_file.media_type)
    shown = kind is not None and kind.shown_in_page and not as_attachment
    response = FileResponse(
        open_content(stored_file),
        as_attachment=not shown,
        filename=stored_file.name,
        content_type=stored_file.media_type,
    )
    return _only_to_be_read(response)


def pdf_response(content: bytes, *, name: str) -> FileResponse:
    """Show a PDF that was made just now and is not kept."""
    return _only_to_be_read(FileResponse(BytesIO(content), filename=name, content_type=PDF.media_type))


def _only_to_be_read(response: FileResponse) -> FileResponse:
    """Forbid the browser to run, load, guess or keep anything."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
