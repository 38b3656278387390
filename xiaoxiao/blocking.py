"""Blocking calls (the store's) where they do not stall the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Blocking:
    executor: Executor | None = None  #: None: the calls are quicker than a switch of threads

    @property
    def may_pause(self) -> bool:
        """Something else may happen during a call."""
        return self.executor is not None

    async def call(self, function: Callable[..., T], *args: object, **kwargs: object) -> T:
        if self.executor is None:
            return function(*args, **kwargs)
        work = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)
