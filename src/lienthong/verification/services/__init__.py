"""Verbs of verification: load copies, make and run batches, exchange files with the police."""

from lienthong.verification.services.batches import (
    BatchRefused,
    ConfirmColumns,
    CreateBatch,
    NoCopyYet,
    NotForYou,
    NothingBefore,
    NothingToRead,
    NotInThisState,
    Overtaken,
    RegisterBusy,
    RunBatch,
    cancel_batch,
    confirm_columns,
    create_batch,
    send_batch,
    start_batch,
)
from lienthong.verification.services.copies import (
    CopyRefused,
    LoadCopy,
    OlderThanTheLast,
    load_population_copy,
    prepare_population_copy,
)
from lienthong.verification.services.exchange import ReturnedAlready, take_in_return, take_return, write_exchange_file
from lienthong.verification.services.reading import check_batch, checked_mapping, findings_of, preview, read_batch
from lienthong.verification.services.running import run_batch

__all__ = [
    "BatchRefused",
    "ConfirmColumns",
    "CopyRefused",
    "CreateBatch",
    "LoadCopy",
    "NoCopyYet",
    "NotForYou",
    "NotInThisState",
    "NothingBefore",
    "NothingToRead",
    "OlderThanTheLast",
    "Overtaken",
    "RegisterBusy",
    "ReturnedAlready",
    "RunBatch",
    "cancel_batch",
    "check_batch",
    "checked_mapping",
    "confirm_columns",
    "create_batch",
    "findings_of",
    "load_population_copy",
    "prepare_population_copy",
    "preview",
    "read_batch",
    "run_batch",
    "send_batch",
    "start_batch",
    "take_in_return",
    "take_return",
    "write_exchange_file",
]
