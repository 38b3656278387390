"""The whole engine on the toy bot: Rasa's rules, forms and actions through the port."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.exceptions import ModelNotFound
from rasa.shared.core.events import ActiveLoop
from rasa.shared.core.trackers import DialogueStateTracker

from connectors.engine import RasaEngine
from extensions.agent import load_agent
from extensions.lock_store import LocalLockStore


@pytest.fixture
def engine(toy_agent: Any) -> RasaEngine:
    return RasaEngine(toy_agent.handle_message)


async def say(engine: RasaEngine, contact: str, text: str, payload: str | None = None) -> str:
    reply = await engine.respond(contact, text, payload=payload, metadata={})
    return "|".join(answer.text for answer in reply.answers)


async def test_a_rule_answers(engine: RasaEngine) -> None:
    reply = await engine.respond("a", "你好", metadata={})
    assert (reply.intent, reply.confidence, reply.understood) == ("greet", 1.0, True)
    assert [button.payload for button in reply.answers[0].buttons] == ["/report_hazard"]


async def test_what_is_not_understood_is_reported(engine: RasaEngine) -> None:
    reply = await engine.respond("b", "乱七八糟", metadata={})
    assert (reply.answers[0].text, reply.understood) == ("没听明白。", False)


async def test_a_typed_command_is_not_obeyed_but_a_button_is(engine: RasaEngine) -> None:
    assert await say(engine, "c", "/report_hazard") == "没听明白。"
    assert await say(engine, "c", "报告隐患", "/report_hazard") == "在哪里?"


async def test_a_custom_action_remembers_in_slots(engine: RasaEngine) -> None:
    for _ in range(9):
        await say(engine, "d", "天气")
    assert await say(engine, "d", "天气") == "第10次"


async def test_a_form_goes_on_after_a_long_interruption(engine: RasaEngine) -> None:
    await say(engine, "e", "隐患")
    reply = await engine.respond("e", "人民路3号", metadata={})
    assert (reply.answers[0].text, reply.understood) == ("已记下:人民路3号", True)


async def test_after_an_action_without_end_the_citizen_is_answered_again(engine: RasaEngine) -> None:
    reply = await engine.respond("h", "转圈", metadata={})
    assert not reply.understood
    assert await say(engine, "h", "谢谢") == "不客气。"


async def test_what_is_withheld_is_not_done_and_the_next_message_is_answered(engine: RasaEngine) -> None:
    closed = await engine.respond("k", "天气", metadata={}, withhold={"query_weather"})
    assert ((), "query_weather", True) == (closed.answers, closed.intent, closed.withheld)
    assert await say(engine, "k", "天气") == "第1次"


async def test_a_withheld_form_does_not_begin_said_or_tapped(engine: RasaEngine) -> None:
    for payload in (None, "/report_hazard"):
        closed = await engine.respond("l", "隐患", payload=payload, metadata={}, withhold={"report_hazard"})
        assert closed.withheld
    assert await say(engine, "l", "谢谢") == "不客气。"


async def test_a_form_that_was_begun_before_goes_on(engine: RasaEngine) -> None:
    await say(engine, "m", "隐患")
    reply = await engine.respond("m", "隐患", metadata={}, withhold={"report_hazard"})
    assert ("已记下:隐患", False) == (reply.answers[0].text, reply.withheld)


async def test_turns_of_one_contact_come_one_after_the_other(engine: RasaEngine) -> None:
    answers = await asyncio.gather(*(say(engine, "f", "天气") for _ in range(5)))
    assert answers == ["第1次", "第2次", "第3次", "第4次", "第5次"]


async def test_the_conversation_survives_a_restart(toy_model: Path, tmp_path: Path) -> None:
    endpoints = Path(__file__).parents[2] / "fixtures" / "toy_bot" / "endpoints.yml"
    for expected in ("第1次", "第2次"):
        agent = load_agent(toy_model, endpoints, database_url=f"sqlite:///{tmp_path}/d.db")
        assert expected == await say(RasaEngine(agent.handle_message), "g", "天气")


async def test_a_folder_means_its_newest_model(toy_model: Path) -> None:
    assert load_agent(toy_model.parent).is_ready()


def test_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        load_agent(tmp_path)


def test_the_lock_store_waits_for_nobody_else(toy_agent: Any) -> None:
    assert isinstance(toy_agent.lock_store, LocalLockStore)


async def test_the_same_words_are_read_once_and_every_turn_has_its_own_copy(toy_agent: Any) -> None:
    processor = toy_agent.processor
    first = await processor.parse_message(UserMessage("再问一次", sender_id="i", message_id="1"))
    first["entities"].append({"entity": "spoilt"})
    first["intent"]["name"] = "spoilt"
    runner, processor.graph_runner = processor.graph_runner, None  # reading it anew would fail
    try:
        second = await processor.parse_message(UserMessage("再问一次", sender_id="j", message_id="2"))
    finally:
        processor.graph_runner = runner
    assert ("2", []) == (second["message_id"], second["entities"])
    assert "spoilt" != second["intent"]["name"]


async def test_the_same_words_are_read_anew_after_another_topic_but_not_in_a_form(toy_agent: Any) -> None:
    processor = toy_agent.processor
    runs: list[Any] = []
    runner = processor.graph_runner

    class Counting:
        def run(self, inputs: dict[str, Any], targets: Any = None) -> Any:
            runs.append(inputs["__message__"][0].metadata)
            return runner.run(inputs, targets=targets)

    processor.graph_runner = Counting()
    try:
        for metadata in (
            {"topic": "a"},
            {"topic": "b", "message_id": 1},
            {"topic": "a", "message_id": 2},
            None,
        ):
            await processor.parse_message(UserMessage("那老人呢", metadata=metadata))
        in_form = DialogueStateTracker.from_events("n", [ActiveLoop("hazard_form")])
        await processor.parse_message(UserMessage("那老人呢", metadata={"topic": "c"}), in_form)
    finally:
        processor.graph_runner = runner
    assert [{"topic": "a"}, {"topic": "b"}, {}] == runs
