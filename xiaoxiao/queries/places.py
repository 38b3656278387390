"""The gazetteer: places that citizens name, read out of free text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.positions import Position


class PlaceKind(str, Enum):
    DISTRICT = "district"
    STREET = "street"
    LANDMARK = "landmark"

    @property
    def label(self) -> str:
        return {"district": "区县", "street": "街道乡镇", "landmark": "地标"}[self.value]


@dataclass(frozen=True)
class Place:
    name: str
    kind: PlaceKind
    district: str  #: the name of the district it lies in; its own when it is one
    position: Position
    aliases: tuple[str, ...] = ()


class Places(Protocol):
    async def named(self, text: str) -> Findings[Place]:
        """Places that the text names, the most particular first (landmark, street, district); several of
        the same name: all, to be asked back. None: ask for a location. NoData when there is no gazetteer.
        """
