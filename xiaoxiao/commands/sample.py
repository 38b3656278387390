"""Sample data where nothing else is: a newcomer's simulator can answer queries."""

from __future__ import annotations

from datetime import timedelta

from xiaoxiao.queries.sample import load_sample
from xiaoxiao.services import Services

TURN = timedelta(minutes=1)


def put_sample(services: Services) -> bool:
    """The sample district as of today; False where it has no place (real account, own back end, own data)."""
    folder, settings = services.root / "sample", services.settings
    if not settings.on_simulator or settings.backend_url or not folder.is_dir():
        return False
    if any(not origin.is_sample for origin, _ in services.records.origins().values()):
        return False
    now = services.clock.now()
    if not services.store.try_lock("sample", worker=services.worker, now=now, lapse=TURN):
        return True  # another worker that starts at the same time is at it
    load_sample(folder, services.records, now=now)
    return True
