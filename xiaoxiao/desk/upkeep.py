"""What happens to cases and rewards because time has passed: once an hour, by one worker."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from xiaoxiao.clock import Clock
from xiaoxiao.desk.casework import Casework
from xiaoxiao.desk.rewards import Rewards
from xiaoxiao.errors import XiaoxiaoError
from xiaoxiao.store.port import ConversationStore

log = logging.getLogger(__name__)

HOUR_SECONDS = 3600.0
_LAPSE = timedelta(minutes=50)


@dataclass(frozen=True)
class Upkeep:
    store: ConversationStore
    casework: Casework
    rewards: Rewards
    clock: Clock
    worker: str

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.run_once)
            except XiaoxiaoError:
                log.warning("upkeep waits for the database", exc_info=True)
            except Exception:
                log.exception("upkeep failed")
            await asyncio.sleep(HOUR_SECONDS)

    def run_once(self) -> tuple[int, int]:
        """(cases closed, rewards expired); (0, 0) while another worker does it."""
        now = self.clock.now()
        if not self.store.try_lock("upkeep", worker=self.worker, now=now, lapse=_LAPSE):
            return 0, 0
        return self.casework.close_silent(), self.rewards.expire()
