"""Rasa behind the engine port."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from connectors.engine import RasaEngine, TurnChannel, harmless, topic_of
from xiaoxiao.engine import Reading, Reply, ScriptedEngine
from xiaoxiao.store.conversation import Answer, Button


class Rasa:
    """Stands where on_new_message stands: remembers the message, sends what it is told to."""

    def __init__(self, *messages: dict[str, Any], parse_data: dict[str, Any] | None = None) -> None:
        self._messages = messages
        self._parse_data = parse_data
        self.received: UserMessage | None = None

    async def __call__(self, message: UserMessage) -> None:
        self.received = message
        if self._parse_data is not None:
            message.output_channel.parsed(self._parse_data)
        for sent in self._messages:
            await message.output_channel.send_response(message.sender_id, dict(sent))


async def respond(rasa: Rasa, text: str = "你好", **arguments: Any) -> Reply:
    return await RasaEngine(rasa).respond("wang", text, **{"metadata": {}, **arguments})


async def test_what_was_uttered_comes_back_in_order() -> None:
    reply = await respond(Rasa({"text": "一"}, {"text": "二"}))
    assert (Answer("一"), Answer("二")) == reply.answers


async def test_the_same_answer_is_not_given_twice_in_one_turn() -> None:
    reply = await respond(Rasa({"text": "一"}, {"text": "二"}, {"text": "一"}))
    assert reply.answers == (Answer("一"), Answer("二"))


async def test_buttons_and_quick_replies_are_buttons() -> None:
    buttons = [{"title": "是", "payload": "/affirm"}, {"title": "换个说法"}]
    expected = Answer("对吗?", (Button("是", "/affirm"), Button("换个说法", "换个说法")))
    assert (expected,) == (await respond(Rasa({"text": "对吗?", "buttons": buttons}))).answers
    assert (expected,) == (await respond(Rasa({"text": "对吗?", "quick_replies": buttons}))).answers


async def test_a_custom_link_belongs_to_the_answer_before_it() -> None:
    reply = await respond(Rasa({"text": "全文见", "custom": {"link": "https://example.org/card"}}))
    assert (Answer("全文见", (), "https://example.org/card"),) == reply.answers


async def test_a_custom_answer_may_bring_everything_itself() -> None:
    custom = {"text": "选一个", "buttons": [{"title": "甲", "payload": "/a"}], "link": "https://example.org"}
    reply = await respond(Rasa({"custom": custom}))
    assert (Answer("选一个", (Button("甲", "/a"),), "https://example.org"),) == reply.answers


@pytest.mark.parametrize("text", ["/restart", "  /help", "\u3000/greet{}", "/", "//x", "\n/inform"])
async def test_what_a_citizen_types_is_never_an_intent(text: str) -> None:
    rasa = Rasa()
    await respond(rasa, text)
    assert rasa.received is not None
    assert not rasa.received.text.strip().startswith("/")


async def test_our_own_payload_is_an_intent() -> None:
    rasa = Rasa()
    await respond(rasa, "帮助", payload='/help{"a": "b"}')
    assert rasa.received is not None
    assert rasa.received.text == '/help{"a": "b"}'


async def test_a_payload_of_plain_words_is_said_in_her_place() -> None:
    rasa = Rasa()
    await respond(rasa, "1", payload="燃气泄漏怎么办")
    assert rasa.received is not None
    assert rasa.received.text == "燃气泄漏怎么办"


async def test_contact_channel_and_metadata_reach_rasa() -> None:
    rasa = Rasa()
    await RasaEngine(rasa, channel="wechat").respond("openid", "你好", metadata={"kind": "text"})
    assert rasa.received is not None
    assert (
        rasa.received.sender_id,
        rasa.received.input_channel,
        rasa.received.metadata,
    ) == ("openid", "wechat", {"kind": "text"})


async def test_intent_confidence_and_topic_are_reported() -> None:
    intent = {"name": "faq", "confidence": 0.83, "full_retrieval_intent_name": "faq/gas_leak"}
    reply = await respond(Rasa({"text": "关阀"}, parse_data={"intent": intent}))
    assert (reply.intent, reply.confidence, reply.topic, reply.understood) == (
        "faq/gas_leak",
        0.83,
        "gas_leak",
        True,
    )


async def test_a_fallback_is_not_understood() -> None:
    reply = await respond(Rasa(parse_data={"intent": {"name": "nlu_fallback", "confidence": 0.3}}))
    assert not reply.understood


def test_a_policy_fallback_is_not_understood() -> None:
    turn = TurnChannel("wechat")
    turn.parsed({"intent": {"name": "greet", "confidence": 0.9}})
    turn.acted("action_default_fallback", in_form=False)
    assert not turn.reply().understood


def test_an_answer_that_a_form_took_is_understood_whatever_its_intent() -> None:
    turn = TurnChannel("wechat")
    turn.parsed({"intent": {"name": "nlu_fallback", "confidence": 0.3}})
    turn.acted("hazard_form", in_form=True)
    assert turn.reply().understood


def test_only_retrieval_intents_have_a_topic() -> None:
    assert topic_of({"intent": {"name": "greet"}}) is None
    assert topic_of({}) is None


def test_harmless_words_are_left_alone() -> None:
    assert harmless(" 3/4 号楼 ") == "3/4 号楼"


async def test_the_scripted_twin_answers_by_its_script() -> None:
    engine = ScriptedEngine.saying([("你好", "您好")])
    assert (Answer("您好"),) == (await engine.respond("wang", "你好", metadata={})).answers
    assert not (await engine.respond("wang", "?", metadata={})).understood
    assert engine.turns == [("wang", "你好", None), ("wang", "?", None)]


CARD = {"intent": {"name": "faq", "confidence": 0.9, "full_retrieval_intent_name": "faq/gas_leak"}}
TASK = {"intent": {"name": "report_hazard", "confidence": 0.9}}


def turn(parse_data: dict[str, Any], *withhold: str) -> TurnChannel:
    made = TurnChannel("wechat", withhold)
    made.parsed(parse_data)
    return made


def test_the_answer_of_a_withheld_card_is_refused_and_the_reply_says_so() -> None:
    refusing = turn(CARD, "faq/gas_leak")
    assert refusing.refuses("utter_faq", in_form=False)
    reply = refusing.reply()
    assert ((), "faq/gas_leak", None, True) == (reply.answers, reply.intent, reply.topic, reply.withheld)


FURTHER = {"intent": {"name": "follow_up", "confidence": 0.9}, "follows": {"card": "gas_leak"}}


def test_a_further_question_is_about_its_card() -> None:
    reply = turn(FURTHER).reply()
    assert ("faq/gas_leak", "gas_leak", True) == (reply.intent, reply.topic, reply.understood)


def test_a_further_question_about_a_withheld_card_is_refused() -> None:
    refusing = turn(FURTHER, "faq/gas_leak")
    assert refusing.refuses("action_follow_up", in_form=False)
    assert "faq/gas_leak" == refusing.reply().intent
    assert refusing.withholds("faq/gas_leak")
    assert not turn(FURTHER, "faq/flu_fever").refuses("action_follow_up", in_form=False)


def test_what_is_not_withheld_is_not_refused() -> None:
    for refusing in (turn(CARD, "faq/flu_fever", "faq"), turn(CARD), turn({}, "faq/gas_leak")):
        assert not refusing.refuses("utter_faq", in_form=False)
        assert not refusing.reply().withheld


def test_a_withheld_task_does_not_begin() -> None:
    assert turn(TASK, "report_hazard").refuses("hazard_form", in_form=False)


def test_words_given_to_a_form_are_no_question_whatever_they_sound_like() -> None:
    in_form = turn(CARD, "faq/gas_leak")
    assert not in_form.refuses("hazard_form", in_form=True)
    in_form = turn(TASK, "report_hazard")
    assert not in_form.refuses("hazard_form", in_form=True)
    in_form.acted("hazard_form", in_form=True)
    assert not in_form.refuses("action_submit", in_form=False)
    assert not in_form.reply().withheld


def test_a_withheld_card_asked_in_the_middle_of_a_form_is_refused() -> None:
    in_form = turn(CARD, "faq/gas_leak")
    in_form.acted("hazard_form", in_form=True)
    assert in_form.refuses("utter_faq", in_form=False)


def test_the_end_of_a_turn_is_never_refused() -> None:
    assert not turn(TASK, "report_hazard").refuses("action_listen", in_form=False)


async def test_a_form_is_opened_and_the_text_beside_it_is_for_where_there_are_none() -> None:
    reply = await respond(Rasa({"text": "请走官方入口", "custom": {"form": "violation"}}))
    assert ("violation", (Answer("请走官方入口"),)) == (reply.form, reply.answers)
    assert Answer("请走官方入口") == reply.form_text


async def test_that_a_card_has_no_answer_is_known() -> None:
    silent = await respond(Rasa({"text": "没找到正好说这一点的话", "custom": {"silent": True}}))
    assert (True, 1) == (silent.silent, len(silent.answers))
    assert not (await respond(Rasa({"text": "关阀门"}))).silent


async def test_a_text_is_read_without_being_answered_and_never_as_a_command() -> None:
    read: list[UserMessage] = []

    async def parse(message: UserMessage) -> dict[str, Any]:
        read.append(message)
        full = {"name": "faq", "confidence": 0.9, "full_retrieval_intent_name": "faq/nosebleed"}
        return {"intent": full}

    rasa = Rasa()
    reading = await RasaEngine(rasa, parse).read("/流鼻血怎么办", metadata={"topic": "burn"})
    assert Reading("faq/nosebleed", 0.9, "nosebleed") == reading
    assert ("\uff0f流鼻血怎么办", {"topic": "burn"}) == (read[0].text, read[0].metadata)
    assert None is rasa.received


@pytest.mark.parametrize("intent", [{}, {"name": None}, {"name": "nlu_fallback", "confidence": 0.4}])
async def test_what_was_not_understood_is_said_so(intent: dict[str, Any]) -> None:
    async def parse(message: UserMessage) -> dict[str, Any]:
        return {"intent": intent}

    assert not (await RasaEngine(Rasa(), parse).read("咕噜", metadata={})).understood
    assert not (await RasaEngine(Rasa()).read("您好", metadata={})).understood
