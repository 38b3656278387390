"""IndexedRulePolicy decides what RulePolicy decides, at every step of every conversation tried."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from extensions.model_storage import ServingModelStorage
from extensions.rule_policy import IndexedRulePolicy, last_states

INTENTS = ["greet", "thank", "report_hazard", "request_human", "nlu_fallback", "restart"]


@pytest.fixture(scope="module")
def opened(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Domain, list[RulePolicy]]:
    storage, metadata = ServingModelStorage.from_model_archive(tmp_path_factory.mktemp("m"), toy_model)
    node = next(n for n in metadata.predict_schema.nodes.values() if n.uses is IndexedRulePolicy)
    context = ExecutionContext(GraphSchema({}))
    policies = [
        kind.load(
            {**kind.get_default_config(), **node.config}, storage, Resource(node.resource.name), context
        )
        for kind in (RulePolicy, IndexedRulePolicy)
    ]
    return metadata.domain, policies


def said(intent: str) -> Event:
    return UserUttered("x", {"name": intent, "confidence": 1.0})


def conversations() -> list[list[Event]]:
    """Two intents in a row: plain, in a form, after a rejected form, half-way through a turn."""
    start = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    form = [said("report_hazard"), ActionExecuted("hazard_form"), ActiveLoop("hazard_form")]
    form += [SlotSet("requested_slot", "place"), ActionExecuted("action_listen")]
    rejected = [ActionExecutionRejected("hazard_form")]
    found: list[list[Event]] = [start]
    for first, second in itertools.product(INTENTS, repeat=2):
        turn = [said(first), ActionExecuted("utter_greet"), ActionExecuted("action_listen")]
        found += [start + turn + [said(second)], start + turn + [said(second), ActionExecuted("utter_thank")]]
        found += [start + turn + form + [said(second)], start + turn + form + [said(second), *rejected]]
        found += [start + form + [said(first), *rejected, ActionExecuted("utter_greet")]]
    ended = [said("greet"), ActionExecuted("hazard_form"), ActiveLoop(None), SlotSet("requested_slot", None)]
    return [*found, start + form + ended]


def test_the_storage_puts_the_indexed_policy_in_place(opened: tuple[Domain, list[RulePolicy]]) -> None:
    assert [type(policy) for policy in opened[1]] == [RulePolicy, IndexedRulePolicy]


def test_it_decides_what_rule_policy_decides(opened: tuple[Domain, list[RulePolicy]]) -> None:
    domain, policies = opened
    for events in conversations():
        predictions: list[Any] = []
        for policy in policies:
            tracker = DialogueStateTracker.from_events("wang", events, domain.slots)
            prediction = policy.predict_action_probabilities(tracker, domain)
            predictions.append(
                (
                    prediction.probabilities,
                    prediction.is_end_to_end_prediction,
                    prediction.is_no_user_prediction,
                    prediction.hide_rule_turn,
                    [type(event) for event in prediction.events],
                )
            )
        assert predictions[0] == predictions[1], events


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_the_last_states_are_those_of_the_whole_history(
    opened: tuple[Domain, list[RulePolicy]], count: int
) -> None:
    domain, _ = opened
    for events in conversations():
        tracker = DialogueStateTracker.from_events("wang", events, domain.slots)
        assert last_states(tracker, domain, count) == tracker.past_states(domain)[-count:]


def test_a_model_opened_by_rasa_keeps_its_own_policy(toy_model: Path) -> None:
    metadata = LocalModelStorage.metadata_from_archive(toy_model)
    assert RulePolicy in {node.uses for node in metadata.predict_schema.nodes.values()}
