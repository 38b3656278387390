"""Optional imports of others that are answered with no.

thinc, below spaCy, tries whether TensorFlow can be imported, for models that mix both (4 s, 350 MB). Ours do
not. For that one module TensorFlow looks as if it were not installed; everybody else may still import it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

#: {module: what it must not find}
OPTIONAL = {"thinc.compat": "tensorflow"}


def hide(optional: Mapping[str, str] = OPTIONAL) -> None:
    """Answer these optional imports with no, in this process; modules already imported stay as they are."""
    finder = _HidingFinder(tuple(sorted(optional.items())))
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)


@dataclass(frozen=True)
class _HidingFinder(MetaPathFinder):
    optional: tuple[tuple[str, str], ...]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        hidden = dict(self.optional).get(fullname)
        spec = PathFinder.find_spec(fullname, path, target) if hidden else None
        if spec is not None and spec.loader is not None and hidden not in sys.modules:
            spec.loader = _HidingLoader(spec.loader, str(hidden))
        return spec


class _HidingLoader(Loader):
    def __init__(self, loader: Loader, hidden: str) -> None:
        self._loader = loader
        self._hidden = hidden

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[self._hidden] = None  # type: ignore[assignment]  # Python's way to say: not to be found
        try:
            self._loader.exec_module(module)
        finally:
            del sys.modules[self._hidden]
