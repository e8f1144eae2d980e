"""Jobs of the plumbing."""

from datetime import UTC, datetime

from lienthong.infra.jobs import app
from lienthong.infra.sealing import seal_events


@app.periodic(cron="10 * * * *")
@app.task(name="infra.seal_log", queue="house", queueing_lock="infra.seal_log")
def seal_log(timestamp: int) -> None:
    """Seal what was written in the last hour. Niêm phong nhật ký hằng giờ."""
    seal_events(now=datetime.fromtimestamp(timestamp, UTC))
