"""Who may open a dossier here: its applicant by account, or this browser for a while after it proved the secret.

Wrong secrets are counted by the network they come from, never by the dossier alone: else a stranger who knows a number
could keep the holder of its secret out by guessing. From one network ten may fail for one dossier and forty in all
within a quarter of an hour, enough for an office or a village behind one address; other networks do not notice.

Guessing stays hopeless, for a secret is one of 31⁸ ≈ 8.5 · 10¹¹. One network makes 40 · 96 ≈ 3 800 tries a day, and has
after a year a chance of 1 to 600 000. A thousand networks together reach 1.4 · 10⁹ tries a year: 1 to 600 for one hit
anywhere. For one dossier they have a quarter of that, 1 to 2 400. Whoever has more networks than that meets what the
house can answer: at 200 tries a second, all day and night, a year gives 6.3 · 10⁹, a chance of 1 to 135.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
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
GUESSES_FROM_A_NETWORK = Limit(tries=40, within=timedelta(minutes=15))
GUESSES_FROM_IT_AT_A_DOSSIER = Limit(tries=10, within=timedelta(minutes=15))


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
        TooManyTries: There were too many wrong tries from here, for this number or in all.
    """
    tries = begin_try(_limits(request, code.strip().upper()[:60]), now=request.received_at)
    dossier = dossiers.get_tracked(code, secret)
    return _remember(request, dossier, secret, tries)


def prove_by_address(request: HouseRequest, public_id: UUID, *, secret: str) -> UUID:
    """Open a dossier by the address that the QR code of the receipt holds, and its secret.

    Raises:
        DossierNotFound: There is no such dossier or the secret is not its; both look the same.
        TooManyTries: There were too many wrong tries from here, for this dossier or in all.
    """
    tries = begin_try(_limits(request, str(public_id)), now=request.received_at)
    dossier = dossiers.get_tracked_by_id(public_id, secret)
    return _remember(request, dossier, secret, tries)


def forget(request: HouseRequest, public_id: UUID) -> None:
    """Let this browser forget a dossier, as on a computer that others use too."""
    kept = request.session.get(TRACKED, {})
    if kept.pop(str(public_id), None) is not None:
        request.session[TRACKED] = kept


def _limits(request: HouseRequest, aimed_at: str) -> dict[str, Limit]:
    network = network_of(request)
    return {
        f"track-from:{network}": GUESSES_FROM_A_NETWORK,
        f"track-from:{network}:{aimed_at}": GUESSES_FROM_IT_AT_A_DOSSIER,
    }


def network_of(request: HouseRequest) -> str:
    """Return where a request comes from as it is counted: of IPv6 the first half, for everybody there has 2⁶⁴ of the second."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        read = ip_address(address)
    except ValueError:
        return address[:60]
    return str(ip_network((read, 64), strict=False)) if read.version == 6 else address


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
