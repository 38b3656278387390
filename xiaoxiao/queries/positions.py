"""Where something is, and how far away."""

from __future__ import annotations

import math
from dataclasses import dataclass

_EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class Position:
    """Degrees in GCJ-02 (火星坐标系), as WeChat, 腾讯地图 and 高德 give them; never mixed with WGS-84 or BD-09."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("latitude must be within ±90 and longitude within ±180 degrees")

    def __repr__(self) -> str:  # where a citizen is belongs in no log
        return "Position(…)"

    @classmethod
    def read(cls, written: str) -> Position | None:
        """As `written` gives it; None for what is no position.

        >>> Position.read("31.2,121.4").written
        '31.2,121.4'
        """
        try:
            latitude, longitude = map(float, written.split(","))
            return cls(latitude, longitude)
        except ValueError:
            return None

    @property
    def written(self) -> str:
        return f"{self.latitude},{self.longitude}"

    def rounded(self, digits: int = 2) -> Position:
        """Coarse enough (2 digits: about 1 km) to be sent elsewhere."""
        return Position(round(self.latitude, digits), round(self.longitude, digits))


def distance_m(a: Position, b: Position) -> float:
    """Metres along the great circle (haversine).

    >>> round(distance_m(Position(31.0, 121.0), Position(31.0, 121.01)))
    953
    """
    south, north = math.radians(a.latitude), math.radians(b.latitude)
    half_height = math.sin((north - south) / 2) ** 2
    half_width = math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    chord = half_height + math.cos(south) * math.cos(north) * half_width
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
