"""The Rasa project holds together: what one file names, another defines. `rasa train` alone would not say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from extensions.response_generator import fill_text, placeholders
from xiaoxiao.gate import SMALL_TALK as GATED
from xiaoxiao.knowledge.cards import CATEGORIES
from xiaoxiao.knowledge.follow_ups import FollowUps, Form
from xiaoxiao.knowledge.hotlines import load_hotlines
from xiaoxiao.knowledge.topics import load_titles
from xiaoxiao.persona import load_persona

ROOT = Path(__file__).parents[2]
#: a citizen can say a task in many more ways than a greeting
TASK_EXAMPLES, SMALL_TALK_EXAMPLES = 40, 15
#: brought by Rasa, by buttons or by cards: no examples of their own
WITHOUT_EXAMPLES = {"faq", "nlu_fallback", "follow_up"}


def load(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict), path
    return data


def files(folder: str) -> list[Path]:
    return sorted((ROOT / "data" / folder).glob("*.yml"))


DOMAIN = load(ROOT / "domain.yml")
RESPONSES = {name: group for path in files("responses") for name, group in load(path)["responses"].items()}
RULES = [rule for path in files("rules") for rule in load(path)["rules"]]


def examples() -> dict[str, list[str]]:
    blocks = [block for path in files("nlu") for block in load(path)["nlu"]]
    return {b["intent"]: [line.removeprefix("- ") for line in b["examples"].splitlines()] for b in blocks}


def steps(key: str) -> list[str]:
    return [step[key] for rule in RULES for step in rule["steps"] if key in step]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)


def code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "actions").glob("*.py")))


def test_every_action_of_the_domain_is_registered_once_and_no_other() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    # the executor registers every Action class of the process, those of other tests among them
    ours = [name for name, run in executor.actions.items() if run.__self__.__module__.startswith("actions.")]
    assert sorted(DOMAIN["actions"]) == sorted(ours)
    assert [] == [
        name for name, count in Counter(re.findall(r'return "(action_\w+)"', code())).items() if count > 1
    ]


def test_every_intent_has_enough_different_examples() -> None:
    known = examples()
    small = {block["intent"] for block in load(ROOT / "data/nlu/smalltalk.yml")["nlu"]}
    wanted = {i: SMALL_TALK_EXAMPLES if i in small else TASK_EXAMPLES for i in DOMAIN["intents"]}
    few = {i: n for i, n in wanted.items() if i not in WITHOUT_EXAMPLES and len(set(known.get(i, ()))) < n}
    assert few == {}
    assert set() == set(known) - set(DOMAIN["intents"])


def test_no_example_stands_twice() -> None:
    said = Counter(text for texts in examples().values() for text in texts)
    assert [text for text, count in said.items() if count > 1] == []


def test_every_example_of_a_follow_up_leans_by_its_form() -> None:
    forms = FollowUps.read((ROOT / "data/lexicon/follow_ups.csv").read_text(encoding="utf-8"))
    found = {text: forms.leaning(text) for text in examples()["follow_up"]}
    assert [] == [
        t for t, leaning in found.items() if not leaning or leaning.form not in (Form.FIXED, Form.NOUN)
    ]


def test_every_intent_has_a_rule() -> None:
    assert sorted(DOMAIN["intents"]) == sorted(steps("intent"))


def test_every_topic_has_the_same_file_name_in_each_folder() -> None:
    names = {path.name for path in files("responses")}
    assert {path.name for path in files("nlu")} <= names
    assert {path.name for path in files("rules")} == names


def test_every_response_used_exists_and_every_response_is_used() -> None:
    used = {action for action in steps("action") if action.startswith("utter_")} - {"utter_faq"}
    used |= set(re.findall(r'"(utter_\w+)"', code()))
    assert used == set(RESPONSES)


def test_every_payload_names_an_intent_of_the_domain() -> None:
    payloads = [b["payload"] for group in RESPONSES.values() for v in group for b in v.get("buttons", ())]
    intents = {re.sub(r"[{/].*", "", payload.removeprefix("/")) for payload in payloads}
    assert intents <= set(DOMAIN["intents"])
    columns = {column for p in payloads for column in re.findall(r'"category":"(\w+)"', p)}
    assert set(CATEGORIES) == columns


def test_every_placeholder_is_known() -> None:
    persona = load_persona(ROOT / "persona.yml")
    known = set(persona.placeholders()) | {f"hotline_{k}" for k in load_hotlines(ROOT / "data/hotlines.csv")}
    known |= {
        "category_title",
        "page",
        "pages",
        "card_title",
        "passages",
        "lead",
        "hotlines",
    }
    used = {w for text in strings(RESPONSES) for w in re.findall(r"(?<!\{)\{(\w+)\}", text)}
    assert set() == used - known


def test_every_number_in_a_response_is_in_the_hotline_table() -> None:
    table = load_hotlines(ROOT / "data/hotlines.csv")
    texts = [text for text in strings(RESPONSES) if not text.startswith("/")]
    numbers = {
        n for text in texts for n in re.findall(r"(?<![\d.])(?:1[12]\d|1[02]\d{3}|9\d{4})(?![\d.]| 元)", text)
    }
    assert set() == numbers - {"12123"} - table.numbers()  # 交管12123 is an app, not a number to call


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.yml")), ids=lambda path: path.name)
def test_no_value_waits_for_a_variable_that_rasa_does_not_expand(path: Path) -> None:
    assert [text for text in strings(load(path)) if "${" in text] == []


def test_only_choices_that_exist_have_a_name() -> None:
    assert set() == set(load_titles(ROOT / "data/lexicon/topics.csv")) - set(DOMAIN["intents"])


def test_answers_never_claim_to_be_a_person_and_fit_one_message() -> None:
    texts = [v["text"] for group in RESPONSES.values() for v in group]
    assert [t for t in texts if "我是真人" in t or "我是人" in t] == []
    assert [t for t in texts if len(t.encode()) > 1500] == []


# --- small talk -----------------------------------------------------------------------------------------

SMALL_TALK = load(ROOT / "data/responses/smalltalk.yml")["responses"]
PERSONA = load_persona(ROOT / "persona.yml")


def small_talk(name: str) -> list[str]:
    """As citizens read it."""
    words = placeholders(PERSONA, load_hotlines(ROOT / "data/hotlines.csv", PERSONA))
    return [fill_text(variant["text"], words) for variant in SMALL_TALK[name]]


@pytest.mark.parametrize("name", SMALL_TALK)
def test_small_talk_varies_and_is_short(name: str) -> None:
    texts = small_talk(name)
    assert 3 <= len(set(texts)) == len(texts)
    assert [] == [text for text in texts if len(text) > 40 or "\n" in text]


@pytest.mark.parametrize("name", SMALL_TALK)
def test_small_talk_never_claims_to_be_a_person(name: str) -> None:
    said = "".join(small_talk(name)).replace("不是真人", "")
    assert None is re.search(r"真人|我是人|本人|我也是人|我们人类|机器人才", said)


def test_asked_whether_she_is_a_machine_she_says_so_every_time() -> None:
    assert all("AI 助手" in text and "不是真人" in text for text in small_talk("utter_bot_challenge"))


def test_an_insult_is_answered_with_an_apology_and_a_way_to_a_person() -> None:
    for variant in SMALL_TALK["utter_insult"]:
        assert re.match("抱歉|对不起", variant["text"])
        assert "/request_human" in {button["payload"] for button in variant["buttons"]}


def test_the_gate_silences_small_talk_that_exists_and_leaves_the_honest_answers() -> None:
    spoken = {name.removeprefix("utter_") for name in SMALL_TALK}
    assert {"thank", "goodbye", "affirm", "deny", "cancel", "bot_challenge"} == spoken - GATED
    assert spoken > GATED
