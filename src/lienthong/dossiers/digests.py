"""A digest of what an applicant asked for, kept in the facts, so that the row cannot come to say something else unseen.

The log holds no names, answers or addresses, only this sum over them: it can be read for ever without exposing anybody.
The tracking secret goes into the sum, so that nobody finds a name by trying names.
"""

import hashlib
from collections.abc import Iterable

from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.infra.events import canonical

# What the applicant wrote, and whose request it is.
REQUEST_COLUMNS = (
    "person_id", "organization_id", "applicant_name", "applicant_number", "applicant_phone", "applicant_email",
    "applicant_address", "representative_name", "summary", "answers", "return_way", "return_address", "unit_id",
)  # fmt: skip
ITEM_COLUMNS = ("number", "name", "originals", "certified_copies", "copies", "is_given", "is_not_applicable")


def appraisal_digest(dossier: Dossier) -> str:
    """Return the SHA-256 of what officers established of a dossier, as 64 hexadecimal digits.

    Mã băm kết quả thẩm định.
    """
    text = canonical({"appraisal": dossier.appraisal, "secret": dossier.secret})
    return hashlib.sha256(text.encode()).hexdigest()


def request_digest(dossier: Dossier, items: Iterable[SubmittedItem]) -> str:
    """Return the SHA-256 of a request with its checklist, as 64 hexadecimal digits.

    Mã băm nội dung yêu cầu.

    Args:
        dossier: The row with what the applicant wrote.
        items: Every line of its checklist, as it was handed in.
    """
    asked = {name: dossier.__dict__[name] for name in REQUEST_COLUMNS}
    papers = [[row.__dict__[name] for name in ITEM_COLUMNS] for row in sorted(items, key=lambda row: row.number)]
    text = canonical({**asked, "items": papers, "secret": dossier.secret})
    return hashlib.sha256(text.encode()).hexdigest()
