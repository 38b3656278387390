"""The simulator over HTTP without a browser: who may do what, and the WeChat API on a real socket."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from xiaoxiao.simulator.account import Account


@pytest.fixture
def http(office: str) -> httpx.Client:
    return httpx.Client(base_url=f"{office}/simulator", trust_env=False)


@pytest.fixture
def token(http: httpx.Client) -> str:
    found = re.search(r'name="simulator-token" content="([^"]+)"', http.get("/").text)
    assert found
    return found[1]


def post(http: httpx.Client, path: str, token: str, **request: Any) -> httpx.Response:
    return http.post(path, headers={"X-Simulator-Token": token}, **request)


def test_only_this_machine_may_open_it(http: httpx.Client) -> None:
    answer = http.get("/", headers={"Host": "evil.example"})
    assert 403 == answer.status_code
    assert "本机" in answer.json()["message"]


@pytest.mark.parametrize("path", ["/act", "/citizens"])
@pytest.mark.parametrize("token", ["", "wrong", "错"])
def test_acts_need_the_pages_token(http: httpx.Client, path: str, token: str) -> None:
    answer = http.post(path, headers={"X-Simulator-Token": token.encode()}, json={"name": "路人"})
    assert (403, "请刷新") == (answer.status_code, "请刷新" if "请刷新" in answer.text else "")


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/act", b"no json", 400),
        ("/act", b"[]", 400),
        ("/act", b'{"openid": "nobody"}', 404),
        ("/citizens", b'{"name": ""}', 400),
        ("/citizens", '{"name": "一二三四五六七八九十一二三"}'.encode(), 400),
    ],
)
def test_bad_input_is_answered_with_a_sentence(
    http: httpx.Client, token: str, path: str, content: bytes, status: int
) -> None:
    answer = post(http, path, token, content=content)
    assert status == answer.status_code
    assert answer.json()["message"].endswith("。")


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 16])
def test_changes_need_a_number(http: httpx.Client, after: str) -> None:
    assert 400 == http.get("/changes", params={"after": after}).status_code


def test_a_number_from_another_life_asks_for_the_whole_state(http: httpx.Client) -> None:
    assert http.get("/changes", params={"after": 999_999}).json()["reset"] is True


def test_an_act_is_accepted_and_its_outcome_told_by_the_changes(http: httpx.Client, token: str) -> None:
    number = http.get("/state").json()["number"]
    openid = post(http, "/citizens", token, json={"name": "老陈"}).json()["openid"]
    assert 202 == post(http, "/act", token, json={"openid": openid, "act": "follow"}).status_code
    texts: list[str] = []
    while not any("我是小小" in text for text in texts):
        answer = http.get("/changes", params={"after": number}, timeout=30).json()
        number = answer["number"]
        texts += [c["data"]["text"] for c in answer["changes"] if c["kind"] == "bubble"]
    plain = http.get("/exchanges", params={"openid": openid}).json()["exchanges"][0]["plain"]
    assert "<Event><![CDATA[subscribe]]></Event>" in plain


def test_the_page_may_load_nothing_from_elsewhere(http: httpx.Client) -> None:
    answer = http.get("/")
    assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
    assert [] == re.findall(r'(?:src|href)="https?:', answer.text)


def test_the_api_answers_as_wechats_does(http: httpx.Client) -> None:
    account = Account()
    keys = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    token = http.post("/api/cgi-bin/stable_token", json=keys).json()["access_token"]
    uploaded = http.post(
        "/api/cgi-bin/media/upload",
        params={"access_token": token, "type": "image"},
        files={"media": ("a.gif", b"GIF89a\r\n\x00", "image/gif")},
    ).json()
    query = {"access_token": token, "media_id": uploaded["media_id"]}
    assert b"GIF89a\r\n\x00" == http.get("/api/cgi-bin/media/get", params=query).content
    assert "image/gif" == http.get(f"/picture/{uploaded['media_id']}").headers["content-type"]
    refused = http.get("/api/cgi-bin/menu/get")
    assert (200, 41001) == (refused.status_code, refused.json()["errcode"])


def test_a_picture_that_is_none_is_not_served(http: httpx.Client) -> None:
    assert 404 == http.get("/picture/unknown").status_code
