"""The gate behind the dialogue engine: what it may answer while the office's orders stand, and what is said instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xiaoxiao.desk.orders import Standing
from xiaoxiao.engine import Reply
from xiaoxiao.knowledge.cards import Cards
from xiaoxiao.knowledge.hotlines import Hotlines
from xiaoxiao.knowledge.render import HOTLINES_SHOWN, hotline_line
from xiaoxiao.knowledge.topics import card_of, title
from xiaoxiao.notices import Notices
from xiaoxiao.store.conversation import Answer, Button

#: Not answered in an emergency. Thanks, farewells, yes, no and "are you a machine?" still are.
SMALL_TALK = frozenset({"greet", "chitchat", "praise", "insult"})
#: Every notice about a closed topic names it, whatever the card does.
_EVERYWHERE = "12345"


@dataclass(frozen=True)
class Gate:
    notices: Notices
    cards: Cards
    titles: Mapping[str, str]
    hotlines: Hotlines

    def withheld(self, standing: Standing) -> frozenset[str]:
        """Labels the engine must not act on."""
        closed = frozenset(standing.closed)
        return closed | SMALL_TALK if standing.emergency else closed

    def passed(self, reply: Reply, standing: Standing) -> Reply:
        """The reply as a citizen may have it: nothing closed is answered, nor offered as a choice."""
        if reply.withheld:
            closed = reply.intent in standing.closed
            instead = self.refusal(str(reply.intent)) if closed else self._emergency(standing)
            return replace(reply, answers=(instead,))
        if not standing.closed:
            return reply
        return replace(reply, answers=tuple(self._offered(a, reply, standing) for a in reply.answers))

    def welcome(self, standing: Standing) -> Answer:
        welcome = _without(self.notices.answer("welcome"), standing)
        banner = self._banner(standing)
        return replace(welcome, text=f"{banner}\n{welcome.text}") if banner else welcome

    def _offered(self, answer: Answer, reply: Reply, standing: Standing) -> Answer:
        """Asked back, and the likeliest meaning is closed: the honest no, with the other choices."""
        closed = [label for label in map(label_of, answer.buttons) if label in standing.closed]
        rest = _without(answer, standing)
        if not reply.understood and closed and label_of(answer.buttons[0]) == closed[0]:
            no = self.refusal(closed[0])
            return replace(no, buttons=tuple(dict.fromkeys((*rest.buttons, *no.buttons))))
        return rest

    def refusal(self, label: str) -> Answer:
        """The honest no: with the numbers of the card, 12345 and a person."""
        name = title(label, self.cards, self.titles) or label
        card = card_of(label, self.cards)
        numbers = [h for h in self.hotlines.resolve(card.hotlines) if h.key != _EVERYWHERE] if card else []
        shown = hotline_line(numbers[:HOTLINES_SHOWN])
        answer = self.notices.answer("topic_closed", title=name, hotlines=shown)
        return replace(answer, text="\n".join(filter(None, answer.text.splitlines())))

    def _emergency(self, standing: Standing) -> Answer:
        return _without(self.notices.answer("emergency", banner=self._banner(standing)), standing)

    def _banner(self, standing: Standing) -> str:
        if standing.emergency is None:
            return ""
        note = standing.emergency.note
        return self.notices.answer("emergency_noted" if note else "emergency_unnoted", note=note).text


def label_of(button: Button) -> str:
    """What a button asks for: "faq/gas_leak" of "/faq/gas_leak", "browse_category" of "/browse_category{…}"."""
    payload = button.payload
    return payload[1:].partition("{")[0].strip() if payload.startswith("/") else ""


def _without(answer: Answer, standing: Standing) -> Answer:
    kept = tuple(button for button in answer.buttons if label_of(button) not in standing.closed)
    return replace(answer, buttons=kept)
