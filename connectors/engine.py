"""Rasa behind the engine port: one UserMessage in, what the turn uttered and understood out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from xiaoxiao.engine import Reading, Reply
from xiaoxiao.store.conversation import Answer, Button

#: Rasa's own words for "not understood": the intent of FallbackClassifier, the action of RulePolicy
FALLBACK_INTENTS = frozenset({"nlu_fallback"})
FALLBACK_ACTIONS = frozenset({"action_default_fallback"})

#: give out what a card says: the whole of it, or what it says to a follow-up question
_CARD_ACTIONS = frozenset({"utter_faq", "action_follow_up"})
#: runs in every turn, whatever it is about: it ends it
_LISTEN = "action_listen"
#: Rasa takes any text that begins with it for an intent
_COMMAND_PREFIX = "/"
_FULL_WIDTH_PREFIX = "\uff0f"


class RasaEngine:
    """`handle` is the `on_new_message` a channel is given, or `agent.handle_message`; `parse` is
    `agent.processor.parse_message`. Without it no message is read ahead: free words in a form are always a value.

    Intent, confidence and topic are known when the agent is one of `extensions.agent`, whose processor tells
    the output channel; behind a stock agent they stay None, every turn counts as understood and nothing is
    withheld.
    """

    def __init__(
        self,
        handle: Callable[[UserMessage], Awaitable[Any]],
        parse: Callable[[UserMessage], Awaitable[Mapping[str, Any]]] | None = None,
        *,
        channel: str = "wechat",
    ) -> None:
        self._handle = handle
        self.parse = parse
        self._channel = channel

    async def respond(
        self,
        contact: str,
        text: str,
        *,
        payload: str | None = None,
        metadata: Mapping[str, Any],
        withhold: Collection[str] = (),
    ) -> Reply:
        turn = TurnChannel(self._channel, withhold)
        words = payload if payload and payload.startswith(_COMMAND_PREFIX) else harmless(payload or text)
        await self._handle(
            UserMessage(words, turn, contact, input_channel=self._channel, metadata=dict(metadata))
        )
        return turn.reply()

    async def read(self, text: str, *, metadata: Mapping[str, Any]) -> Reading:
        if self.parse is None:
            return Reading(None, understood=False)
        parsed = await self.parse(UserMessage(harmless(text), metadata=dict(metadata)))
        intent = parsed.get("intent") or {}
        return Reading(
            label_of(parsed),
            intent.get("confidence"),
            topic_of(parsed),
            understood=intent.get("name") not in (None, *FALLBACK_INTENTS),
            asks_back=bool(parsed.get("clarify")),
        )


def harmless(text: str) -> str:
    """A citizen's words, never an intent: Rasa strips white space and looks for a leading slash."""
    stripped = text.strip()
    if stripped.startswith(_COMMAND_PREFIX):
        return _FULL_WIDTH_PREFIX + stripped[1:]
    return stripped


class TurnChannel(OutputChannel):  # type: ignore[misc]
    """Collects one turn: what was uttered, and what the processor reports about it."""

    def __init__(self, channel: str, withhold: Collection[str] = ()) -> None:
        self._channel = channel
        self._withhold = withhold
        self.withheld = False
        self.answers: list[Answer] = []
        self.parse_data: Mapping[str, Any] = {}
        self.actions: list[str] = []
        self.in_form = False
        self.silent = False
        self.form: str | None = None
        self.form_text: Answer | None = None

    def name(self) -> str:
        """The channel the citizen is on: it selects channel-specific responses."""
        return self._channel

    # --- what the processor reports (extensions/processor.py) ----------------------------------------
    def parsed(self, parse_data: Mapping[str, Any]) -> None:
        self.parse_data = parse_data

    def acted(self, action: str, *, in_form: bool) -> None:
        self.actions.append(action)
        self.in_form = self.in_form or in_form

    def withholds(self, label: str) -> bool:
        """A message that asks for this is one turn, so that what is said instead is all that is said."""
        return label in self._withhold

    def refuses(self, action: str, *, in_form: bool) -> bool:
        """Asked before each action. A form's own steps go on: in it the words are values, not a question."""
        label = label_of(self.parse_data)
        if label not in self._withhold or action == _LISTEN:
            return False
        card = topic_of(self.parse_data) is not None
        refused = action in _CARD_ACTIONS if card else not (in_form or self.in_form)
        self.withheld = self.withheld or refused
        return refused

    # --- what Rasa sends -----------------------------------------------------------------------------
    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        self.answers.append(Answer(text))

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        self.answers.append(Answer(text, tuple(_buttons(buttons))))

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        self._link(image)

    async def send_attachment(self, recipient_id: str, attachment: Any, **kwargs: Any) -> None:
        self._link(str(attachment))

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """`custom: {link: …}` belongs to the answer before it; with `text` it is an answer of its own.

        `custom: {form: …}` opens a form; the text beside it is for where there are no forms (`rasa shell`).
        `custom: {silent: true}`: what was said is that the card says nothing about it.
        """
        self.silent = self.silent or bool(json_message.get("silent"))
        if form := json_message.get("form"):
            self.form, self.form_text = str(form), self.answers[-1] if self.answers else None
        text, link = json_message.get("text"), json_message.get("link")
        if text:
            self.answers.append(Answer(text, tuple(_buttons(json_message.get("buttons", ()))), link))
        elif link:
            self._link(link)

    def _link(self, link: str) -> None:
        if self.answers and self.answers[-1].link is None:
            last = self.answers.pop()
            self.answers.append(Answer(last.text, last.buttons, link))
        else:
            self.answers.append(Answer("", (), link))

    # --- what became of it ---------------------------------------------------------------------------
    def reply(self) -> Reply:
        intent = self.parse_data.get("intent") or {}
        return Reply(
            answers=tuple(dict.fromkeys(self.answers)),  # nobody needs the same sentence twice in one turn
            intent=label_of(self.parse_data),
            confidence=intent.get("confidence"),
            topic=None if self.withheld else topic_of(self.parse_data),
            understood=self._understood(intent.get("name")),
            withheld=self.withheld,
            silent=self.silent,
            form=None if self.withheld else self.form,
            form_text=self.form_text,
        )

    def _understood(self, intent: str | None) -> bool:
        """A form's question may be answered by a number or a street: then the intent says nothing."""
        if not FALLBACK_ACTIONS.isdisjoint(self.actions):
            return False
        return self.in_form or not self.parse_data or (intent is not None and intent not in FALLBACK_INTENTS)


def label_of(parse_data: Mapping[str, Any]) -> str | None:
    """ "faq/gas_leak" of a card and of what is asked further about it, else the intent."""
    name: str | None = (parse_data.get("intent") or {}).get("name")
    topic = topic_of(parse_data)
    return f"faq/{topic}" if topic else name


def topic_of(parse_data: Mapping[str, Any]) -> str | None:
    """ "gas_leak" of the retrieval intent "faq/gas_leak", or of the card a follow-up leans on."""
    intent = parse_data.get("intent") or {}
    if intent.get("name") == "follow_up":  # extensions/follow_up.py
        card: str | None = (parse_data.get("follows") or {}).get("card")
        return card
    full_name = intent.get("full_retrieval_intent_name")
    return full_name.partition("/")[2] or None if full_name else None


def _buttons(buttons: Iterable[Mapping[str, Any]]) -> Iterable[Button]:
    for button in buttons:
        title = str(button.get("title", ""))
        yield Button(title, str(button.get("payload") or title))
