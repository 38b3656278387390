"""What the page asks for: each act reaches the server, each mistake is answered with a sentence."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.simulator.office import Office
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.simulator.acts import perform
from xiaoxiao.simulator.platform import Platform

Build = Callable[..., tuple[Platform, Office]]
PLACE = {"latitude": "31.2", "longitude": 121.4, "label": "家"}
CONTENT = base64.b64encode(b"\xff\xd8\xff").decode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"act": "say", "text": "你好"}, {"MsgType": "text", "Content": "你好"}),
        ({"act": "tap", "text": "是", "menu_id": "9"}, {"Content": "是", "bizmsgmenuid": "9"}),
        ({"act": "voice", "text": ""}, {"MsgType": "voice", "Recognition": ""}),
        ({"act": "voice", "text": "漏水"}, {"MsgType": "voice", "Recognition": "漏水"}),
        ({"act": "photo", "content": CONTENT}, {"MsgType": "image"}),
        ({"act": "file", "name": "a", "content": CONTENT}, {"MsgType": "file", "FileTotalLen": "3"}),
        ({"act": "location", **PLACE}, {"MsgType": "location", "Location_X": "31.2", "Label": "家"}),
        ({"act": "link", "title": "t", "url": "https://a.cn"}, {"MsgType": "link", "Url": "https://a.cn"}),
        ({"act": "menu", "name": "常识"}, {"Event": "CLICK", "EventKey": "knowledge"}),
        ({"act": "menu", "name": "爆料", "photos": [CONTENT]}, {"MsgType": "image"}),
        ({"act": "menu", "name": "避难", **PLACE}, {"MsgType": "location"}),
        ({"act": "follow", "scene": "s"}, {"Event": "subscribe", "EventKey": "qrscene_s"}),
        ({"act": "follow"}, {"Event": "subscribe", "EventKey": ""}),
        ({"act": "unfollow"}, {"Event": "unsubscribe"}),
        ({"act": "scan", "scene": "s"}, {"Event": "SCAN", "EventKey": "s"}),
        ({"act": "enter", **PLACE}, {"Event": "LOCATION", "Latitude": "31.2"}),
    ],
)
async def test_every_act_reaches_the_server(
    build: Build, data: dict[str, Any], expected: dict[str, str]
) -> None:
    platform, office = build()
    await perform(platform.citizen("小王"), data)
    assert expected == {name: office.received[-1][name] for name in expected}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "fly"},
        {"act": "say", "text": " "},
        {"act": "say", "text": 5},
        {"act": "say", "text": "水" * 10_001},
        {"act": "photo", "content": "###"},
        {"act": "photo", "content": ""},
        {"act": "photo"},
        {"act": "location", "latitude": "北", "longitude": 1},
        {"act": "location", "latitude": 91, "longitude": 1},
        {"act": "location", "latitude": "nan", "longitude": 1},
        {"act": "link", "title": "t", "url": "javascript:alert(1)"},
        {"act": "menu", "name": "爆料", "photos": [CONTENT] * 10},
        {"act": "menu", "name": "爆料", "photos": "x"},
        {"act": "scan"},
    ],
)
async def test_a_mistake_is_answered_with_a_sentence(build: Build, data: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match=r"。$"):
        perform(build()[0].citizen("小王"), data)


async def test_a_menu_entry_that_is_gone_is_not_found(build: Build) -> None:
    with pytest.raises(NotFound):
        perform(build()[0].citizen("小王"), {"act": "menu", "name": "没有"})
