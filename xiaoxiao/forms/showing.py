"""What results have in common: whose they are and from when, shown moments, parts joined into an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate, islice

from xiaoxiao.clock import CHINA
from xiaoxiao.forms.questions import Questions
from xiaoxiao.queries.findings import Origin
from xiaoxiao.store.conversation import Answer

#: characters of one text of a back end; a longer one is not cut (half an instruction is none) but pointed to
LONGEST = 800
#: characters of records in one answer: WeChat carries some 650 a message, and five messages
ROOM = 1500


@dataclass(frozen=True)
class Showing:
    questions: Questions

    def say(self, notice: str, /, **facts: str) -> Answer:
        return self.questions.say(notice, **facts)

    def text(self, notice: str, /, **facts: str) -> str:
        return self.say(notice, **facts).text

    def origin(self, origin: Origin, *, incomplete: bool = False) -> str:
        """Source and time; that it is a sample; that something was unreadable."""
        return self.text(
            "query_origin",
            source=origin.source,
            as_of=moment(origin.as_of),
            sample=self.text("query_sample") if origin.is_sample else "",
            incomplete=self.text("query_incomplete") if incomplete else "",
        )

    def whole(self, words: str | None) -> str:
        """Word for word, or where to read what is too long for a chat."""
        return shown(words) if len(words or "") <= LONGEST else self.text("query_too_long")

    def fitting(self, records: Iterable[str], most: int) -> list[str]:
        """The first of them, as many as an answer takes; one at least."""
        some = list(islice(records, most))
        ends = accumulate(len(record) for record in some)
        return [
            record
            for number, (record, end) in enumerate(zip(some, ends, strict=True))
            if not number or end <= ROOM
        ]

    def rest(self, count: int) -> str:
        return self.text("query_rest", rest=str(count)) if count > 0 else ""

    def answer(self, parts: Iterable[str], below: Answer | None = None) -> Answer:
        """One message of these parts; `below` gives the last of them and the buttons."""
        texts = [part for part in parts if part]
        if below is None:
            return Answer("\n".join(texts))
        return replace(below, text="\n".join((*texts, below.text)))


def moment(at: datetime | None) -> str:
    """2026-11-19 18:00, in China; "" when it is not known."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""


def shown(value: object | None) -> str:
    """As text; what is not known is empty, and its line is left out."""
    return "" if value is None else str(value)
