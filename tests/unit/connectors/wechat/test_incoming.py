from __future__ import annotations

from pathlib import Path

import pytest

from connectors.wechat.incoming import incoming
from connectors.wechat.messages import parse
from xiaoxiao.menu import Column, Entry, Menu
from xiaoxiao.store.conversation import Incoming, Trigger

FIXTURES = Path(__file__).parents[3] / "fixtures" / "wechat"
HEAD = "<ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1700000000</CreateTime>"
MENU = Menu((Column("栏", (Entry("预警", "alert", "/query_alert"),)),), {"report": "/report_hazard"})


def read(elements: str, account: str = "wx1") -> Incoming:
    return incoming(parse(f"<xml>{HEAD}{elements}</xml>".encode()), account=account, menu=MENU)


def event(name: str, key: str = "") -> Incoming:
    return read(f"<MsgType>event</MsgType><Event>{name}</Event><EventKey>{key}</EventKey>")


def text(said: str, more: str = "") -> Incoming:
    return read(f"<MsgType>text</MsgType><Content>{said}</Content><MsgId>1</MsgId>{more}")


def test_the_app_id_names_the_account_and_without_it_the_gh_id() -> None:
    assert ("wx1", "gh_1") == (
        event("CLICK").account,
        read("<MsgType>text</MsgType><MsgId>1</MsgId>", "").account,
    )


@pytest.mark.parametrize(
    ("name", "key", "payload"),
    [
        ("CLICK", "alert", "/query_alert"),
        ("CLICK", "/help", None),
        ("SCAN", "report", "/report_hazard"),
        ("SCAN", "/help", None),
        ("subscribe", "qrscene_report", "/report_hazard"),
        ("subscribe", "", None),
        ("VIEW", "alert", None),
    ],
)
def test_only_our_own_keys_and_scenes_become_intents(name: str, key: str, payload: str | None) -> None:
    assert payload == event(name, key).payload


@pytest.mark.parametrize("said", ["/help", "alert", "report"])
def test_what_was_typed_is_never_a_payload(said: str) -> None:
    assert (said, None) == (text(said).text, text(said).payload)


@pytest.mark.parametrize(
    ("name", "trigger"),
    [
        ("subscribe", Trigger.FOLLOW),
        ("SCAN", Trigger.SCAN),
        ("CLICK", Trigger.MENU),
        ("scancode_push", Trigger.MENU),
        ("scancode_waitmsg", Trigger.MENU),
        ("VIEW", Trigger.NONE),
        ("LOCATION", Trigger.NONE),
        ("unsubscribe", Trigger.NONE),
        ("brand_new", Trigger.NONE),
    ],
)
def test_an_event_grants_what_wechat_says(name: str, trigger: Trigger) -> None:
    assert trigger is event(name).trigger


def test_words_grant_a_message_window_and_a_tap_a_click_window() -> None:
    tapped = text("甲", "<bizmsgmenuid>7</bizmsgmenuid>")
    assert (Trigger.MESSAGE, Trigger.MENU) == (text("甲").trigger, tapped.trigger)
    assert "7" == tapped.fields["bizmsgmenuid"]


#: what is in the envelopes of the others is tested with the webhook
PLAIN = [path for path in sorted(FIXTURES.glob("*.xml")) if not path.stem.startswith("encrypted")]


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_every_known_push_becomes_an_incoming(path: Path) -> None:
    made = incoming(parse(path.read_bytes()), account="wx1", menu=MENU)
    assert made.key
    assert bool(made.event) == (made.kind == "event")
