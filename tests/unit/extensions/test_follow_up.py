from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.ambiguity import Ambiguity
from extensions.fallback import CLARIFY, Fallback
from extensions.follow_up import FOLLOWS, FollowUp, questions_by_card
from extensions.intent_classifier import CANDIDATES, RERANK, Decision, IntentClassifier
from extensions.kin import Kin
from extensions.lexicon import Lexicon
from xiaoxiao.knowledge.ambiguity import Ambiguous
from xiaoxiao.language.encoder import shared_encoder
from xiaoxiao.language.kernel_model import Shape

SAID = {
    "faq/quake_in": ["地震了人在屋里怎么办", "地震时躲在哪里", "屋里地震怎么躲", "地震了在楼上怎么办"],
    "faq/quake_out": ["地震时在户外怎么办", "在外面遇到地震", "地震了在外面怎么躲", "地震了人在街上怎么办"],
    "faq/burn": ["烫伤怎么处理", "开水烫到手", "烫出水泡怎么办", "被油烫了"],
    "faq/food": ["食物中毒怎么办", "吃坏肚子了", "吃了剩饭上吐下泻", "食堂吃饭后都吐了"],
    "faq/gas": ["煤气中毒怎么办", "烧炭取暖头晕", "煤炉熏着了", "一氧化碳中毒"],
    "query_typhoon": ["台风到哪了", "台风路径", "台风消息", "台风什么时候登陆"],
    "thank": ["谢谢", "多谢", "感谢你", "谢谢啊"],
    "out_of_scope": ["今天吃啥", "股票涨了吗", "讲个故事", "哦"],
}
TEXTS = [text for texts in SAID.values() for text in texts]
LABELS = [label for label, texts in SAID.items() for _ in texts]
KIN = Kin.learn({label: texts for label, texts in SAID.items() if label.startswith("faq/")})
WORDS = Ambiguous({"中毒": ("faq/food", "faq/gas")})
NO_STORE: Any = None


@pytest.fixture(scope="module")
def read() -> Any:
    decision = Decision.train(TEXTS, LABELS, encoder=shared_encoder("use"), shape=Shape(directions=16))
    config = {**FollowUp.get_default_config(), "answer": 0.5}
    lexicon = Lexicon.read("data/lexicon/follow_ups.csv")
    titles = dict(KIN.titles)
    pipeline = (
        IntentClassifier({}, NO_STORE, NO_STORE, decision),
        Ambiguity({"answer": 0.5}, NO_STORE, NO_STORE, WORDS, titles),
        FollowUp(config, NO_STORE, NO_STORE, lexicon, KIN, {"faq/food": ["隔着布敷冰块."]}),
        Fallback({**Fallback.get_default_config(), "answer": 0.5, "ask": 0.0}),
    )

    def read(text: str, **metadata: Any) -> Message:
        message = Message({"text": text, "metadata": metadata})
        for component in pipeline:
            (message,) = component.process([message])
        return message

    return read


def intent(message: Message) -> str:
    return str(message.get("intent")["name"])


@pytest.mark.parametrize("text", ["那老人呢", "多久", "为什么", "然后呢", "打哪个电话", "那狗呢"])
def test_what_names_no_subject_belongs_to_the_last_card(read: Any, text: str) -> None:
    message = read(text, topic="burn", asked=None)
    assert ("follow_up", "burn") == (intent(message), message.get(FOLLOWS)["card"])
    assert None is message.get(CLARIFY)


def test_a_kindred_card_that_fits_better_is_answered(read: Any) -> None:
    message = read("那在外面呢", topic="quake_in", asked=None)
    assert ("faq", "faq/quake_out") == (intent(message), message.get("ranking")[0]["label"])
    assert None is message.get(FOLLOWS)


@pytest.mark.parametrize(("text", "expected"), [("台风到哪了", "query_typhoon"), ("谢谢", "thank")])
def test_what_is_understood_by_itself_does_not_lean(read: Any, text: str, expected: str) -> None:
    assert expected == intent(read(text, topic="burn", asked=None))


def test_a_question_leans_where_the_card_speaks_of_it_and_not_elsewhere(read: Any) -> None:
    assert "food" == read("可以敷冰块吗", topic="food", asked=None).get(FOLLOWS)["card"]
    assert None is read("可以敷冰块吗", topic="gas", asked=None).get(FOLLOWS)


