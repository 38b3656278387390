"""Places in free text, by the longest name: 人民路小学 is not 人民路."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaoxiao.queries.matching import plain, short_names
from xiaoxiao.queries.places import Place, PlaceKind

_PARTICULAR = (PlaceKind.LANDMARK, PlaceKind.STREET, PlaceKind.DISTRICT)


def places_in(text: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """The places named, landmarks before streets before districts; within a kind in the order they are named.

    Of several places of one name those whose district is named as well; none of them is: all.
    """
    said = plain(text)
    spans = [
        (start, start + len(name), place)
        for place in places
        for name in _names(place)
        for start in _all(said, name)
    ]
    longest = [span for span in spans if not any(_within(span, other) for other in spans)]
    longest.sort(key=lambda span: (_PARTICULAR.index(span[2].kind), span[0]))
    return _narrowed(tuple(dict.fromkeys(place for _, _, place in longest)))


def _names(place: Place) -> set[str]:
    short = short_names(place.name) if place.kind is PlaceKind.DISTRICT else ()
    return {name for name in map(plain, (place.name, *place.aliases, *short)) if len(name) > 1}


def _all(said: str, name: str) -> list[int]:
    starts, start = [], said.find(name)
    while start >= 0:
        starts.append(start)
        start = said.find(name, start + 1)
    return starts


def _within(span: tuple[int, int, Place], other: tuple[int, int, Place]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and other[1] - other[0] > span[1] - span[0]


def _narrowed(places: Sequence[Place]) -> tuple[Place, ...]:
    districts = {place.name for place in places if place.kind is PlaceKind.DISTRICT}
    return tuple(
        place
        for place in places
        if place.kind is PlaceKind.DISTRICT
        or place.district in districts
        or not any(p.name == place.name and p.district in districts for p in places)
    )
