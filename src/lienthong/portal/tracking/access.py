"""Who may open a dossier here: its applicant by account, or this browser for a while after it proved the secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lienthong.accounts.policies import is_applicant
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.queries import DossierNotFound
from lienthong.dossiers.states import DossierState
from lienthong.infra.http import HouseRequest
from lienthong.infra.throttle import Limit, begin_try, succeeded

TRACKED = "tracked"
MOST_REMEMBERED = 20
REMEMBERED_FOR = timedelta(hours=1)
GUESSES = Limit(tries=10, within=timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Opened:
    """A dossier with the right by which it is open: an account, or the secret that this browser has proved."""

    dossier: Any
    user: Any
    secret: str

    @property
    def is_by_secret(self) -> bool:
        """Whether nobody's account opened it."""
        return self.user is None


def open_dossier(request: HouseRequest, public_id: UUID) -> Opened:
    """Open a dossier for its applicant, or for a browser that has proved its secret within the hour.

    Raises:
        DossierNotFound: It does not exist, or nothing here gives a right to it; both look the same.
    """
    if is_applicant(request.user):
        try:
            dossier = dossiers.get_dossier(public_id, user=request.user, now=request.received_at)
        except DossierNotFound:
            pass
        else:
            return _sent(Opened(dossier, request.user, ""))
    secret = _remembered(request).get(str(public_id))
    if secret is None:
        raise DossierNotFound
    return _sent(Opened(dossiers.get_tracked_by_id(public_id, secret), None, secret))


def prove_by_number(request: HouseRequest, *, code: str, secret: str) -> UUID:
    """Open a dossier by its number and its secret, and remember it in this browser.

    Raises:
        DossierNotFound: The number is unknown or the secret is not its; both look the same.
        TooManyTries: There were too many wrong tries from here, or for this number.
    """
    tries = begin_try(_keys(request, code.strip().upper()[:60]), limit=GUESSES, now=request.received_at)
    dossier = dossiers.get_tracked(code, secret)
    return _remember(request, dossier, secret, tries)


def prove_by_address(request: HouseRequest, public_id: UUID, *, secret: str) -> UUID:
    """Open a dossier by the address that the QR code of the receipt holds, and its secret.

    Raises:
        DossierNotFound: There is no such dossier or the secret is not its; both look the same.
        TooManyTries: There were too many wrong tries from here, or for this dossier.
    """
    tries = begin_try(_keys(request, str(public_id)), limit=GUESSES, now=request.received_at)
    dossier = dossiers.get_tracked_by_id(public_id, secret)
    return _remember(request, dossier, secret, tries)


def forget(request: HouseRequest, public_id: UUID) -> None:
    """Let this browser forget a dossier, as on a computer that others use too."""
    kept = request.session.get(TRACKED, {})
    if kept.pop(str(public_id), None) is not None:
        request.session[TRACKED] = kept


def _keys(request: HouseRequest, aimed_at: str) -> list[str]:
    return [f"track-from:{request.META.get('REMOTE_ADDR', '')}", f"track:{aimed_at}"]


def _sent(opened: Opened) -> Opened:
    if opened.dossier.state == DossierState.DRAFT:
        raise DossierNotFound
    return opened


def _remember(request: HouseRequest, dossier: Any, secret: str, tries: list[int]) -> UUID:
    if dossier.state == DossierState.DRAFT:
        raise DossierNotFound
    succeeded(tries)
    kept = {key: value for key, value in request.session.get(TRACKED, {}).items() if key != str(dossier.public_id)}
    newest = dict(list(kept.items())[-(MOST_REMEMBERED - 1) :])
    request.session[TRACKED] = {**newest, str(dossier.public_id): [secret, request.received_at.isoformat()]}
    return UUID(str(dossier.public_id))


def _remembered(request: HouseRequest) -> dict[str, str]:
    """Return the secrets that this browser has proved and that still count, by dossier."""
    since = request.received_at - REMEMBERED_FOR
    return {
        public_id: secret
        for public_id, (secret, at) in request.session.get(TRACKED, {}).items()
        if datetime.fromisoformat(at) > since
    }
