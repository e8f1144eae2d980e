"""Jobs of the files: once a night what nobody speaks of is taken away."""

from datetime import UTC, datetime

from lienthong.documents.services.sweep import sweep_orphans
from lienthong.infra.jobs import app


@app.periodic(cron="40 2 * * *")
@app.task(name="documents.sweep")
def sweep(timestamp: int) -> None:
    """Sweep orphaned contents. ``timestamp`` is the moment the job was due, in seconds."""
    sweep_orphans(now=datetime.fromtimestamp(timestamp, UTC))
