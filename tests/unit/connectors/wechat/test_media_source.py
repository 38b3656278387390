"""Where a citizen's photo is asked for, and where never."""

from __future__ import annotations

from datetime import datetime, timezone

import httpx
import pytest

from connectors.wechat.errors import MediaTooLarge, WeChatError, WeChatUnreachable
from connectors.wechat.media_source import WeChatMediaSource
from xiaoxiao.media.source import MediaGone, MediaRefused, MediaUnavailable
from xiaoxiao.store.medium import Medium, MediumState

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
PICTURE = "http://mmbiz.qpic.cn/mmbiz_jpg/abc/0?wx_fmt=jpeg"


class Client:
    def __init__(self, answer: bytes | Exception) -> None:
        self._answer = answer

    async def download_media(self, media_id: str, *, limit: int) -> tuple[bytes, str]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer, "image/jpeg"


class Web:
    """Answers every address alike and remembers which was asked."""

    def __init__(self, status: int = 200, content: bytes = b"picture", location: str = "") -> None:
        self.asked: list[str] = []
        self._answer = (status, content, {"location": location} if location else {})

    def transport(self) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            self.asked.append(str(request.url))
            status, content, headers = self._answer
            return httpx.Response(status, content=content, headers=headers)

        return httpx.MockTransport(answer)


def medium(url: str = "", source: str = "m1") -> Medium:
    return Medium(1, 1, "image", source, url, "", MediumState.PENDING, NOW)


async def fetch(
    answer: bytes | Exception | None,
    url: str = "",
    web: Web | None = None,
    *,
    local: str = "",
    limit: int = 100,
) -> bytes:
    client = None if answer is None else Client(answer)
    transport = (web or Web()).transport()
    source = WeChatMediaSource(client, local=local, transport=transport)  # type: ignore[arg-type]
    return await source.fetch(medium(url), limit=limit)


async def test_the_api_comes_first() -> None:
    web = Web()
    assert b"by id" == await fetch(b"by id", PICTURE, web)
    assert [] == web.asked


@pytest.mark.parametrize("answer", [None, WeChatError(40007), WeChatError(48001), WeChatUnreachable()])
async def test_a_photo_the_api_does_not_give_is_asked_for_at_its_address_over_tls(
    answer: Exception | None,
) -> None:
    web = Web()
    assert b"picture" == await fetch(answer, PICTURE, web)
    assert [PICTURE.replace("http:", "https:")] == web.asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://127.0.0.1:5432/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "http://mmbiz.qpic.cn.evil.example/1",
        "http://evil.example/mmbiz.qpic.cn",
        "http://mmbiz.qpic.cn@evil.example/1",
        "http://mmbiz.qpic.cn:22/1",
        "http://mmbiz.qpic.cn:99999/",
        "http://[",
    ],
)
async def test_nobody_elses_address_is_asked(url: str) -> None:
    web = Web()
    with pytest.raises(MediaGone):
        await fetch(WeChatError(40007), url, web)
    assert [] == web.asked


async def test_the_simulators_address_is_asked_only_with_the_simulator() -> None:
    url = "http://127.0.0.1:5005/simulator/picture/m1"
    assert b"picture" == await fetch(None, url, local="http://127.0.0.1:5005/simulator/")
    with pytest.raises(MediaUnavailable):
        await fetch(None, url)


async def test_a_redirect_is_not_followed() -> None:
    web = Web(302, location="http://127.0.0.1/")
    with pytest.raises(MediaUnavailable):
        await fetch(None, PICTURE, web)
    assert 1 == len(web.asked)


async def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(MediaRefused):
        await fetch(MediaTooLarge(), PICTURE)
    with pytest.raises(MediaRefused):
        await fetch(None, PICTURE, Web(content=bytes(101)))


async def test_a_photo_that_is_nowhere_any_more_is_gone() -> None:
    with pytest.raises(MediaGone):
        await fetch(WeChatError(40007), PICTURE, Web(404))


async def test_without_a_right_it_is_tried_again_much_later() -> None:
    with pytest.raises(MediaUnavailable) as caught:
        await fetch(WeChatError(48001))
    assert 600 == caught.value.after.total_seconds()
