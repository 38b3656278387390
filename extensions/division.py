"""One message with two requests: 查一下沪A12345违章,另外附近哪里有避难所.

Only where she divides it herself (另外, 还有, 顺便, a question mark, a semicolon), and only into two: what tells the
halves of a story apart from two requests is whether both are understood alone, and that is for the processor to ask.
"""

from __future__ import annotations

import re

_LEAST = 4  #: characters of a half; 还有,救命 is no second request
_MORE = (
    r"(?:另外|顺便|还有(?=[,，:：\s]|请问|怎么|如何|哪|附近)|(?:再|还想|也想|我?想再)(?=问|查)|我还想(?=问|查))"
    r"(?:再|想)?(?:问|查)?(?:一下|下)?[,，:：]?"
)
_BETWEEN = re.compile(rf"[,，。.;；?？!！\s]+{_MORE}|[;；?？]+")
#: Answered with the other half or not at all; a person who is asked for comes first, for the whole message.
NO_REQUEST = frozenset(
    {
        *(
            "greet",
            "goodbye",
            "thank",
            "praise",
            "chitchat",
            "insult",
            "bot_challenge",
            "affirm",
            "deny",
            "cancel",
        ),
        *("out_of_scope", "spam_ad", "politics_sensitive", "nlu_fallback", "follow_up", "request_human"),
    }
)
SURE = 0.8  #: confidence of either half: two wrong answers are worse than one question back


def halves(text: str) -> tuple[str, str] | None:
    """The two requests a message may hold."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip(" ,，。.!！")]
    if len(parts) != 2 or min(map(len, parts)) < _LEAST:
        return None
    return parts[0], parts[1]


def is_divided(text: str) -> bool:
    """Whether she says herself that the second is another matter: 另外, 顺便."""
    return re.search(rf"[,，。.;；?？!！\s]+{_MORE}", text) is not None
