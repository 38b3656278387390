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

from extensions.graph_runner import SequentialGraphRunner
from extensions.model_storage import ServingModelStorage

logger = logging.getLogger(__name__)

READINGS = 4096  #: texts whose understanding is kept


def listen_again(tracker: DialogueStateTracker, output_channel: OutputChannel, _: Any) -> None:
    """Rasa gave up after ten actions in one turn.

    It would give up at once on every later message too, for the ten stay the last actions until the session
    ends: the citizen would never be answered again.
    """
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    if acted := getattr(output_channel, "acted", None):
        acted(ACTION_DEFAULT_FALLBACK_NAME, in_form=False)


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
        self._readings: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """No component of ours looks at who speaks or when: the same words (a burst is full of them) mean the same."""
        if not only_output_properties or not message.text:
            return super()._parse_message_with_graph(message, tracker, only_output_properties)
        reading = self._readings.get(message.text)
        if reading is None:
            reading = super()._parse_message_with_graph(message, tracker)
            self._readings[message.text] = reading
            if len(self._readings) > READINGS:
                self._readings.popitem(last=False)
        else:
            self._readings.move_to_end(message.text)
        # a copy: what is done to one turn must not be found in the next
        mine = copy.deepcopy(reading)
        return {**mine, "message_id": message.message_id, "metadata": message.metadata}

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
