"""Modules that load when they are first used, not when they are imported.

Rasa imports TensorFlow and matplotlib (4.5 s, 350 MB) through modules that only training and evaluation use.
A deferred module is real and empty until something asks it for a name; then its own code runs, once. Names
that the import system itself asks for are there from the start, so `import` statements do not wake it (the
standard library's LazyLoader is woken by the second one).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

#: What a process that only answers never uses. Everything named here is imported by Rasa as `import a.b`,
#: without taking a name from it; tests/unit/extensions/test_lazy_imports.py would notice when that changes.
TRAINING_ONLY = frozenset({"rasa.utils.train_utils", "rasa.core.test"})


def defer(names: Iterable[str] = TRAINING_ONLY) -> None:
    """Defer these modules in this process; those already imported stay as they are."""
    finder = _DeferringFinder(frozenset(names))
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)


@dataclass(frozen=True)
class _DeferringFinder(MetaPathFinder):
    names: frozenset[str]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _DeferringLoader(spec.loader)
        return spec


class _DeferringLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._lock = threading.RLock()

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _DeferredModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""

    def wake(self, module: ModuleType) -> None:
        with self._lock:
            if type(module) is _DeferredModule:
                module.__class__ = ModuleType
                self._loader.exec_module(module)


class _DeferredModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        """Called only for a name that is not there yet."""
        spec = self.__spec__
        if name.startswith("__") or spec is None or not isinstance(spec.loader, _DeferringLoader):
            raise AttributeError(name)
        spec.loader.wake(self)
        return getattr(self, name)
