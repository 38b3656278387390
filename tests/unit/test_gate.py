from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.scripted_office import START
from xiaoxiao.desk.orders import Order, Standing
from xiaoxiao.engine import Reply
from xiaoxiao.gate import SMALL_TALK, Gate
from xiaoxiao.services import build_services
from xiaoxiao.store.conversation import Answer, Button
from xiaoxiao.store.memory import MemoryStore

ROOT = Path(__file__).parents[2]
NOSEBLEED, FEVER, PERSON = "/faq/nosebleed", "/faq/fever_care", "/request_human"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return build_services({}, root=ROOT, store=MemoryStore()).gate


def closed(*labels: str) -> Standing:
    return Standing({label: Order("close", "li", START, label) for label in labels})


def emergency(note: str = "", *labels: str) -> Standing:
    return Standing(closed(*labels).closed, Order("declare", "li", START, note=note))


def asked(*payloads: str, understood: bool = False) -> Reply:
    buttons = tuple(Button(payload, payload) for payload in payloads)
    return Reply((Answer("您是想问这个吗?", buttons),), understood=understood)


def payloads(reply: Reply) -> list[str]:
    return [button.payload for button in reply.answers[0].buttons]


def withheld(label: str) -> Reply:
    return Reply((), intent=label, withheld=True)


def test_without_orders_every_reply_passes_as_it_is(gate: Gate) -> None:
    reply = asked(NOSEBLEED)
    assert reply == gate.passed(reply, Standing())
    assert frozenset() == gate.withheld(Standing())


def test_a_closed_card_is_an_honest_no_with_its_numbers_12345_and_a_person(gate: Gate) -> None:
    reply = gate.passed(withheld("faq/fraud_96110"), closed("faq/fraud_96110"))
    text = reply.answers[0].text
    assert all(word in text for word in ("正在核对", "☎", "96110 反诈专线", "12345", "119"))
    assert [PERSON] == payloads(reply)


def test_12345_is_not_named_twice(gate: Gate) -> None:
    label = next(f"faq/{card.id}" for card in gate.cards.values() if "12345" in card.hotlines)
    assert 1 == gate.passed(withheld(label), closed(label)).answers[0].text.count("12345")


def test_a_closed_task_and_a_card_that_is_gone_have_no_numbers_and_no_empty_line(gate: Gate) -> None:
    for label, name in (("query_violation", "「查违章」"), ("faq/gone", "「faq/gone」")):
        text = gate.passed(withheld(label), closed(label)).answers[0].text
        assert (True, False, False) == (name in text, "☎" in text, "\n\n" in text)


def test_a_closed_card_is_no_choice_below_any_answer(gate: Gate) -> None:
    standing = closed("faq/fever_care", "browse_category")
    reply = asked(NOSEBLEED, FEVER, '/browse_category{"category":"basics"}', PERSON, understood=True)
    assert [NOSEBLEED, PERSON] == payloads(gate.passed(reply, standing))
    assert "您是想问这个吗?" == gate.passed(reply, standing).answers[0].text


def test_asked_back_a_closed_lesser_choice_is_left_out(gate: Gate) -> None:
    reply = gate.passed(asked(NOSEBLEED, FEVER), closed("faq/fever_care"))
    assert ("您是想问这个吗?", [NOSEBLEED]) == (reply.answers[0].text, payloads(reply))


def test_asked_back_the_likeliest_being_closed_she_hears_so_and_keeps_the_others(gate: Gate) -> None:
    reply = gate.passed(asked(NOSEBLEED, FEVER), closed("faq/nosebleed"))
    assert ("正在核对" in reply.answers[0].text, [FEVER, PERSON]) == (True, payloads(reply))
    assert not reply.understood


def test_asked_back_with_nothing_but_closed_choices_she_is_not_left_with_an_empty_question(
    gate: Gate,
) -> None:
    reply = gate.passed(asked(NOSEBLEED, FEVER), closed("faq/nosebleed", "faq/fever_care"))
    assert ("正在核对" in reply.answers[0].text, [PERSON]) == (True, payloads(reply))


def test_a_button_that_says_a_sentence_stays(gate: Gate) -> None:
    assert ["流鼻血怎么办"] == payloads(gate.passed(asked("流鼻血怎么办"), closed("faq/nosebleed")))


@pytest.mark.parametrize("label", sorted(SMALL_TALK))
def test_in_an_emergency_small_talk_is_one_short_sentence_with_the_offices_note(
    gate: Gate, label: str
) -> None:
    assert label in gate.withheld(emergency())
    text = gate.passed(withheld(label), emergency("全市防汛Ⅱ级响应")).answers[0].text
    assert text.startswith("应急响应中:全市防汛Ⅱ级响应。")
    assert ("\n" not in text, True, True) == (True, len(text) <= 60, "120" in text)


@pytest.mark.parametrize(
    "label", ["thank", "goodbye", "affirm", "deny", "cancel", "bot_challenge", "faq/flu_fever"]
)
def test_in_an_emergency_everything_else_is_answered(gate: Gate, label: str) -> None:
    assert label not in gate.withheld(emergency("防汛"))


def test_an_emergency_without_a_note_has_no_hole_in_its_sentence(gate: Gate) -> None:
    text = gate.passed(withheld("greet"), emergency()).answers[0].text
    assert (True, False) == (text.startswith("现在正在应急响应。"), ":。" in text)


def test_the_braces_of_a_note_stay_as_they_are(gate: Gate) -> None:
    assert "{name}" in gate.welcome(emergency("{name}")).text


def test_a_closed_topic_stays_closed_in_an_emergency(gate: Gate) -> None:
    standing = emergency("防汛", "faq/nosebleed", "query_alert")
    assert "正在核对" in gate.passed(withheld("faq/nosebleed"), standing).answers[0].text
    assert ["/find_shelter", PERSON] == payloads(gate.passed(withheld("greet"), standing))


def test_the_welcome_carries_the_note_and_offers_nothing_closed(gate: Gate) -> None:
    usual, now = gate.welcome(Standing()), gate.welcome(emergency("全市防汛Ⅱ级响应", "faq/gas_leak"))
    assert f"应急响应中:全市防汛Ⅱ级响应。\n{usual.text}" == now.text
    assert {"/faq/gas_leak"} == {b.payload for b in usual.buttons} - {b.payload for b in now.buttons}
