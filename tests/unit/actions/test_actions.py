from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import set_services
from actions.browse_category import ActionBrowseCategory
from actions.clarify import ActionClarify
from actions.follow_up import ActionFollowUp, paragraphs
from actions.handoff import ActionHandoff
from xiaoxiao.errors import NotFound
from xiaoxiao.knowledge.cards import load_cards
from xiaoxiao.knowledge.follow_ups import FollowUps
from xiaoxiao.knowledge.hotlines import load_hotlines
from xiaoxiao.knowledge.passages import Passage, Section


class Desk:
    """Remembers who was handed over; with nobody there it refuses."""

    def __init__(self, *, staffed: bool = True) -> None:
        self.staffed = staffed
        self.handed_over: list[tuple[str, str]] = []

    def hand_off_contact(self, contact: str, reason: str) -> None:
        if not self.staffed:
            raise NotFound
        self.handed_over.append((contact, reason))


class Twin:
    def __init__(self, desk: Desk) -> None:
        self.conversations = desk
        self.cards = load_cards(Path(__file__).parents[2] / "fixtures/knowledge")
        self.hotlines = load_hotlines(Path(__file__).parents[3] / "data/hotlines.csv")
        self.titles = {"query_alert": "查现在的预警"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    set_services(Twin(desk))
    yield desk
    set_services(None)


def said(
    action: Action, text: str = "", *, events: list[dict[str, Any]] | None = None, **brought: Any
) -> Any:
    message = {
        "text": text,
        "metadata": brought.pop("metadata", None),  # what rasa shell sends
        "intent": {"name": brought.pop("intent", None)},
        "clarify": brought.pop("clarify", []),
        "follows": brought.pop("follows", None),
        "kin": brought.pop("kin", []),
        "entities": [{"entity": name, "value": value} for name, value in brought.items()],
    }
    dispatcher = CollectingDispatcher()
    tracker = Tracker("openid", {}, message, events or [{"event": "user"}], False, None, {}, "action_listen")
    action.run(dispatcher, tracker, {})
    return [(m["response"], [b["payload"] for b in m["buttons"]], m) for m in dispatcher.messages]


def test_unsure_offers_what_has_a_name(desk: Desk) -> None:
    ((response, payloads, _),) = said(
        ActionClarify(), clarify=["faq/nosebleed", "query_alert", "greet", "faq/gone"]
    )
    assert (response, payloads) == ("utter_did_you_mean", ["/faq/nosebleed", "/query_alert"])


def test_no_idea_is_an_honest_no(desk: Desk) -> None:
    ((response, payloads, _),) = said(ActionClarify())
    assert (response, payloads) == ("utter_fallback", [])


def test_the_second_misunderstanding_in_a_row_brings_a_person(desk: Desk) -> None:
    before = [{"event": "user"}, {"event": "action", "name": "action_clarify"}, {"event": "user"}]
    ((response, _, _),) = said(ActionClarify(), events=before)
    assert response == "utter_handoff_misunderstood"
    assert desk.handed_over == [("openid", "misunderstood")]


def test_while_there_are_choices_a_person_comes_a_turn_later(desk: Desk) -> None:
    asked = [
        said(ActionClarify(), clarify=["faq/nosebleed"], metadata={"misunderstood": n}) for n in (0, 1, 2)
    ]
    assert ["utter_did_you_mean", "utter_did_you_mean", "utter_handoff_misunderstood"] == [
        a[0][0] for a in asked
    ]


def test_the_applications_count_goes_before_what_the_dialogue_shows(desk: Desk) -> None:
    before = [{"event": "user"}, {"event": "action", "name": "action_clarify"}, {"event": "user"}]
    given_back = said(ActionClarify(), events=before, metadata={"misunderstood": 0})
    assert ["utter_fallback"] == [response for response, _, _ in given_back]
    assert [] == desk.handed_over
    again = said(ActionClarify(), metadata={"misunderstood": 1})
    assert ["utter_handoff_misunderstood"] == [response for response, _, _ in again]


def test_an_answer_in_between_starts_the_count_anew(desk: Desk) -> None:
    before = [
        {"event": "user"},
        {"event": "action", "name": "action_clarify"},
        {"event": "user"},
        {"event": "action", "name": "utter_faq"},
        {"event": "user"},
    ]
    ((response, _, _),) = said(ActionClarify(), events=before)
    assert response == "utter_fallback"


def test_a_new_session_starts_the_count_anew(desk: Desk) -> None:
    before = [
        {"event": "user"},
        {"event": "action", "name": "action_clarify"},
        {"event": "session_started"},
        {"event": "user"},
    ]
    ((response, _, _),) = said(ActionClarify(), events=before)
    assert response == "utter_fallback"


def test_a_person_comes_when_asked_for(desk: Desk) -> None:
    ((response, _, _),) = said(ActionHandoff(), intent="request_human")
    assert response == "utter_handoff"
    assert desk.handed_over == [("openid", "request_human")]


def test_nobody_there_is_said(desk: Desk) -> None:
    desk.staffed = False
    ((response, _, _),) = said(ActionHandoff(), intent="request_human")
    assert response == "utter_handoff_unavailable"


def test_a_column_shows_its_cards(desk: Desk) -> None:
    ((response, payloads, message),) = said(ActionBrowseCategory(), category="natural")
    assert (response, payloads) == ("utter_category", ["/faq/landslide"])
    assert message["category_title"] == "自然灾害防控"


@pytest.mark.parametrize("page", ["9", "x", "0"])
def test_a_page_that_does_not_exist_is_the_nearest(desk: Desk, page: str) -> None:
    ((_, payloads, _),) = said(ActionBrowseCategory(), category="natural", page=page)
    assert payloads == ["/faq/landslide"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("公共卫生栏目", "utter_category_empty"),
        ("看看应急基础常识", "utter_category"),
        ("有哪些栏目", "utter_choose_category"),
    ],
)
def test_a_column_can_be_named_in_words(desk: Desk, text: str, response: str) -> None:
    assert response == said(ActionBrowseCategory(), text)[0][0]


