"""A word list of data/lexicon as text: read when training, kept in the model, taught to jieba when loaded."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from xiaoxiao.errors import ConfigurationError

_FILE = "lexicon.txt"


@dataclass(frozen=True)
class Lexicon:
    text: str

    @classmethod
    def read(cls, path: str) -> Lexicon:
        if not Path(path).is_file():
            raise ConfigurationError(f"找不到词典 {path}:请在项目根目录训练。")
        return cls(Path(path).read_text(encoding="utf-8"))

    @classmethod
    def load(cls, storage: ModelStorage, resource: Resource) -> Lexicon:
        with storage.read_from(resource) as folder:
            return cls((folder / _FILE).read_text(encoding="utf-8"))

    def persist(self, storage: ModelStorage, resource: Resource) -> None:
        with storage.write_to(resource) as folder:
            (folder / _FILE).write_text(self.text, encoding="utf-8")

    @classmethod
    def fingerprint(cls, path: str | None) -> str | None:
        """For a component's `fingerprint_addon`: without it Rasa's cache answers for a list that was edited since."""
        return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path and Path(path).is_file() else None

    def lines(self) -> list[str]:
        lines = (line.strip() for line in self.text.splitlines())
        return [line for line in lines if line and not line.startswith("#")]

    def teach_jieba(self) -> None:
        import jieba

        jieba.load_userdict(io.StringIO("\n".join(self.lines())))
