"""Customer-service messages as a sender of the outbox: WeChat's refusals in the outbox's words."""

from __future__ import annotations

from datetime import timedelta

from connectors.wechat import custom_messages
from connectors.wechat.client import WeChatClient
from connectors.wechat.errors import Remedy, WeChatError, WeChatUncertain, WeChatUnreachable
from xiaoxiao.delivery.composition import render
from xiaoxiao.delivery.sender import Held, NoRight, Refused, Retry, TooLong, Uncertain
from xiaoxiao.errors import DeliveryFailed
from xiaoxiao.store.conversation import Answer, Conversation

_CALL_LIMIT = timedelta(minutes=10)
_MISCONFIGURED = timedelta(minutes=5)


class WeChatSender:
    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    async def send(self, conversation: Conversation, answer: Answer) -> None:
        """message/custom/send with the text form of the answer. Raises what delivery/sender.py lists."""
        try:
            await self._client.send_custom(custom_messages.text(conversation.contact, render(answer)))
        except WeChatUncertain as problem:
            raise Uncertain(str(problem)) from problem
        except WeChatUnreachable as problem:
            raise Retry(str(problem)) from problem
        except WeChatError as problem:
            raise _refusal(problem) from problem


def _refusal(problem: WeChatError) -> DeliveryFailed:
    text = str(problem)
    match problem.remedy:
        case Remedy.HOLD:
            return Held(text)
        case Remedy.RETRY | Remedy.REFRESH_TOKEN:
            return Retry(text)
        case Remedy.BACK_OFF:
            return Retry(text, after=_CALL_LIMIT)
        case Remedy.CONFIGURE:
            return Retry(text, after=_MISCONFIGURED)  # the operator mends it; meanwhile nothing is lost
        case Remedy.SPLIT:
            return TooLong(text)
        case Remedy.NO_RIGHT:
            return NoRight(text)
        case _:
            return Refused(text)
