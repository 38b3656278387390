"""What happens to cases and rewards because time has passed: once an hour, by one worker."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from xiaoxiao.clock import Clock
from xiaoxiao.desk.casework import Casework
from xiaoxiao.desk.due import DueAlerts
from xiaoxiao.desk.rewards import Rewards
from xiaoxiao.errors import XiaoxiaoError
from xiaoxiao.store.port import ConversationStore

log = logging.getLogger(__name__)

HOUR_SECONDS = 3600.0
_LAPSE = timedelta(minutes=50)


class Done(NamedTuple):
    alerts: int = 0  #: staff were told that a case is nearly or already too late
    closed: int = 0
    expired: int = 0  #: rewards


@dataclass(frozen=True)
class Upkeep:
    store: ConversationStore
    casework: Casework
    rewards: Rewards
    due: DueAlerts
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

    def run_once(self) -> Done:
        """Nothing while another worker does it."""
        now = self.clock.now()
        if not self.store.try_lock("upkeep", worker=self.worker, now=now, lapse=_LAPSE):
            return Done()
        return Done(self.due.run_once(), self.casework.close_silent(), self.rewards.expire())
