"""The bounded tracker store: the state a citizen is in survives, the cost of her history does not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from extensions.tracker_store import BoundedTrackerStore, MemoryTrackerStore, SQLBoundedTrackerStore
from extensions.tracker_view import fold, serialise

DOMAIN = Domain.from_yaml(
    """
intents: [greet]
slots:
  place: {type: text, mappings: [{type: custom}]}
  count: {type: float, initial_value: 0, mappings: [{type: custom}]}
forms: {hazard_form: {required_slots: []}}
responses: {utter_greet: [{text: hi}]}
"""
)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BoundedTrackerStore]:
    if request.param == "memory":
        yield MemoryTrackerStore(DOMAIN)
        return
    url = f"sqlite:///{tmp_path}/deep/dialogue.db"
    if request.param == "postgresql":
        if not (url := os.environ.get("TEST_DATABASE_URL", "")):
            pytest.skip("TEST_DATABASE_URL is not set")
        engine = sa.create_engine(url, future=True)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS dialogue_trackers"))
        engine.dispose()
    sql = SQLBoundedTrackerStore(DOMAIN, host=url)
    yield sql
    sql.close()


def start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(text: str, *between: Event) -> list[Event]:
    parse_data: Any = {
        "intent": {"name": "greet", "confidence": 0.9},
        "intent_ranking": [{"name": "greet", "confidence": 0.9}] * 10,
        "response_selector": {
            "faq": {"ranking": [1] * 10, "response": {"intent_response_key": "faq/gas_leak"}}
        },
    }
    said = UserUttered(text, {"name": "greet", "confidence": 0.9}, [], parse_data)
    return [said, *between, ActionExecuted("utter_greet"), BotUttered("hi"), ActionExecuted("action_listen")]


def tracker_of(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("wang", list(events), DOMAIN.slots)


async def talk(store: BoundedTrackerStore, *turns: list[Event]) -> DialogueStateTracker:
    """Save after every turn, as Rasa does, and return what the next turn would see."""
    tracker = await store.get_or_create_tracker("wang", append_action_listen=False)
    if not tracker.events:
        tracker.update_with_events(start(), DOMAIN)
    for events in turns:
        tracker.update_with_events(events, DOMAIN)
        await store.save(tracker)
        seen = await store.retrieve("wang")
        assert seen is not None
        tracker = seen
    return tracker


async def test_an_unknown_sender_has_no_tracker(store: BoundedTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert list(await store.keys()) == []


async def test_an_empty_tracker_is_not_stored(store: BoundedTrackerStore) -> None:
    await store.get_or_create_tracker("wang", append_action_listen=False)
    assert list(await store.keys()) == []


async def test_a_short_conversation_comes_back_as_it_was(store: BoundedTrackerStore) -> None:
    seen = await talk(store, turn("one"), turn("two"))
    expected = [*start(), *turn("one"), *turn("two")]
    assert [type(event) for event in expected] == [type(event) for event in seen.events]
    assert list(await store.keys()) == ["wang"]


async def test_the_view_stays_the_same_size_however_long_the_conversation(store: BoundedTrackerStore) -> None:
    early = await talk(store, *(turn(str(number)) for number in range(5)))
    late = await talk(store, *(turn(str(number)) for number in range(50)))
    assert len(early.events) == len(late.events)
    assert [event.text for event in late.events if isinstance(event, UserUttered)] == ["48", "49"]


async def test_slots_and_the_active_form_outlive_the_turn_that_set_them(store: BoundedTrackerStore) -> None:
    first = turn("one", SlotSet("place", "人民路"), SlotSet("count", 3.0), ActiveLoop("hazard_form"))
    seen = await talk(store, first, *(turn(str(number)) for number in range(9)))
    assert (
        seen.get_slot("place"),
        seen.get_slot("count"),
        seen.active_loop_name,
    ) == ("人民路", 3.0, "hazard_form")


async def test_a_slot_that_was_emptied_stays_empty(store: BoundedTrackerStore) -> None:
    emptied = turn("two", SlotSet("count", None), SlotSet("place", None))
    seen = await talk(store, turn("one", SlotSet("place", "人民路")), emptied, *[turn("x")] * 5)
    assert (seen.get_slot("place"), seen.get_slot("count")) == (None, None)


async def test_a_form_that_ended_stays_ended(store: BoundedTrackerStore) -> None:
    turns = [turn("one", ActiveLoop("hazard_form")), turn("two", ActiveLoop(None)), *[turn("x")] * 5]
    assert (await talk(store, *turns)).active_loop_name is None


async def test_a_rejected_form_and_a_pause_are_remembered(store: BoundedTrackerStore) -> None:
    first = turn("one", ActiveLoop("hazard_form"), ActionExecutionRejected("hazard_form"))
    seen = await talk(store, first, *[turn("x")] * 5)
    assert seen.is_active_loop_rejected
    seen = await talk(store, turn("two", ConversationPaused()), *[turn("x")] * 5)
    assert seen.is_paused()


async def test_rankings_are_not_kept_but_the_topic_is(store: BoundedTrackerStore) -> None:
    seen = await talk(store, turn("one"))
    assert seen.latest_message is not None
    assert "intent_ranking" not in seen.latest_message.parse_data
    selector = seen.latest_message.parse_data["response_selector"]
    assert selector == {"faq": {"response": {"intent_response_key": "faq/gas_leak"}}}


async def test_a_broker_gets_each_event_once(tmp_path: Path) -> None:
    published: list[str] = []

    class Broker:
        def publish(self, event: dict[str, Any]) -> None:
            published.append(event["event"])

    store = MemoryTrackerStore(DOMAIN, event_broker=Broker())
    await talk(store, *(turn(str(number)) for number in range(6)))
    assert published.count("user") == 6
    assert published.count("session_started") == 1


def test_the_cut_is_after_action_listen() -> None:
    kept = fold(tracker_of(*start(), *turn("one"), *turn("two"), *turn("three")), keep_turns=1)
    names = [event.action_name for event in kept[:3] if isinstance(event, ActionExecuted)]
    assert names == ["action_session_start", "action_listen"]
    assert isinstance(kept[3], UserUttered)
    assert kept[3].text == "three"


def test_a_turn_that_broke_off_is_folded_like_any_other() -> None:
    broken = turn("one")[:-1]
    kept = fold(tracker_of(*start(), *broken, *turn("two")), keep_turns=1)
    kinds = [type(event) for event in kept[:4]]
    assert kinds == [ActionExecuted, SessionStarted, ActionExecuted, UserUttered]


def test_the_first_turn_is_not_taken_for_history() -> None:
    events = [*start(), *turn("one")]
    assert events == fold(tracker_of(*events), keep_turns=1)


def test_chinese_is_stored_readably() -> None:
    assert "人民路" in serialise([SlotSet("place", "人民路")])


def test_rasa_takes_the_store_from_endpoints_yml(tmp_path: Path) -> None:
    named = EndpointConfig(
        type="extensions.tracker_store.SQLBoundedTrackerStore", url=f"sqlite:///{tmp_path}/d.db", keep_turns=3
    )
    store = TrackerStore.create(named, DOMAIN)
    assert isinstance(store, SQLBoundedTrackerStore)
    assert store._keep_turns == 3
    assert check_if_tracker_store_async(store)
