from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from extensions.entities import EntityExtractor, Gazetteer
from extensions.lexicon import Lexicon

ROOT = Path(__file__).parents[3]


@cache
def extractor() -> EntityExtractor:
    lexicon = Lexicon.read(str(ROOT / "data/lexicon/entities.jsonl"))
    extractor = EntityExtractor(None, None, lexicon)  # type: ignore[arg-type]
    extractor._gazetteer = Gazetteer(lexicon)
    return extractor


def found(text: str) -> list[tuple[str, str, str]]:
    message = extractor().process([Message({"text": text})])[0]
    return [(e["entity"], e["value"], text[e["start"] : e["end"]]) for e in message.get("entities")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "浦东新区有没有暴雨红色预警",
            [("place", "浦东新区", "浦东新区"), ("disaster", "暴雨", "暴雨"), ("colour", "红色", "红色")],
        ),
        (
            "明天颱風到寧波嗎",
            [("date", "明天", "明天"), ("disaster", "台风", "颱風"), ("place", "宁波", "寧波")],
        ),
        ("查🚗沪A·幺二三四五", [("plate", "沪A12345", "沪A·幺二三四五")]),
        ("老爸的车啦,湘A·D 七 七 零 幺 二,看看", [("plate", "湘AD77012", "湘A·D 七 七 零 幺 二")]),
        (
            "追溯码3101 0212 3456 7890 1234",
            [("trace_code", "31010212345678901234", "3101 0212 3456 7890 1234")],
        ),
        ("打138-1234-5678", [("phone", "13812345678", "138-1234-5678")]),
        ("查粤BO8881", []),
        ("大风扇", []),
    ],
)
def test_entities_have_a_plain_value_and_a_place_in_the_citizens_own_text(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert expected == found(text)


def test_payloads_are_left_to_rasa() -> None:
    message = extractor().process([Message({"text": '/browse_category{"category":"natural"}'})])[0]
    assert message.get("entities") is None