def test_without_a_topic_nothing_is_guessed(read: Any) -> None:
    message = read("那老人呢", topic=None, asked=None)
    assert ("nlu_fallback", [], None) == (
        intent(message),
        message.get(CLARIFY),
        message.get(FOLLOWS)["card"],
    )


def test_a_topic_whose_card_is_gone_is_none(read: Any) -> None:
    assert None is read("那老人呢", topic="gone", asked=None).get(FOLLOWS)["card"]


@pytest.mark.parametrize("text", ["那老人呢", "多久", "那在外面呢"])
def test_where_nobody_tells_the_topic_the_reading_is_the_classifiers(read: Any, text: str) -> None:
    assert None is read(text).get(FOLLOWS)


def test_what_she_told_in_danger_is_a_topic(read: Any) -> None:
    message = read("多久", topic=None, asked=None, told="烫伤怎么处理")
    assert "burn" == message.get(FOLLOWS)["card"]
    assert None is read("多久", topic=None, asked=None, told="哎哟哎哟").get(FOLLOWS)["card"]


def test_a_detail_of_the_last_card_is_not_the_whole_card_again_but_how_to_do_it_is(read: Any) -> None:
    assert read("烫出水泡要挑吗", topic="burn", asked=None).get(FOLLOWS)["whole"]
    assert "faq" == intent(read("烫伤怎么处理", topic="burn", asked=None))


def test_cards_of_one_disaster_are_the_nearest_kin() -> None:
    likeness = KIN.likeness["faq/quake_in"]
    assert "faq/quake_out" == max(likeness, key=likeness.__getitem__)
    assert "faq/quake_in" not in likeness
    assert "faq/food" not in likeness


def test_a_title_that_names_what_she_names_gains_more() -> None:
    config = FollowUp.get_default_config()
    plain, named = (KIN.prior("faq/quake_in", words, config)["faq/quake_out"] for words in ([], ["户外"]))
    assert plain + config["named"] == pytest.approx(named)
    own = KIN.prior("faq/quake_in", ["地震"], config)
    assert (plain, 1.0 + config["named"]) == (own["faq/quake_out"], own["faq/quake_in"])


def test_the_title_is_a_cards_first_example() -> None:
    examples = [
        Message({"text": "標題", "intent": "faq", "intent_response_key": "faq/a"}),
        Message({"text": "你好", "intent": "greet"}),
        Message({"text": "问法", "intent": "faq", "intent_response_key": "faq/a"}),
    ]
    assert {"faq/a": ["标题", "问法"]} == questions_by_card(TrainingData(examples))


# --- words that mean several things ---------------------------------------------------------------------


def test_an_ambiguous_word_is_asked_back_about(read: Any) -> None:
    message = read("中毒了怎么办", topic=None, asked=None)
    assert ("nlu_fallback", ["faq/food", "faq/gas"]) == (intent(message), message.get(CLARIFY))
    assert ["faq/food", "faq/gas"] == read("中毒").get(CLARIFY)


def test_the_same_word_again_is_not_asked_about_again_from_the_list(read: Any) -> None:
    assert ["faq/food", "faq/gas"] != read("中毒", topic=None, asked="中毒了").get(CLARIFY)


@pytest.mark.parametrize(("word", "card"), [("煤气", "faq/gas"), ("食物", "faq/food"), ("烧炭", "faq/gas")])
def test_the_missing_word_is_read_with_the_word_that_was_asked_about(read: Any, word: str, card: str) -> None:
    message = read(word, topic=None, asked="中毒")
    assert ("faq", card) == (intent(message), message.get("ranking")[0]["label"])


def test_a_word_that_does_not_settle_it_brings_the_same_choices_again(read: Any) -> None:
    unsure = [("out_of_scope", 0.3), ("faq/gas", 0.2)]
    metadata = {"topic": None, "asked": "中毒"}
    message = Message({"text": "手", "metadata": metadata, CANDIDATES: unsure, RERANK: lambda text: unsure})
    component = Ambiguity({"answer": 0.5}, NO_STORE, NO_STORE, WORDS, dict(KIN.titles))
    assert ["faq/food", "faq/gas"] == component.process([message])[0].get(CLARIFY)


@pytest.mark.parametrize(("text", "expected"), [("谢谢", "thank"), ("开水烫到手", "faq")])
def test_something_else_said_instead_is_understood_as_ever(read: Any, text: str, expected: str) -> None:
    message = read(text, topic=None, asked="中毒")
    assert expected == intent(message)
    assert message.get("ranking")[0]["label"] in ("thank", "faq/burn")
