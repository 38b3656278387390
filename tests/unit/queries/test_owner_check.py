"""Three wrong tries, also when they come at once; what may be asked about a plate."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

import pytest

from xiaoxiao.clock import SettableClock
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.errors import OwnerUnproven, TooManyTries
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.kept import VEHICLES, nobody
from xiaoxiao.queries.owner_check import TRIES_PER_VEHICLE, Violations
from xiaoxiao.queries.plate_types import PlateType, possible_types
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.tries import MemoryTries
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord, read_engine_tail

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)


def claim(tail: str = "123456") -> OwnerClaim:
    plate = parse_plate("沪A12345")
    assert plate is not None
    return OwnerClaim(plate, PlateType.SMALL, tail)


class Slow:
    """Says no, but not at once."""

    def __init__(self) -> None:
        self.asked = 0

    async def look_up(self, claim: OwnerClaim) -> Findings[ViolationRecord]:
        self.asked += 1
        await asyncio.sleep(0)
        raise OwnerUnproven


async def test_many_tries_at_once_are_many_tries() -> None:
    source = Slow()
    violations = Violations(source, MemoryTries(), SettableClock(NOW))
    tries = [violations.look_up(claim(f"{n:06}"), contact="o1") for n in range(20)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert (TRIES_PER_VEHICLE, TRIES_PER_VEHICLE) == (
        source.asked,
        sum(isinstance(a, OwnerUnproven) for a in answers),
    )
    assert 17 == sum(isinstance(a, TooManyTries) for a in answers)


def test_nobody_proves_nothing() -> None:
    assert not nobody(claim()).proves(claim())
    vehicle = VEHICLES.read({"plate": "沪A12345", "plate_type": "02", "engine_number": "123456"})
    assert vehicle.proves(claim())
    assert not vehicle.proves(claim("123457"))


@pytest.mark.parametrize(
    ("plate", "likeliest", "choices"),
    [
        ("沪A12345", PlateType.SMALL, 6),
        ("沪AD12345", PlateType.SMALL_NEW_ENERGY, 1),
        ("粤B12345F", PlateType.LARGE_NEW_ENERGY, 1),
        ("鲁B1234挂", PlateType.TRAILER, 1),
        ("沪A1234学", PlateType.LEARNER, 2),
        ("粤Z1234港", PlateType.HONG_KONG, 1),
    ],
)
def test_the_type_is_inferred_and_confirmed_where_it_may_be_another(
    plate: str, likeliest: PlateType, choices: int
) -> None:
    read = parse_plate(plate)
    assert read is not None
    types = possible_types(read)
    assert (likeliest, choices) == (types[0], len(types))


def test_what_cannot_be_looked_up_has_no_type() -> None:
    military = parse_plate("VA12345")
    assert military is not None
    assert () == possible_types(military)


@pytest.mark.parametrize("said", ["12-34 56", "发动机号123456", "LFV8a123456", "１２３４５６"])
def test_the_engine_number_however_it_is_written(said: str) -> None:
    assert "123456" == read_engine_tail(said)


@pytest.mark.parametrize("said", ["", "12345", "没有"])
def test_too_short_an_engine_number_is_asked_again(said: str) -> None:
    with pytest.raises(InvalidRequest):
        read_engine_tail(said)


def test_neither_plate_nor_engine_number_is_printed() -> None:
    assert "123456" not in repr(claim())
    assert "A12345" not in repr(claim())
