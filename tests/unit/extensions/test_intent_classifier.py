from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.intent_classifier import (
    CANDIDATES,
    Decision,
    IntentClassifier,
    answer_sentences,
    labelled_texts,
)
from tests.unit.language.test_encoder import CountingEncoder
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.language.encoder import CachedEncoder, shared_encoder
from xiaoxiao.language.kernel_model import Shape

SAID = {
    "faq/gas_leak": ["煤气漏了怎么办", "家里一股臭鸡蛋味", "闻到燃气味", "液化气漏气了"],
    "faq/gas_fire": ["煤气灶着火怎么灭", "燃气瓶口起火", "液化气罐烧起来了", "煤气着火先关阀吗"],
    "greet": ["你好", "您好呀", "早上好", "在吗"],
}
TEXTS = [text for texts in SAID.values() for text in texts]
LABELS = [label for label, texts in SAID.items() for _ in texts]


@pytest.fixture(scope="module")
def decision() -> Decision:
    return Decision.train(TEXTS, LABELS, encoder=shared_encoder("use"), shape=Shape(directions=8))


def classified(decision: Decision, text: str) -> Message:
    classifier = IntentClassifier({}, None, None, decision)  # type: ignore[arg-type]
    return classifier.process([Message({"text": text})])[0]


def test_the_cards_share_the_confidence_of_faq(decision: Decision) -> None:
    message = classified(decision, "煤气好像漏了,又好像着火了")
    cards = [p for label, p in message.get(CANDIDATES) if label.startswith("faq/")]
    assert message.get("intent")["name"] == "faq"
    assert sum(cards) == pytest.approx(message.get("intent")["confidence"])


def test_a_payload_is_not_decided(decision: Decision) -> None:
    assert classified(decision, "/greet").get("intent") is None


def test_a_saved_model_says_the_same(decision: Decision, tmp_path: Path) -> None:
    decision.save(tmp_path)
    opened = Decision.open(tmp_path, shared_encoder("use"))
    ranked = [decision.rank("闻着像煤气"), opened.rank("闻着像煤气")]
    assert [label for label, _ in ranked[0]] == [label for label, _ in ranked[1]]
    assert ranked[0][0][1] == pytest.approx(ranked[1][0][1], abs=1e-3)


def test_a_model_of_another_encoder_is_refused(decision: Decision, tmp_path: Path) -> None:
    decision.save(tmp_path)
    with pytest.raises(ConfigurationError, match="重新训练"):
        Decision.open(tmp_path, CachedEncoder(CountingEncoder()))


def test_sentences_of_answers_teach_their_card() -> None:
    key = "faq/gas_leak"
    question = Message({"text": "漏氣", "intent": "faq", "intent_response_key": key})
    data = TrainingData(
        [question],
        responses={f"utter_{key}": [{"text": "先走。\n\n1. 别开灯。\n\n☎ 119"}], "utter_faq/x": []},
    )
    assert (["漏气"], [key]) == labelled_texts(data)
    assert (["先走.", "1. 别开灯."], [key, key]) == answer_sentences(data)


def test_training_again_may_take_the_classifier_from_rasas_cache() -> None:
    cached = {"output": "the result of the last training, in the place of the configuration"}
    assert IntentClassifier.fingerprint_addon(cached) is None
    assert IntentClassifier.fingerprint_addon(IntentClassifier.get_default_config()) is not None
