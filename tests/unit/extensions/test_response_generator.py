from __future__ import annotations

from rasa.shared.core.domain import Domain

from extensions.response_generator import PersonaResponseGenerator, fill_responses, fill_text

WORDS = {"name": "小小", "link_violation": "", "hotline_gas_company": "0991-1234567"}


def test_the_citys_words_are_filled_in_and_slots_left_to_rasa() -> None:
    assert fill_text("我是{name}，{plate_masked} 对吗", WORDS) == "我是小小，{plate_masked} 对吗"


def test_a_line_that_needs_what_the_city_has_not_got_is_left_out() -> None:
    assert (
        fill_text("查违章：\n本地 {link_violation}\n燃气 {hotline_gas_company}", WORDS)
        == "查违章：\n燃气 0991-1234567"
    )


def test_payloads_are_not_touched() -> None:
    button = {"title": "{name}", "payload": '/browse_category{{"category":"basics"}}'}
    filled = fill_responses({"utter_x": [{"text": "a", "buttons": [button]}]}, WORDS)
    assert {**button, "title": "小小"} == filled["utter_x"][0]["buttons"][0]


def test_responses_of_every_new_model_are_filled() -> None:
    generator = PersonaResponseGenerator(None, Domain.empty())
    generator.responses = {"utter_x": [{"text": "{name}"}]}
    assert generator.responses["utter_x"][0]["text"] == "小小"
