"""Emergency shelters near a position: which, how far, for how many, with or without steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.positions import Position

#: characters of a name beside the marker: each is nine bytes of the 2,000 that a message has
SHOWN_ON_MAP = 15


@dataclass(frozen=True)
class Shelter:
    id: str
    name: str
    address: str
    district: str
    position: Position
    capacity: int | None  #: persons
    barrier_free: bool | None  #: None: not on file
    is_open: bool | None  #: opened now; None: not on file, so say that it may be closed
    phone: str | None = None
    note: str | None = None

    @property
    def map_link(self) -> str:
        """A marker in 腾讯地图 (URI API, GCJ-02), which opens within WeChat."""
        where = f"{round(self.position.latitude, 5)},{round(self.position.longitude, 5)}"
        name, address = (
            quote(text[:SHOWN_ON_MAP].replace(";", " ").replace(":", " "))
            for text in (self.name, self.address)
        )
        return (
            "https://apis.map.qq.com/uri/v1/marker"
            f"?marker=coord:{where};title:{name};addr:{address}&referer=xiaoxiao"
        )


@dataclass(frozen=True)
class NearbyShelter:
    shelter: Shelter
    distance_m: float  #: as the crow flies


class Shelters(Protocol):
    async def near(
        self, position: Position, *, limit: int = 3, barrier_free: bool = False
    ) -> Findings[NearbyShelter]:
        """The nearest first, at most `limit` (1 to 20); with `barrier_free` only those known to be.
        NoData, QueryUnavailable …
        """
