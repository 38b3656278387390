from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.wechat.errors import CallFailed, WeChatError, WeChatUncertain, WeChatUnreachable
from connectors.wechat.sender import WeChatSender
from tests.acceptance.scripted_office import START
from xiaoxiao.delivery.sender import Held, NoRight, Refused, Retry, TooLong, Uncertain
from xiaoxiao.store.conversation import Answer, Button, Conversation, Status

CONVERSATION = Conversation(1, "wechat", "wx1", "o1", Status.BOT, True, START, START)


class Client:
    def __init__(self, failure: CallFailed | None = None) -> None:
        self.failure = failure
        self.sent: list[Any] = []

    async def send_custom(self, body: Any) -> None:
        if self.failure:
            raise self.failure
        self.sent.append(body)


async def test_an_answer_leaves_as_text_with_its_options() -> None:
    client = Client()
    await WeChatSender(client).send(CONVERSATION, Answer("问", (Button("甲", "/a"),)))  # type: ignore[arg-type]
    (body,) = client.sent
    assert ("o1", "text") == (body["touser"], body["msgtype"])
    assert body["text"]["content"].startswith("问\n<a href=")


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (WeChatError(45015), Held),
        (WeChatError(45047), Held),
        (WeChatError(-1), Retry),
        (WeChatError(45009), Retry),
        (WeChatError(40164), Retry),
        (WeChatError(42001), Retry),
        (WeChatError(45002), TooLong),
        (WeChatError(48001), NoRight),
        (WeChatError(43004), Refused),
        (WeChatError(40003), Refused),
        (WeChatError(99999), Refused),
        (WeChatUncertain(), Uncertain),
        (WeChatUnreachable(), Retry),
    ],
)
async def test_a_refusal_is_said_in_the_outboxs_words(failure: CallFailed, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        await WeChatSender(Client(failure)).send(CONVERSATION, Answer("甲"))  # type: ignore[arg-type]


async def test_a_used_up_call_limit_is_not_tried_again_soon() -> None:
    with pytest.raises(Retry) as refused:
        await WeChatSender(Client(WeChatError(45009))).send(CONVERSATION, Answer("甲"))  # type: ignore[arg-type]
    assert timedelta(minutes=10) == refused.value.after
