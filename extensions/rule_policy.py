"""Rasa's RulePolicy, looking only where a rule can apply.

At every step RulePolicy compares the conversation with every rule, and rebuilds the state of every past turn,
once for the text and once for the intent of the last message. What it decides stays the same here: rules are
found by the intent they ask for, and only as many past states are built as the longest rule has.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT

#: keys of rules by the intent of their last state; None: rules that do not ask for one
_Index = dict[str | None, list[str]]


class IndexedRulePolicy(RulePolicy):
    """Takes the place of a trained RulePolicy when a model is opened for answering (ServingModelStorage)."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        lookups = [self.lookup[name] for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) if name in self.lookup]
        self._indexes = {id(lookup): _index(lookup) for lookup in lookups}
        self._longest = max((len(json.loads(key)) for lookup in lookups for key in lookup), default=1)
        self._states: list[State] | None = None

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        index = self._indexes[id(lookup)]
        wanted = states[-1].get(USER, {}).get(INTENT)
        keys = index.get(None, []) + (index.get(wanted, []) if wanted else [])
        possible: set[str] = super()._get_possible_keys(dict.fromkeys(keys, ""), states)
        return possible

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> Any:
        self._states = None
        return super()._predict(tracker, domain)

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if self._states is None:
            self._states = last_states(tracker, domain, self._longest)
        states = copy.deepcopy(self._states)  # choosing text or intent deletes the other
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states


def last_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    """The last `count` of `tracker.past_states(domain)` (at least one), without building those before."""
    events = tracker.applied_events()
    skipped = sum(isinstance(event, ActionExecuted) for event in events) + 1 - max(1, count)
    replayed, states = tracker.init_copy(), []
    for event in events:
        if isinstance(event, ActionExecuted):
            if skipped <= 0:
                states.append(domain._clean_state(domain.get_active_state(replayed)))
            skipped -= 1
        replayed.update(event)
    states.append(domain._clean_state(domain.get_active_state(replayed)))
    return states


def _index(lookup: dict[str, str]) -> _Index:
    index: _Index = {}
    for key in lookup:
        index.setdefault(_asked_intent(json.loads(key)[-1]), []).append(key)
    return index


def _asked_intent(state: State) -> str | None:
    """The intent without which a rule cannot apply; None when it could whatever was said."""
    intent = state.get(USER, {}).get(INTENT)
    starts_conversation = not state.get(PREVIOUS_ACTION)
    if not isinstance(intent, str) or intent == SHOULD_NOT_BE_SET or starts_conversation:
        return None
    return intent
