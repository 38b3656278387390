"""The one door to Rasa for a process that answers: `xiaoxiao serve` and `xiaoxiao parse`.

Nothing of Rasa is imported before `load_agent` has deferred what answering never uses; so this module and the
composition root must not import rasa.core.agent themselves (docs/decisions/ has the measurements).
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from extensions.hidden_imports import hide
from extensions.lazy_imports import defer
from extensions.quiet_logging import configure_logging

if TYPE_CHECKING:
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore

    from extensions.serving_agent import ServingAgent


def load_agent(
    model: Path,
    endpoints: Path | None = None,
    *,
    database_url: str = "",
    redis_url: str = "",
    log_level: str = "INFO",
) -> ServingAgent:
    """An agent with a trained model, ready to answer.

    `model` is an archive or a folder (its newest archive). `endpoints` is Rasa's endpoints.yml: actions, NLG
    and, when no address is given here, tracker and lock store. Raises rasa.exceptions.ModelNotFound.
    """
    prepare(log_level)
    from extensions.serving_agent import build

    agent = build(model, endpoints, _tracker_store(database_url), _lock_store(redis_url))
    gc.collect()
    gc.freeze()  # a model stays: searching it for garbage stops every turn in progress for some 100 ms
    return agent


def prepare(log_level: str = "INFO") -> None:
    """Telemetry off, logging quiet, training modules deferred. Call before anything imports Rasa or numpy."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the texts are short: threads fight more than they help
    configure_logging(log_level)
    defer()
    hide()


def _tracker_store(database_url: str) -> TrackerStore | None:
    from extensions.tracker_store import open_tracker_store

    return open_tracker_store(database_url) if database_url else None


def _lock_store(redis_url: str) -> LockStore | None:
    from extensions.lock_store import open_lock_store

    return open_lock_store(redis_url) if redis_url else None