# --- further questions about the last card ----------------------------------------------------------------

FORMS = FollowUps.read(
    (Path(__file__).parents[3] / "data/lexicon/follow_ups.csv").read_text(encoding="utf-8")
)


def asked_further(text: str, card: str | None = "nosebleed", *, whole: bool = False, **about: Any) -> Any:
    leaning = FORMS.leaning(text)
    assert leaning is not None
    follows = {
        "card": card,
        "whole": whole,
        "form": leaning.form.value,
        "kinds": list(leaning.kinds),
        "sought": list(leaning.sought),
        "content": leaning.content,
    }
    ((response, _, message),) = said(ActionFollowUp(), text, follows=follows, **about)
    return response, message


def test_a_further_question_is_answered_with_sentences_of_the_card(desk: Desk) -> None:
    response, message = asked_further("要多久")
    assert ("utter_follow_up", "流鼻血怎么办") == (response, message["card_title"])
    card = load_cards(Path(__file__).parents[2] / "fixtures/knowledge")["nosebleed"]
    reviewed = "".join((card.lead, *card.steps, *card.donts, card.background))
    assert message["passages"]
    assert all(line.removeprefix("千万不要：") in reviewed for line in message["passages"].splitlines())


def test_the_numbers_are_those_of_the_card(desk: Desk) -> None:
    response, message = asked_further("打哪个电话")
    assert "utter_follow_up_hotlines" == response
    assert "120" in message["hotlines"]


def test_where_the_card_is_silent_it_is_said_with_the_first_sentence_and_a_number(desk: Desk) -> None:
    response, message = asked_further("能坐飞机吗")
    assert "utter_follow_up_silent_health" == response
    card = load_cards(Path(__file__).parents[2] / "fixtures/knowledge")["nosebleed"]
    assert message["lead"].startswith(card.lead)
    assert all(dont.rstrip("。") in message["lead"] for dont in card.donts)
    assert "120" in message["hotlines"]


def test_where_the_card_is_silent_a_kindred_card_that_speaks_of_it_is_offered(desk: Desk) -> None:
    assert [] == asked_further("能仰头吗", "landslide")[1]["buttons"]
    (offered,) = asked_further("能仰头吗", "landslide", kin=["gone", "nosebleed"])[1]["buttons"]
    assert {"title": "流鼻血怎么办", "payload": "/faq/nosebleed"} == offered


def test_where_the_card_itself_is_an_answer_it_is_said_whole(desk: Desk) -> None:
    assert "utter_faq/nosebleed" == asked_further("能坐飞机吗", whole=True)[0]


@pytest.mark.parametrize(
    ("question", "silent"), [("能坐飞机吗", True), ("要多久", False), ("打哪个电话", False)]
)
def test_that_the_card_is_silent_is_told_to_the_engine(desk: Desk, question: str, silent: bool) -> None:
    assert silent is ((asked_further(question)[1].get("custom") or {}).get("silent") is True)


def test_that_there_is_nothing_more_is_silence_too(desk: Desk) -> None:
    read = [{"event": "bot", "text": asked_further("还有呢")[1]["passages"]}, {"event": "user"}]
    assert {"silent": True} == asked_further("还有呢", events=read)[1]["custom"]


def test_where_nobody_is_ill_12345_comes_before_the_ambulance(desk: Desk) -> None:
    assert "utter_follow_up_silent" == asked_further("能坐飞机吗", "landslide")[0]


def test_what_was_read_is_not_said_again(desk: Desk) -> None:
    first, message = asked_further("还有呢")
    assert "utter_follow_up" == first
    read = [{"event": "bot", "text": message["passages"]}, {"event": "user"}]
    assert "utter_follow_up_nothing_more" == asked_further("还有呢", events=read)[0]


def test_sentences_of_the_background_are_one_text() -> None:
    step, one, two = (
        Passage(section, text)
        for section, text in (
            (Section.STEP, "冲。"),
            (Section.BACKGROUND, "一。"),
            (Section.BACKGROUND, "二。"),
        )
    )
    assert "冲。\n一。二。" == paragraphs((step, one, two))


def test_a_card_that_is_gone_is_asked_about(desk: Desk) -> None:
    assert "utter_follow_up_of_what" == asked_further("多久", "gone")[0]


def test_leaning_on_nothing_is_asked_back_about_twice_before_a_person(desk: Desk) -> None:
    for times, expected in enumerate(
        ("utter_follow_up_of_what", "utter_follow_up_of_what", "utter_handoff_misunderstood")
    ):
        ((response, _, _),) = said(ActionClarify(), follows={"card": None}, metadata={"misunderstood": times})
        assert expected == response
