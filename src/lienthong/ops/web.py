"""The web server: granian over Django's WSGI application, which is loaded once and shared by the workers."""

import signal
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lienthong.infra import loading
from lienthong.infra.postgres.supervisor import end_with_parent

THREADS = 4


def main(host: str, port: int, workers: int) -> None:
    """Serve until stopped."""
    with loading.for_good():  # every page of the house, once, before the workers part
        application = get_wsgi_application()
        assert get_resolver().url_patterns
    die_with_us = end_with_parent(signal.SIGTERM)

    def application_of_worker(*_: Any) -> Any:
        if die_with_us:
            die_with_us()
        return application

    Granian(
        target="lienthong.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve(target_loader=application_of_worker)
