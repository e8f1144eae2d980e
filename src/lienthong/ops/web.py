"""The web server: granian over Django's WSGI application, which is loaded once and shared by the workers.

Run as ``python -m lienthong.ops.web HOST PORT WORKERS THREADS``.
"""

import os
import signal
import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lienthong.infra.postgres.supervisor import end_with_parent


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.config.settings")
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
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
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve(target_loader=application_of_worker)


if __name__ == "__main__":
    serve(host=sys.argv[1], port=int(sys.argv[2]), workers=int(sys.argv[3]), threads=int(sys.argv[4]))
