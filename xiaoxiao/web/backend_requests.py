"""What a request to our back end asks for. InvalidRequest for what the contract does not know."""

from __future__ import annotations

import re
from typing import TypeVar

from sanic.request import Request

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.alerts import Level
from xiaoxiao.queries.errors import OwnerUnproven
from xiaoxiao.queries.plate_types import PlateType, possible_types
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.suspensions import Suspended
from xiaoxiao.queries.violations import OwnerClaim, valid_engine_tail

E = TypeVar("E", Level, Suspended)


def read_claim(request: Request) -> OwnerClaim:
    """InvalidRequest when the form is wrong; a plate that cannot be is a vehicle that is not on file."""
    body = request.json if "json" in request.headers.get("content-type", "") else None
    if not isinstance(body, dict) or set(body) != {"plate", "plate_type", "engine_tail"}:
        raise InvalidRequest
    number, kind, tail = (body[name] for name in ("plate", "plate_type", "engine_tail"))
    if not isinstance(number, str) or not 7 <= len(number) <= 8:
        raise InvalidRequest
    if kind not in [known.value for known in PlateType]:
        raise InvalidRequest
    if not isinstance(tail, str) or not valid_engine_tail(tail):
        raise InvalidRequest
    plate = parse_plate(number)
    if plate is None or plate.number != number or kind not in [k.value for k in possible_types(plate)]:
        raise OwnerUnproven
    return OwnerClaim(plate, PlateType(kind), tail)


def read_words(request: Request, name: str, most: int) -> str | None:
    given = request.get_args(keep_blank_values=True).getlist(name, [])
    if not given:
        return None
    if len(given) > 1 or not 1 <= len(given[0].strip()) <= most or len(given[0]) > most:
        raise InvalidRequest
    return str(given[0])


def read_needed(request: Request, name: str) -> str:
    words = read_words(request, name, 100)
    if words is None:
        raise InvalidRequest
    return words


def read_limit(request: Request, usual: int) -> int:
    given = read_words(request, "limit", 2)
    if given is None:
        return usual
    if not re.fullmatch(r"[1-9]|1[0-9]|20", given):
        raise InvalidRequest
    return int(given)


def read_degrees(request: Request, name: str, most: int) -> float:
    given = read_words(request, name, 40) or ""
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?([eE]-?\d{1,3})?", given, re.ASCII) or abs(float(given)) > most:
        raise InvalidRequest
    return float(given)


def read_flag(request: Request, name: str) -> bool:
    given = read_words(request, name, 5)
    if given not in (None, "true", "false"):
        raise InvalidRequest
    return given == "true"


def read_member(request: Request, name: str, kind: type[E]) -> E | None:
    given = read_words(request, name, 20)
    if given is None:
        return None
    if given not in {member.value for member in kind}:
        raise InvalidRequest
    return kind(given)
