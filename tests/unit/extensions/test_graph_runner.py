"""The sequential runner gives what dask gives, on a trained model."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from extensions.graph_runner import SequentialGraphRunner
from extensions.model_storage import ServingModelStorage

Loaded = tuple[ModelMetadata, GraphRunner]


@pytest.fixture(scope="module")
def runners(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, Loaded]:
    def load(runner: type[GraphRunner]) -> Loaded:
        return loader.load_predict_graph_runner(
            tmp_path_factory.mktemp("storage"), toy_model, ServingModelStorage, runner
        )

    return load(DaskGraphRunner), load(SequentialGraphRunner)


@pytest.mark.parametrize("text", ["你好", "天气", "完全没见过的话", "/report_hazard", ""])
def test_nlu_is_the_same(runners: tuple[Loaded, Loaded], text: str) -> None:
    tracker = DialogueStateTracker("wang", [])
    results = [
        runner.run(
            {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: tracker}, [metadata.nlu_target]
        )[metadata.nlu_target][0].as_dict(only_output_properties=True)
        for metadata, runner in runners
    ]
    assert results[0] == results[1]


@pytest.mark.parametrize("intent", ["greet", "query_weather", "report_hazard", "nlu_fallback"])
def test_the_next_action_is_the_same(runners: tuple[Loaded, Loaded], intent: str) -> None:
    predictions = []
    for metadata, runner in runners:
        events = [ActionExecuted("action_listen"), UserUttered("x", {"name": intent, "confidence": 1.0})]
        tracker = DialogueStateTracker.from_events("wang", events, metadata.domain.slots)
        result = runner.run({PLACEHOLDER_TRACKER: tracker}, [metadata.core_target])
        predictions.append(result[metadata.core_target].probabilities)
    assert predictions[0] == predictions[1]


def test_a_missing_input_is_an_error(runners: tuple[Loaded, Loaded]) -> None:
    metadata, runner = runners[1]
    with pytest.raises(GraphRunError):
        runner.run({}, [metadata.nlu_target])
