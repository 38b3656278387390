"""Calls over HTTP: what is repeated, what is never repeated, and what must not show."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator

import httpx
import pytest

from connectors.wechat import custom_messages
from connectors.wechat.api import JSON_LIMIT, Api
from connectors.wechat.errors import (
    CallFailed,
    MediaTooLarge,
    Remedy,
    TokenRefused,
    WeChatError,
    WeChatUncertain,
    WeChatUnreachable,
)
from connectors.wechat.redaction import redact
from connectors.wechat.tokens import MemoryTokenStore

from .fake_wechat import SECRET, Clock, FakeWeChat

HELLO = custom_messages.text("oA", "你好 & <b> 😀")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wechat() -> FakeWeChat:
    return FakeWeChat()


def html(status: int) -> httpx.Response:
    return httpx.Response(status, html="<html><h1>Bad Gateway</h1></html>")


async def failure(wechat: FakeWeChat, clock: Clock) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        await wechat.client(clock).send_custom(HELLO)
    return caught.value


# --- the request -----------------------------------------------------------------------------------


async def test_a_call_carries_the_token_and_raw_utf_8(wechat: FakeWeChat, clock: Clock) -> None:
    await wechat.client(clock).send_custom(HELLO)

    (request,) = wechat.calls
    assert str(request.url) == "https://api.test/cgi-bin/message/custom/send?access_token=tok-1"
    assert "你好 & <b> 😀".encode() in request.content
    assert b"\\u" not in request.content


async def test_the_token_is_asked_for_without_force(wechat: FakeWeChat, clock: Clock) -> None:
    await wechat.client(clock).send_custom(HELLO)

    (request,) = wechat.token_calls
    expected = {
        "grant_type": "client_credential",
        "appid": "wx1",
        "secret": SECRET,
        "force_refresh": False,
    }
    assert expected == json.loads(request.content)
    assert request.url.query == b""


async def test_every_request_has_a_time_out_the_one_for_the_token_too(
    wechat: FakeWeChat, clock: Clock
) -> None:
    await wechat.client(clock).send_custom(HELLO)

    for request in wechat.requests:
        assert {"connect": 4.0, "read": 4.0, "write": 4.0, "pool": 4.0} == request.extensions["timeout"]


async def test_a_lone_surrogate_does_not_stop_the_request(wechat: FakeWeChat, clock: Clock) -> None:
    await wechat.client(clock).send_template({"touser": "\ud800"})

    assert {"touser": "?"} == wechat.bodies()[0]


# --- token -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(
    wechat: FakeWeChat, clock: Clock, code: int
) -> None:
    wechat.answers = [{"errcode": code, "errmsg": "x"}]

    await wechat.client(clock).send_custom(HELLO)

    tokens = [request.url.params["access_token"] for request in wechat.calls]
    assert ["tok-1", "tok-2"] == tokens
    assert wechat.bodies()[0] == wechat.bodies()[1]


async def test_a_token_refused_for_ever_ends_after_two_calls(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.valid = lambda token: False

    error = await failure(wechat, clock)

    assert isinstance(error, WeChatError)
    assert (40001, "1-2") == (error.errcode, error.rid)
    assert (2, 2) == (len(wechat.token_calls), len(wechat.calls))


async def test_one_token_serves_many_calls(wechat: FakeWeChat, clock: Clock) -> None:
    client = wechat.client(clock)

    await asyncio.gather(*(client.send_custom(HELLO) for _ in range(20)))

    assert (1, 20) == (len(wechat.token_calls), len(wechat.calls))


async def test_two_workers_share_a_token(wechat: FakeWeChat, clock: Clock) -> None:
    store = MemoryTokenStore(clock)

    for _ in range(2):
        await wechat.client(clock, store).send_custom(HELLO)

    assert len(wechat.token_calls) == 1


async def test_a_wrong_secret_is_reported_as_configuration(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.token_answers = [{"errcode": 40001, "errmsg": f"AppSecret error {SECRET}, rid: 6-7"}]

    error = await failure(wechat, clock)

    assert isinstance(error, TokenRefused)
    assert Remedy.CONFIGURE is error.remedy
    assert ([], "AppSecret error ***") == (wechat.calls, error.errmsg)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": ""},
        {"access_token": "t"},
        {"access_token": "t", "expires_in": "soon"},
        {"access_token": 5, "expires_in": 7200},
        {"access_token": "t", "expires_in": 0},
        html(200),
        html(502),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("no route"),
    ],
)
async def test_without_a_token_the_call_has_not_left_and_may_be_repeated(
    wechat: FakeWeChat, clock: Clock, answer: dict[str, object] | httpx.Response | Exception
) -> None:
    wechat.token_answers = [answer]

    assert isinstance(await failure(wechat, clock), WeChatUnreachable)
    assert [] == wechat.calls


# --- repetition ------------------------------------------------------------------------------------


async def test_a_busy_platform_is_asked_again_twice_with_pauses(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.answers = [{"errcode": -1, "errmsg": "system error"}] * 2

    await wechat.client(clock).send_custom(HELLO)

    assert (3, [0.5, 1.5]) == (len(wechat.calls), clock.slept)


async def test_a_platform_that_stays_busy_is_given_up(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.answers = [{"errcode": -1, "errmsg": "system error"}] * 5

    error = await failure(wechat, clock)

    assert isinstance(error, WeChatError)
    assert (-1, 3) == (error.errcode, len(wechat.calls))


@pytest.mark.parametrize("code", [45015, 45047, 45009, 48001, 43004, 99999])
async def test_no_other_code_is_repeated(wechat: FakeWeChat, clock: Clock, code: int) -> None:
    wechat.answers = [{"errcode": code, "errmsg": "x hint: [a] rid: 66f0-12ab-34cd"}]

    error = await failure(wechat, clock)

    assert isinstance(error, WeChatError)
    assert (code, "66f0-12ab-34cd", "x hint: [a]") == (error.errcode, error.rid, error.errmsg)
    assert len(wechat.calls) == 1


# --- outcome ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("full"),
        httpx.ProxyError("407"),
        httpx.UnsupportedProtocol("ftp"),
    ],
)
async def test_what_never_left_is_unreachable(wechat: FakeWeChat, clock: Clock, error: Exception) -> None:
    wechat.answers = [error]

    assert isinstance(await failure(wechat, clock), WeChatUnreachable)
    assert len(wechat.calls) == 1


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("hung up"),
        httpx.DecodingError("gzip"),
        asyncio.TimeoutError(),
    ],
)
async def test_what_broke_off_is_uncertain_and_not_repeated(
    wechat: FakeWeChat, clock: Clock, error: Exception
) -> None:
    wechat.answers = [error]

    assert isinstance(await failure(wechat, clock), WeChatUncertain)
    assert len(wechat.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        html(200),
        html(500),
        html(502),
        httpx.Response(200),
        httpx.Response(200, content=b"\xef\xbb\xbf"),
        httpx.Response(200, content=b"ok"),
        httpx.Response(200, content=b"[]"),
        httpx.Response(200, content=b"12345"),
        httpx.Response(200, content=b"null"),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, content=b'{"errcode":0'),
        httpx.Response(200, content=b'{"a":' * 100_000),
        httpx.Response(200, content=b'{"errcode":"ok"}'),
        httpx.Response(200, content=b'{"errcode":[0]}'),
        httpx.Response(503, json={"message": "no upstream"}),
    ],
)
async def test_an_answer_that_says_nothing_is_no_success(
    wechat: FakeWeChat, clock: Clock, answer: httpx.Response
) -> None:
    wechat.answers = [answer]

    assert isinstance(await failure(wechat, clock), WeChatUncertain)


@pytest.mark.parametrize("answer", [html(302), html(403), html(404), httpx.Response(404, json={"m": 1})])
async def test_a_refusal_by_something_else_never_reached_wechat(
    wechat: FakeWeChat, clock: Clock, answer: httpx.Response
) -> None:
    wechat.answers = [answer]

    assert isinstance(await failure(wechat, clock), WeChatUnreachable)


@pytest.mark.parametrize("status", [200, 400, 412])
async def test_an_error_code_counts_whatever_the_status(
    wechat: FakeWeChat, clock: Clock, status: int
) -> None:
    wechat.answers = [httpx.Response(status, json={"errcode": 45015, "errmsg": "x"})]

    error = await failure(wechat, clock)

    assert isinstance(error, WeChatError)
    assert Remedy.HOLD is error.remedy


async def test_a_byte_order_mark_hides_no_error(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.answers = [httpx.Response(200, content=b'\xef\xbb\xbf{"errcode":45047,"errmsg":"a\x1db"}')]

    error = await failure(wechat, clock)

    assert isinstance(error, WeChatError)
    assert error.errcode == 45047


async def test_a_code_as_text_is_understood(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.answers = [{"errcode": "45002", "errmsg": "x"}]

    error = await failure(wechat, clock)

    assert isinstance(error, WeChatError)
    assert Remedy.SPLIT is error.remedy


async def test_an_endless_answer_is_cut_off(wechat: FakeWeChat, clock: Clock) -> None:
    wechat.answers = [httpx.Response(200, content=b" " * (JSON_LIMIT + 1))]

    assert isinstance(await failure(wechat, clock), MediaTooLarge)


async def test_a_server_that_trickles_meets_the_deadline(clock: Clock) -> None:
    class Trickle(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0)

    http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda request: httpx.Response(200, stream=Trickle()))
    )
    api = Api("wx1", SECRET, "https://api.test", MemoryTokenStore(clock), http, clock, sleep=clock.sleep)

    with pytest.raises(WeChatUncertain):
        await api._exchange("GET", "/x", "https://api.test/x", 10**9, None, deadline=0.01)


# --- secrets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda r: httpx.ConnectError(f"no route to {r}"),
        lambda r: httpx.ReadTimeout(f"{r}"),
        lambda r: httpx.Response(200, html=f"<p>{r}"),
        lambda r: httpx.Response(200, json={"errcode": 45015, "errmsg": f"bad token tok-1 {r} {SECRET}"}),
    ],
)
async def test_no_error_shows_token_or_secret(wechat: FakeWeChat, clock: Clock, make) -> None:  # type: ignore[no-untyped-def]
    wechat.answers = [make("https://api.test/x?access_token=tok-1&secret=s3cr3t-0123456789")]

    error = await failure(wechat, clock)

    shown = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    assert "tok-1" not in shown
    assert SECRET not in shown
    assert error.__cause__ is None
    assert error.__context__ is None


async def test_no_log_shows_token_or_secret(
    wechat: FakeWeChat, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    client = wechat.client(clock)
    # where queries go to a back end, httpx is told to be quiet
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="httpx"):
        await client.send_custom(HELLO)
        await client.get_menu()

    assert "access_token=***" in caplog.text
    assert "tok-1" not in caplog.text
    assert SECRET not in caplog.text


def test_redaction_takes_values_and_parameters() -> None:
    text = "GET https://x/?appid=wx1&secret=abc&access_token=def&x=1 ghi"

    assert redact(text, "ghi", "") == "GET https://x/?appid=wx1&secret=***&access_token=***&x=1 ***"


async def test_a_borrowed_http_client_stays_open(wechat: FakeWeChat, clock: Clock) -> None:
    http = httpx.AsyncClient(transport=httpx.MockTransport(wechat))
    borrowed = Api("wx1", SECRET, "https://api.test", MemoryTokenStore(clock), http, clock)
    own = Api("wx1", SECRET, "https://api.test", MemoryTokenStore(clock), None, clock)

    await borrowed.aclose()
    await own.aclose()

    assert not http.is_closed
    assert own._http.is_closed
    await http.aclose()
