"""Rasa's agent with our processor. Imported by extensions/agent.py once the heavy modules are deferred."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints, read_endpoints_from_path

from extensions.action_endpoint import action_endpoint
from extensions.lock_store import LocalLockStore
from extensions.processor import ServingProcessor, listen_again
from extensions.tracker_store import MemoryTrackerStore


class ServingAgent(Agent):
    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Put a trained model to work; turns in progress finish on the one before. Raises ModelNotFound."""
        processor = ServingProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            on_circuit_break=listen_again,
        )
        self.processor, self.domain = processor, processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses


def build(
    model: Path, endpoints: Path | None, tracker_store: TrackerStore | None, lock_store: LockStore | None
) -> ServingAgent:
    """A store that is given goes before one that endpoints.yml names."""
    configured = read_endpoints_from_path(endpoints) if endpoints else AvailableEndpoints()
    agent = ServingAgent(
        generator=configured.nlg,
        tracker_store=tracker_store or _tracker_store(configured),
        lock_store=lock_store or _lock_store(configured),
        action_endpoint=action_endpoint(configured.action),
    )
    agent.load_model(model)
    return agent


def _tracker_store(configured: AvailableEndpoints) -> TrackerStore:
    return TrackerStore.create(configured.tracker_store) if configured.tracker_store else MemoryTrackerStore()


def _lock_store(configured: AvailableEndpoints) -> LockStore:
    return LockStore.create(configured.lock_store) if configured.lock_store else LocalLockStore()
