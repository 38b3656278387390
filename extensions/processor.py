"""Rasa's message processor, opened for answering quickly and telling the channel what a turn was about."""

from __future__ import annotations

import copy
import logging
from collections import OrderedDict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ModelNotFound
from rasa.model import get_latest_model
from rasa.shared.core.constants import ACTION_DEFAULT_FALLBACK_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from extensions.division import NO_REQUEST, SURE, halves, is_divided
from extensions.graph_runner import SequentialGraphRunner
from extensions.model_storage import ServingModelStorage

logger = logging.getLogger(__name__)

READINGS = 4096  #: texts whose understanding is kept
#: What a reading depends on besides the text, of all that the application tells (xiaoxiao/context.py)
_LEANT_ON = ("topic", "asked", "told")


def listen_again(tracker: DialogueStateTracker, output_channel: OutputChannel, _: Any) -> None:
    """Rasa gave up after ten actions in one turn.

    It would give up at once on every later message too, for the ten stay the last actions until the session
    ends: the citizen would never be answered again.
    """
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    if acted := getattr(output_channel, "acted", None):
        acted(ACTION_DEFAULT_FALLBACK_NAME, in_form=False)


def leant_on(metadata: dict[str, Any] | None, *, in_form: bool) -> dict[str, Any]:
    """The part of the metadata that words may lean on. In a form they are values: they lean on its question."""
    return {} if in_form else {key: (metadata or {})[key] for key in _LEANT_ON if key in (metadata or {})}


def _part(message: UserMessage, text: str) -> UserMessage:
    return UserMessage(
        text,
        message.output_channel,
        message.sender_id,
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata={k: v for k, v in (message.metadata or {}).items() if k not in _LEANT_ON},
    )


class ServingProcessor(MessageProcessor):
    """An output channel that has `parsed(parse_data)` and `acted(action, in_form=)` is told, at no cost; one that
    `refuses(action, in_form=)` ends the turn there.
    """

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Open the archive, or the newest one of a folder. Raises ModelNotFound."""
        archive = model_path if Path(model_path).is_file() else get_latest_model(model_path)
        if not archive:
            raise ModelNotFound(f"No model found at path '{model_path}'.")
        with TemporaryDirectory() as directory:
            metadata, runner = loader.load_predict_graph_runner(
                Path(directory), Path(archive), ServingModelStorage, SequentialGraphRunner
            )
        return Path(archive).name, metadata, runner

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._readings: OrderedDict[tuple[Any, ...], dict[str, Any]] = OrderedDict()

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """The same words (a burst is full of them) mean the same where the same was said before; nothing else about
        who speaks or when is looked at.
        """
        if not only_output_properties or not message.text:
            return super()._parse_message_with_graph(message, tracker, only_output_properties)
        context = leant_on(message.metadata, in_form=tracker.active_loop_name is not None)
        key = (message.text, *sorted(context.items()))
        reading = self._readings.get(key)
        if reading is None:
            bare = UserMessage(message.text, sender_id=message.sender_id, metadata=context)
            reading = super()._parse_message_with_graph(bare, tracker)
            self._readings[key] = reading
            if len(self._readings) > READINGS:
                self._readings.popitem(last=False)
        else:
            self._readings.move_to_end(key)
        # a copy: what is done to one turn must not be found in the next
        mine = copy.deepcopy(reading)
        return {**mine, "message_id": message.message_id, "metadata": message.metadata}

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Rasa's turn; two requests in one message are two turns, answered in their order."""
        answers = None
        for part in await self._requests(message):
            answers = await super().handle_message(part)
        return answers

    async def _requests(self, message: UserMessage) -> list[UserMessage]:
        parts = halves(message.text or "")
        if parts is None:
            return [message]
        tracker = await self.tracker_store.retrieve(message.sender_id)
        if tracker and tracker.active_loop_name:
            return [message]  # what is said to a form is one value
        first = await self._sure_label(parts[0])
        labels = [first, await self._sure_label(parts[1], after=first)]
        withholds = getattr(message.output_channel, "withholds", lambda label: False)
        if None in labels or labels[0] == labels[1] or any(map(withholds, labels)):
            return [message]
        if all(str(label).startswith("faq/") for label in labels) and not is_divided(message.text or ""):
            return [message]  # 被狗咬了怎么办?要打针吗: two cards speak of one story
        return [_part(message, part) for part in parts]

    async def _sure_label(self, text: str, after: str | None = None) -> str | None:
        """None for what is unsure, small talk, or a further question about what stands before it."""
        metadata = {"topic": (after or "").removeprefix("faq/"), "asked": None} if after else None
        reading = await self.parse_message(UserMessage(text, metadata=metadata))
        best = (reading.get("ranking") or [{"label": "nlu_fallback", "confidence": 0.0}])[0]
        understood = (reading.get("intent") or {}).get("name") != "nlu_fallback"
        sure = understood and best["confidence"] >= SURE and best["label"] not in NO_REQUEST
        return best["label"] if sure else None

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        await super()._handle_message_with_tracker(message, tracker)
        parsed = getattr(message.output_channel, "parsed", None)
        if parsed and tracker.latest_message:
            parsed(tracker.latest_message.parse_data)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        in_form = action.name() == tracker.active_loop_name
        refuses = getattr(output_channel, "refuses", None)
        if refuses and refuses(action.name(), in_form=in_form):
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            return False
        acted = getattr(output_channel, "acted", None)
        if acted:
            acted(action.name(), in_form=in_form)
        return await super()._run_action(action, tracker, output_channel, nlg, prediction)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Rasa builds and copies a text of all slots after every action, for a debug line."""
        if logger.isEnabledFor(logging.DEBUG):
            MessageProcessor._log_slots(tracker)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Rasa compares domain and message at every turn, building an empty domain to do so (5 % of a turn).

        A model carries the domain it was trained with: `rasa data validate` finds what is missing in it.
        """
