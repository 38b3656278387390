"""Media from WeChat: media/get with the message's MediaId; for photos also the address in PicUrl."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import httpx

from connectors.wechat.client import WeChatClient
from connectors.wechat.errors import CallFailed, MediaTooLarge, Remedy, WeChatError
from xiaoxiao.media.source import MediaGone, MediaRefused, MediaUnavailable
from xiaoxiao.store.medium import Medium

#: In plain mode no signature covers the message, so an address in it may be anybody's: only WeChat's own is asked.
_PICTURE_HOSTS = ("mmbiz.qpic.cn", "mmbiz.qlogo.cn")
_INVALID_MEDIA_ID = 40007
_LATER = timedelta(minutes=10)
_TIMEOUT = httpx.Timeout(10.0)


class WeChatMediaSource:
    """Implements MediaSource. Without an AppSecret (no client) photos alone can be had, by their address."""

    def __init__(
        self,
        client: WeChatClient | None,
        *,
        local: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`local`: the beginning of addresses that are the simulator's. `transport`: for tests."""
        self._client = client
        self._local = local
        self._transport = transport

    async def fetch(self, medium: Medium, *, limit: int) -> bytes:
        try:
            return await self._by_id(medium, limit)
        except (MediaGone, MediaUnavailable):
            if (address := self._address(medium.url)) is None:
                raise
        return await self._by_address(address, limit)

    async def _by_id(self, medium: Medium, limit: int) -> bytes:
        if self._client is None or not medium.source:
            raise MediaUnavailable("no AppSecret: media/get cannot be called", after=_LATER)
        try:
            content, _ = await self._client.download_media(medium.source, limit=limit)
        except MediaTooLarge as problem:
            raise MediaRefused(f"more than {limit} bytes") from problem
        except WeChatError as problem:
            if problem.errcode == _INVALID_MEDIA_ID:
                raise MediaGone(f"errcode {problem.errcode}") from problem
            later = problem.remedy in (Remedy.BACK_OFF, Remedy.CONFIGURE, Remedy.NO_RIGHT)
            after = _LATER if later else timedelta(0)
            raise MediaUnavailable(f"errcode {problem.errcode}", after=after) from problem
        except CallFailed as problem:
            raise MediaUnavailable(type(problem).__name__) from problem
        return content

    async def _by_address(self, address: str, limit: int) -> bytes:
        content = bytearray()
        try:
            # redirects are not followed: they lead wherever they like
            async with (
                httpx.AsyncClient(transport=self._transport) as http,
                http.stream("GET", address, timeout=_TIMEOUT) as answer,
            ):
                if answer.status_code in (404, 410):
                    raise MediaGone(f"HTTP {answer.status_code}")
                if answer.status_code != 200:
                    raise MediaUnavailable(f"HTTP {answer.status_code}")
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > limit:
                        raise MediaRefused(f"more than {limit} bytes")
        except httpx.HTTPError as problem:
            raise MediaUnavailable(type(problem).__name__) from problem
        return bytes(content)

    def _address(self, url: str) -> str | None:
        """Whom we may ask; over TLS where WeChat writes http."""
        if self._local and url.startswith(self._local):
            return url
        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or parts.hostname not in _PICTURE_HOSTS or parts.port:
                return None
        except ValueError:
            return None
        return urlunsplit(("https", parts.hostname or "", parts.path, parts.query, ""))
