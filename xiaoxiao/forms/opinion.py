"""有用/没用 below an answer: when it may be asked, and what the taps on it and on the marks of a case do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import Clock
from xiaoxiao.context import context_before
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.satisfaction import Satisfaction
from xiaoxiao.engine import Reply
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.forms.form import Done, Form, Misread, Slot, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.store.conversation import Answer, Message
from xiaoxiao.store.port import ConversationStore

_CARD = "faq/"


@dataclass(frozen=True)
class Opinion:
    satisfaction: Satisfaction
    case_notices: CaseNotices
    store: ConversationStore
    clock: Clock
    blocking: Blocking
    showing: Showing

    async def asked(self, message: Message, reply: Reply) -> Reply:
        """The reply with 有用 and 没用 below it, if it is a knowledge answer and she may be asked."""
        card = reply.topic is not None and (reply.intent or "").startswith(_CARD)
        if not (card and reply.understood and reply.answers) or reply.silent:
            return reply
        if not await self.blocking.call(self._may_ask, message, str(reply.topic)):
            return reply
        *first, last = reply.answers
        return replace(reply, answers=(*first, self.case_notices.asking(last, str(reply.topic))))

    def forms(self) -> tuple[Form, ...]:
        """Opened by the buttons of notices only."""
        mark = Form(
            "rate_case", "rate_case", self._rated, given=("number", "score"), while_held=True, passing=_always
        )
        useful = Form("rate_answer", "rate_answer", self._useful, given=("topic", "useful"), while_held=True)
        return (
            mark,
            useful,
            self._comment("comment_case", "number"),
            self._comment("comment_answer", "topic"),
        )

    def _may_ask(self, message: Message, topic: str) -> bool:
        # who is in danger reads the card for her life: she is not asked how she liked it
        if context_before(self.store, message, now=self.clock.now()).told is not None:
            return False
        return self.satisfaction.may_ask(message.incoming.contact, topic)

    def _comment(self, name: str, about: str) -> Form:
        """Why: one message, if she likes."""
        slot = Slot("comment", "comment_ask", "comment_misread", _read_comment, free=True)
        return Form(
            name, name, self._commented, (slot,), stopped="comment_stopped", given=(about,), passing=_always
        )

    async def _rated(self, values: Values, said: Said) -> Done:
        number, score = str(values.get("number", "")), str(values.get("score", ""))
        try:
            rated = await self.blocking.call(
                self.satisfaction.rate, said.contact, number, int(score) if score.isdecimal() else 0
            )
        except (Conflict, NotFound, InvalidRequest):
            return Done((self.showing.say("rating_too_late"),))
        return Done((self.case_notices.rated(rated),))

    async def _useful(self, values: Values, said: Said) -> Done:
        topic, useful = str(values.get("topic", "")), values.get("useful") == "yes"
        await self.blocking.call(self.satisfaction.useful, said.contact, topic, useful)
        return Done((self.case_notices.useful(useful, topic),))

    async def _commented(self, values: Values, said: Said) -> Done:
        comment = str(values["comment"] or "")
        try:
            if "number" in values:
                number = str(values["number"])
                await self.blocking.call(self.satisfaction.comment, said.contact, number, comment)
            else:
                topic = str(values.get("topic", ""))
                await self.blocking.call(self.satisfaction.useful, said.contact, topic, False, comment)
        except NotFound:
            return Done((self.showing.say("rating_too_late"),))
        thanks: Answer = self.showing.say("comment_thanks")
        return Done((thanks,))


async def _read_comment(said: Said, values: Values) -> Values | Misread | None:
    return {"comment": said.text} if said.text else None


def _always(values: Values) -> bool:
    return True
