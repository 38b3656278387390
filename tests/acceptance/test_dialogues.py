"""Dialogues with the trained model, through `xiaoxiao chat`: what leans on what was said before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.running_office import ROOT
from xiaoxiao.knowledge.cards import Card, load_cards


class Chat:
    """One citizen at the terminal; a stop and a farewell end the form and the topic before each dialogue."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def say(self, text: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"user": text}, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def dialogue(self, *said: str) -> dict[str, Any]:
        """What came of the last message."""
        self.say("取消")
        self.say("再见")
        return [self.say(text) for text in said][-1]


@pytest.fixture(scope="module")
def chat(trained: None) -> Iterator[Chat]:
    command = [sys.executable, "-m", "xiaoxiao", "chat", "--jsonl"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WECHAT_")}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield Chat(process)
        assert process.stdin is not None
        process.stdin.close()


CARDS = load_cards(ROOT / "data/knowledge")


def text_of(result: dict[str, Any]) -> str:
    return "\n".join(answer["text"] for answer in result["answers"])


def payloads(result: dict[str, Any]) -> list[str]:
    return [button["payload"] for answer in result["answers"] for button in answer["buttons"]]


def reviewed(card: Card) -> str:
    return card.lead + "".join((*card.steps, *card.donts)) + card.background


@pytest.mark.parametrize(
    ("first", "then", "card"),
    [
        ("地震了人在屋里怎么办", "那在外面呢", "quake_outdoor"),
        ("大人噎住了怎么急救", "婴儿呢", "choking_infant"),
        ("被狗咬了怎么办", "那蛇呢", "snakebite"),
        ("台风来之前要做什么", "停电呢", "power_outage"),
    ],
)
def test_another_case_of_the_same_subject_is_the_other_card(
    chat: Chat, first: str, then: str, card: str
) -> None:
    result = chat.dialogue(first, then)
    assert f"faq/{card}" == result["intent"]
    assert CARDS[card].lead in text_of(result)


@pytest.mark.parametrize(
    ("first", "then", "card", "words"),
    [
        ("被狗咬了怎么办", "孕妇能打吗", "rabies_bite", "孕妇、婴儿也要打"),
        ("被狗咬了怎么办", "那猫呢", "rabies_bite", "肥皂水"),
        ("被狗咬了怎么办", "要冲多久", "rabies_bite", "15分钟"),
        ("烫伤怎么处理", "为什么不能涂牙膏", "burn_scald", "把热捂住"),
        ("烫伤怎么处理", "那要去医院吗？", "burn_scald", "急诊"),
        ("烫伤怎么处理", "小孩呢", "burn_scald", "婴幼儿"),
        ("闻到燃气味怎么办", "能开灯吗", "gas_leak", "千万不要：开灯"),
        ("闻到燃气味怎么办", "打哪个电话", "gas_leak", "119"),
        ("地震了人在屋里怎么办", "为什么？", "quake_indoor", "伏地、遮挡、手抓牢"),
        ("地震了人在屋里怎么办", "然后呢？", "quake_indoor", "余震"),
        ("地震了人在屋里怎么办", "坐轮椅的呢", "quake_indoor", "刹住轮子"),
    ],
)
def test_a_further_question_is_answered_by_the_card_before(
    chat: Chat, first: str, then: str, card: str, words: str
) -> None:
    result = chat.dialogue(first, then)
    assert f"faq/{card}" == result["intent"]
    assert words in text_of(result)
    assert CARDS[card].title in text_of(result)


def test_what_the_card_itself_answers_is_not_asked_of_its_kin(chat: Chat) -> None:
    assert "孕妇、婴儿也要打" in text_of(chat.dialogue("被狗咬了怎么办", "那孕妇能打吗"))


@pytest.mark.parametrize("then", ["后来肿了咋办", "那老人呢"])
def test_where_the_card_is_silent_it_says_so_and_offers_a_person(chat: Chat, then: str) -> None:
    result = chat.dialogue("被狗咬了怎么办", then)
    assert "faq/rabies_bite" == result["intent"]
    assert "没找到正好说这一点" in text_of(result)
    assert CARDS["rabies_bite"].lead in text_of(result)
    assert ["/request_human"] == payloads(result)


def test_what_must_not_be_done_is_said_even_where_other_words_forbid_it(chat: Chat) -> None:
    assert "回屋拿东西" in text_of(chat.dialogue("闻到燃气味怎么办", "能回去取一下手机吗"))


def test_more_and_more_comes_to_an_end(chat: Chat) -> None:
    result = chat.dialogue("地震了人在屋里怎么办", "还有别的吗", "还有别的吗")
    assert "能核实的就是这些" in text_of(result)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        (("地震了人在屋里怎么办", "查违章"), "query_violation"),
        (("地震了人在屋里怎么办", "流鼻血怎么办"), "faq/nosebleed"),
        (("地震了人在屋里怎么办", "谢谢"), "thank"),
        (("地震了人在屋里怎么办", "流鼻血怎么办", "地震了人在屋里怎么办", "为什么"), "faq/quake_indoor"),
        (("地震了人在屋里怎么办", "谢谢", "为什么"), "faq/quake_indoor"),
    ],
)
def test_a_new_question_is_no_follow_up_and_an_old_subject_comes_back(
    chat: Chat, said: tuple[str, ...], intent: str
) -> None:
    assert intent == chat.dialogue(*said)["intent"]


def test_danger_comes_first_and_ends_the_subject(chat: Chat) -> None:
    assert "fire" == chat.dialogue("地震了人在屋里怎么办", "着火了")["danger"]
    assert "您是想问哪方面" in text_of(chat.dialogue("地震了人在屋里怎么办", "着火了", "那老人呢"))


@pytest.mark.parametrize("text", ["那老人呢", "然后呢"])
def test_leaning_on_nothing_is_asked_about(chat: Chat, text: str) -> None:
    assert "您是想问哪方面" in text_of(chat.dialogue(text))


@pytest.mark.parametrize(
    ("word", "missing", "card"),
    [("中毒", "煤气", "co_poisoning"), ("中毒", "食物", "food_poisoning"), ("被咬了", "狗", "rabies_bite")],
)
def test_an_ambiguous_word_is_asked_about_and_completed(
    chat: Chat, word: str, missing: str, card: str
) -> None:
    asked = chat.dialogue(word)
    assert f"/faq/{card}" in payloads(asked)
    assert 2 <= len(payloads(asked)) <= 3
    assert f"faq/{card}" == chat.say(missing)["intent"]


def test_two_requests_in_one_message_are_both_answered(chat: Chat) -> None:
    result = chat.dialogue("查一下沪A12345违章,另外附近哪里有避难所")
    assert "小型汽车" in text_of(result) or "12123" in text_of(result)
    assert "您在哪里" in text_of(result)


@pytest.mark.parametrize("text", ["被狗咬了怎么办?要打针吗", "家里煤气灶打不着火。找谁修"])
def test_one_story_is_one_request(chat: Chat, text: str) -> None:
    assert 1 == len(chat.dialogue(text)["answers"])
