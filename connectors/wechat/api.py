"""Calls of the WeChat API over httpx: token, time-outs, bounded repetition, errors as exceptions.

Raw UTF-8 JSON (escaped `\\uXXXX` is refused with 40033), token in the query string as WeChat wants it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

from connectors.wechat.answers import Answer, interpret, json_object, no_answer, refused
from connectors.wechat.errors import (
    CallFailed,
    MediaTooLarge,
    Remedy,
    TokenRefused,
    WeChatError,
    WeChatUncertain,
    WeChatUnreachable,
)
from connectors.wechat.redaction import redact, redact_http_log
from connectors.wechat.tokens import AccessTokens, TokenStore

TIMEOUT_SECONDS = 4.0  #: to connect, and of silence while reading or writing
DEADLINE_SECONDS = 12.0  #: for a whole call: a server that trickles bytes never falls silent
MEDIA_DEADLINE_SECONDS = 60.0
JSON_LIMIT = 2 * 1024 * 1024  #: bytes of an answer
BUSY_PAUSES = (0.5, 1.5)  #: seconds before each repetition when WeChat is busy (-1)

#: The request was not sent, or not to WeChat.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)
T = TypeVar("T")


class Api:
    """One account's calls. Closing is the caller's when the caller brought `http`."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        api_base: str,
        tokens: TokenStore,
        http: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.time,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._base = api_base.rstrip("/")
        self._http = http or httpx.AsyncClient()
        self._owned = http is None
        self._sleep = sleep
        self._timeout = httpx.Timeout(timeout_seconds)
        self._tokens = AccessTokens(app_id, self._fetch_token, tokens, clock=clock, sleep=sleep)
        redact_http_log()

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        return await self._authorised(lambda token: self._call("GET", path, token, params=params))

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._authorised(lambda token: self._call("POST", path, token, **_json(body)))

    async def upload(self, path: str, file: tuple[str, bytes, str], **params: str) -> dict[str, Any]:
        """`file`: name, content, media type. Bytes and not a stream: a repetition sends them again, whole."""
        return await self._authorised(
            lambda token: self._call(
                "POST", path, token, params=params, files={"media": file}, deadline=MEDIA_DEADLINE_SECONDS
            )
        )

    async def download(self, path: str, limit: int, **params: str) -> tuple[bytes, str]:
        """Content and media type; of a video WeChat gives the address, which is followed once."""
        return await self._authorised(lambda token: self._media(path, limit, token, params))

    async def aclose(self) -> None:
        if self._owned:
            await self._http.aclose()

    # --- token -------------------------------------------------------------------------------------

    async def _authorised(self, send: Callable[[str], Awaitable[T]]) -> T:
        """Send with the current token; when WeChat refuses the token: one renewal, one repetition."""
        token = await self._tokens.current()
        try:
            return await self._patiently(lambda: send(token))
        except WeChatError as error:
            if error.remedy is not Remedy.REFRESH_TOKEN:
                raise
        renewed = await self._tokens.current(refused=token)
        return await self._patiently(lambda: send(renewed))

    async def _patiently(self, send: Callable[[], Awaitable[T]]) -> T:
        for pause in BUSY_PAUSES:
            try:
                return await send()
            except WeChatError as error:
                if error.remedy is not Remedy.RETRY:
                    raise
            await self._sleep(pause)
        return await send()

    async def _fetch_token(self) -> tuple[str, float]:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": False,  # 20 a day and only after a leak, says the page
        }
        try:
            data = await self._patiently(
                lambda: self._call("POST", "/cgi-bin/stable_token", None, **_json(body))
            )
            token, expires_in = data.get("access_token"), data.get("expires_in")
            if isinstance(token, str) and token and isinstance(expires_in, int) and expires_in > 0:
                return token, float(expires_in)
            failure: CallFailed = WeChatUnreachable("WeChat's answer contains no access_token.")
        except WeChatError as error:
            failure = TokenRefused(error.errcode, error.errmsg, error.rid)
        except WeChatUncertain as error:
            # without a token the actual call has not left: the caller may repeat it
            failure = WeChatUnreachable(str(error))
        raise failure

    # --- HTTP --------------------------------------------------------------------------------------

    async def _call(self, method: str, path: str, token: str | None, **request: Any) -> dict[str, Any]:
        answer = await self._exchange(method, path, self._base + path, JSON_LIMIT, token, **request)
        return interpret(answer, path, self._secret, token or "")

    async def _media(self, path: str, limit: int, token: str, params: dict[str, str]) -> tuple[bytes, str]:
        wait = MEDIA_DEADLINE_SECONDS
        url = self._base + path
        answer = await self._exchange("GET", path, url, limit, token, params=params, deadline=wait)
        data = json_object(answer.content)
        if data is not None:
            refusal = refused(data, self._secret, token)
            if refusal:
                raise refusal
            video = str(data.get("video_url", ""))
            if not video.startswith(("https://", "http://")):
                raise no_answer(answer, path)
            answer = await self._exchange("GET", path, video, limit, None, deadline=wait)
        if not answer.successful or not answer.content or _is_text(answer.content_type):
            raise no_answer(answer, path)
        return answer.content, answer.content_type

    async def _exchange(
        self,
        method: str,
        path: str,
        url: str,
        limit: int,
        token: str | None,
        *,
        deadline: float = DEADLINE_SECONDS,
        **request: Any,
    ) -> Answer:
        if token is not None:
            request["params"] = {"access_token": token, **request.get("params", {})}
        failure: CallFailed
        try:
            return await asyncio.wait_for(self._read(method, url, limit, request), deadline)
        except _NOT_SENT as error:
            failure = WeChatUnreachable(f"{path}: no connection: {self._describe(error, token)}")
        except (httpx.HTTPError, asyncio.TimeoutError) as error:
            failure = WeChatUncertain(f"{path}: broke off: {self._describe(error, token)}")
        # raised here and not above: httpx's exception carries the URL with the token
        raise failure

    async def _read(self, method: str, url: str, limit: int, request: dict[str, Any]) -> Answer:
        content = bytearray()
        async with self._http.stream(method, url, timeout=self._timeout, **request) as response:
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > limit:
                    raise MediaTooLarge(f"The answer is larger than {limit} bytes.")
            return Answer(response.status_code, response.headers.get("content-type", ""), bytes(content))

    def _describe(self, error: Exception, token: str | None) -> str:
        return redact(f"{type(error).__name__} {error}".strip(), self._secret, token or "")


def _json(body: dict[str, Any]) -> dict[str, Any]:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {
        "content": content.encode("utf-8", "replace"),
        "headers": {"Content-Type": "application/json; charset=utf-8"},
    }


def _is_text(content_type: str) -> bool:
    return content_type.lower().startswith(("text/", "application/json"))
