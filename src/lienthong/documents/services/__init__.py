"""Verbs on files and printed forms."""

from lienthong.documents.inspection.refusals import FileRefused
from lienthong.documents.services.attach import NothingAttached, attach, detach, move_attachments
from lienthong.documents.services.issue import IssueForm, issue_form
from lienthong.documents.services.store import Upload, store_upload
from lienthong.documents.services.sweep import sweep_orphans

__all__ = [
    "FileRefused",
    "IssueForm",
    "NothingAttached",
    "Upload",
    "attach",
    "detach",
    "issue_form",
    "move_attachments",
    "store_upload",
    "sweep_orphans",
]
