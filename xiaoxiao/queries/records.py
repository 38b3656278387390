"""The office's own data, kind by kind: a port with an in-memory twin beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from xiaoxiao.queries.columns import to_json
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.findings import Findings, Origin
from xiaoxiao.queries.kinds import Kind

R = TypeVar("R")


class Records(Protocol):
    """Methods are asynchronous; whatever blocks runs on a thread. StoreUnavailable."""

    async def all(self, kind: Kind[R]) -> Findings[R]:
        """Every record of a kind, in the order of the file. NoData when the kind was never imported."""

    async def of(self, kind: Kind[R], key: str) -> Findings[R]:
        """Those with this key (`Kind.key`); none is a finding. NoData."""


class Intake(Protocol):
    """The other side: what an import does. One transaction for readers: before it the old, after it the new."""

    def replace(self, kind: Kind[R], records: Sequence[R], origin: Origin) -> None:
        """All records of the kind are now these. Real data take every sample away, of all kinds."""

    def append(self, kind: Kind[R], records: Sequence[R], origin: Origin) -> None:
        """These as well; a record with the same identity is exchanged. Samples and real data never mix."""

    def origins(self) -> dict[str, tuple[Origin, int]]:
        """{kind: (origin, how many records)}."""


class MemoryRecords:
    """The twin: what an import would have stored, in a dictionary."""

    def __init__(self, *, samples: bool = True) -> None:
        self._samples = samples
        self._kept: dict[str, tuple[tuple[Any, ...], Origin]] = {}

    async def all(self, kind: Kind[R]) -> Findings[R]:
        return self._kind(kind)

    async def of(self, kind: Kind[R], key: str) -> Findings[R]:
        found = self._kind(kind)
        return Findings(tuple(record for record in found.items if kind.key(record) == key), found.origin)

    def replace(self, kind: Kind[R], records: Sequence[R], origin: Origin) -> None:
        if not origin.is_sample:
            self._kept = {name: kept for name, kept in self._kept.items() if not kept[1].is_sample}
        self._kept[kind.name] = (tuple(records), origin)

    def append(self, kind: Kind[R], records: Sequence[R], origin: Origin) -> None:
        old, known = self._kept.get(kind.name, ((), origin))
        if known.is_sample != origin.is_sample:
            old = ()
        merged = {identity_of(kind, record): record for record in (*old, *records)}
        self.replace(kind, tuple(merged.values()), origin)

    def kept(self, kind: Kind[R]) -> tuple[tuple[R, ...], Origin]:
        """What was imported last. KeyError when nothing was."""
        return self._kept[kind.name]

    def origins(self) -> dict[str, tuple[Origin, int]]:
        return {name: (origin, len(records)) for name, (records, origin) in self._kept.items()}

    def _kind(self, kind: Kind[R]) -> Findings[R]:
        records, origin = self._kept.get(kind.name, ((), None))
        if origin is None or (origin.is_sample and not self._samples):
            raise NoData
        return Findings(records, origin)


def identity_of(kind: Kind[R], record: R) -> str:
    """What no two records of a kind share."""
    row = to_json(record)
    return "\n".join(str(row[name]) for name in kind.identity)
