"""The menu's description is checked before WeChat refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.wechat.menus import TYPES, MenuInvalid, menu_body

CLICK = {"name": "紧急电话", "type": "click", "key": "hotlines"}


def entry(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (CLICK | {"name": "电话"} | changed).items() if value is not None}


def test_columns_and_entries_become_buttons() -> None:
    columns: list[dict[str, Any]] = [
        {"name": "应急", "entries": [CLICK, {"name": "避难场所", "type": "view", "url": "https://a.cn/s"}]},
        {"name": "办事", "type": "miniprogram", "appid": "wx1", "pagepath": "p", "url": "https://a.cn"},
    ]

    assert {
        "button": [
            {
                "name": "应急",
                "sub_button": [
                    {"type": "click", "name": "紧急电话", "key": "hotlines"},
                    {"type": "view", "name": "避难场所", "url": "https://a.cn/s"},
                ],
            },
            {"type": "miniprogram", "name": "办事", "appid": "wx1", "pagepath": "p", "url": "https://a.cn"},
        ]
    } == menu_body(columns)


@pytest.mark.parametrize("kind", TYPES)
def test_every_documented_type_is_accepted_with_its_fields(kind: str) -> None:
    fields = {field: "https://a.cn" if field == "url" else "x" for field in TYPES[kind]}

    body = menu_body([{"name": "一", "type": kind} | fields])

    assert {"button": [{"type": kind, "name": "一"} | fields]} == body


@pytest.mark.parametrize(
    ("said", "columns"),
    [
        ("0 列", []),
        ("4 列", [entry()] * 4),
        ("「应急」应有 1 到 5 个", [{"name": "应急", "entries": []}]),
        ("「应急」应有 1 到 5 个", [{"name": "应急", "entries": [entry()] * 6}]),
        ("「应急」应有 1 到 5 个", [{"name": "应急", "entries": "电话"}]),
        ("「应急」下面有子菜单", [{"name": "应急", "type": "click", "entries": [entry()]}]),
        ("没有 name", [entry(name=None)]),
        ("没有 name", [entry(name=" ")]),
        ("没有 name", ["电话"]),
        ("名称有 18 字节,上限 16 字节", [entry(name="城市应急办公")]),
        ("名称有 63 字节,上限 60 字节", [{"name": "应急", "entries": [entry(name="长" * 21)]}]),
        ("「电话」的 type「None」不认识", [entry(type=None)]),
        ("「电话」的 type「tap」不认识", [entry(type="tap")]),
        ("「电话」缺少 key", [entry(key=None)]),
        ("「电话」缺少 key", [entry(key=" ")]),
        ("「电话」缺少 key", [entry(key=12)]),
        ("key有 129 字节,上限 128 字节", [entry(key="k" * 129)]),
        ("用不上:url", [entry(url="https://a.cn")]),
        ("用不上:entreis", [entry(entreis=[])]),
        ("url 应以 https://", [{"name": "电话", "type": "view", "url": "a.cn"}]),
        ("url有 1025 字节,上限 1024", [{"name": "电话", "type": "view", "url": "https://" + "a" * 1017}]),
    ],
)
def test_what_wechat_would_refuse_is_named_in_a_sentence(said: str, columns: list[Any]) -> None:
    with pytest.raises(MenuInvalid) as caught:
        menu_body(columns)

    assert said in str(caught.value)


def test_the_limits_themselves_are_allowed() -> None:
    menu_body(
        [
            {"name": "一二三四五a", "entries": [entry(name="长" * 20, key="k" * 128)] * 5},
            {"name": "页", "type": "view", "url": "https://" + "a" * 1016},
            entry(),
        ]
    )
