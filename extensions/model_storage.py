"""A model archive opened for answering: without its training half, with a quicker RulePolicy."""

from __future__ import annotations

import json
from pathlib import Path

from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata

#: class paths in the schema of a model, and what answers in their place
_QUICKER = {"rasa.core.policies.rule_policy.RulePolicy": "extensions.rule_policy.IndexedRulePolicy"}


class ServingModelStorage(LocalModelStorage):
    """Reading the train schema imports every class that training used, TensorFlow's among them."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        metadata = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_text(encoding="utf-8"))
        for node in metadata["predict_schema"]["nodes"].values():
            node["uses"] = _QUICKER.get(node["uses"], node["uses"])
        return ModelMetadata.from_dict({**metadata, "train_schema": {"nodes": {}}})
