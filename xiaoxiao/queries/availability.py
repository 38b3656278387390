"""Whether there is anything to ask for, before a citizen is asked for anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from xiaoxiao.queries.records import Intake
from xiaoxiao.settings import Settings


def has_data(settings: Settings, records: Intake, kind: str) -> Callable[[], Awaitable[bool]]:
    """Asked anew each time: an import changes the answer. A back end is taken at its word."""

    async def ask() -> bool:
        if settings.backend_url and (not settings.backend_kinds or kind in settings.backend_kinds):
            return True
        origin, _ = (await asyncio.to_thread(records.origins)).get(kind, (None, 0))
        return origin is not None and (settings.on_simulator or not origin.is_sample)

    return ask
