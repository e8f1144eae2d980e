"""A file in a browser is read, and does nothing else."""

from urllib.parse import unquote

import pytest
from django.http import FileResponse

from lienthong.documents import vault
from lienthong.documents.models import StoredFile
from lienthong.documents.serve import file_response, pdf_response
from tests.documents import specimens
from tests.documents.specimens import stored

pytestmark = pytest.mark.django_db
NAME = 'Đơn "xin" của Ỷ; 😀.pdf'


def body(response: FileResponse) -> bytes:
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    response.close()
    return content


def test_streams_the_bytes_with_their_kind_and_length() -> None:
    content = specimens.pdf()

    response = file_response(stored(content), as_attachment=False)

    assert response.streaming
    assert (response["Content-Type"], response["Content-Length"]) == ("application/pdf", str(len(content)))
    assert body(response) == content


def test_cannot_run_load_or_be_cached() -> None:
    response = file_response(stored(), as_attachment=False)

    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-store"
    response.close()


@pytest.mark.parametrize("as_attachment", [True, False])
def test_carries_its_vietnamese_name(as_attachment: bool) -> None:
    response = file_response(stored(name=NAME), as_attachment=as_attachment)

    way, _, encoded = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert way == ("attachment" if as_attachment else "inline")
    assert unquote(encoded) == NAME
    assert response["Content-Disposition"].isascii()
    response.close()


@pytest.mark.parametrize(
    ("content", "way"),
    [
        (specimens.pdf(), "inline"),
        (specimens.png(), "inline"),
        (specimens.jpeg(), "inline"),
        (specimens.tiff((40, 30)), "attachment"),
        (specimens.heic(), "attachment"),
        (specimens.docx(), "attachment"),
        (specimens.xlsx(), "attachment"),
    ],
    ids=["PDF", "PNG", "JPEG", "TIFF", "HEIC", "DOCX", "XLSX"],
)
def test_shows_only_what_a_browser_shows_safely(content: bytes, way: str) -> None:
    response = file_response(stored(content, "tệp"), as_attachment=False)

    assert response["Content-Disposition"].startswith(f"{way};")
    response.close()


def test_never_shows_a_kind_that_was_put_into_the_table_by_hand() -> None:
    file = stored()
    StoredFile.objects.filter(pk=file.pk).update(media_type="text/html")
    file.refresh_from_db()

    response = file_response(file, as_attachment=False)

    assert response["Content-Disposition"].startswith("attachment;")
    response.close()


def test_a_paper_made_just_now_is_shown_under_the_same_rules() -> None:
    content = specimens.pdf()

    response = pdf_response(content, name="Phiếu.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert body(response) == content


def test_says_so_when_the_bytes_are_gone() -> None:
    file = stored()
    vault.path_of(file.sha256).unlink()

    with pytest.raises(vault.ContentMissing, match="quản trị viên"):
        file_response(file, as_attachment=False)
