"""What is tidied at night."""

from datetime import UTC, datetime

from lienthong.accounts import services
from lienthong.infra.jobs import app


@app.periodic(cron="17 20 * * *")
@app.task(name="accounts.forget_dead_sessions", queue="house", queueing_lock="accounts.forget_dead_sessions")
def forget_dead_sessions(timestamp: int) -> None:
    """Delete what expired sessions left behind, at 03:17 of Vietnamese time."""
    services.forget_dead_sessions(now=datetime.fromtimestamp(timestamp, UTC))
