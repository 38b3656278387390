"""`xiaoxiao backend serve`: the imported data under the contract of docs/reference/backends.yaml."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from xiaoxiao.errors import InvalidRequest, NotFound, XiaoxiaoError
from xiaoxiao.queries.alerts import Level
from xiaoxiao.queries.assembly import Sources
from xiaoxiao.queries.columns import to_json
from xiaoxiao.queries.errors import NoData, OwnerUnproven
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.plate_types import PlateType, possible_types
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.suspensions import Suspended
from xiaoxiao.queries.violations import OwnerClaim, valid_engine_tail
from xiaoxiao.queries.wire import write_batch, write_findings
from xiaoxiao.settings import Secret

E = TypeVar("E", Level, Suspended)
#: a claim is far smaller
REQUEST_MAX_BYTES = 10_000
_STATUS: tuple[tuple[type[XiaoxiaoError], int, str], ...] = (
    (InvalidRequest, 400, "invalid_request"),
    (OwnerUnproven, 403, "owner_unproven"),
    (NoData, 404, "no_data"),
    (NotFound, 404, "not_found"),
)


def create_app(sources: Sources, token: Secret, *, name: str = "xiaoxiao-backend") -> Sanic:
    """Every request needs the token; nothing is logged of what was asked."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = REQUEST_MAX_BYTES
    app.config.ACCESS_LOG = False
    app.register_middleware(_guard(token), "request")
    app.error_handler.add(Exception, _explain)
    for path, answer in _operations(sources).items():
        app.add_route(answer, f"/v1/{path}", methods=["POST" if path == "violations" else "GET"], name=path)
    return app


def _guard(token: Secret) -> Callable[[Request], HTTPResponse | None]:
    wanted = f"Bearer {token.reveal()}".encode()

    def check(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        if hmac.compare_digest(wanted, given):
            return None
        return _error(401, "unauthorized", {"WWW-Authenticate": "Bearer"})

    return check


def _explain(request: Request, problem: Exception) -> HTTPResponse:
    for kind, status, code in _STATUS:
        if isinstance(problem, kind):
            return _error(status, code)
    if isinstance(problem, SanicException):
        headers = {"Allow": problem.headers["Allow"]} if "Allow" in getattr(problem, "headers", {}) else {}
        return _error(problem.status_code, "refused", headers)
    return _error(503 if isinstance(problem, XiaoxiaoError) else 500, "unavailable")


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    return json({"error": {"code": code}}, status=status, headers=headers or {})


def _operations(sources: Sources) -> dict[str, Callable[..., Awaitable[HTTPResponse]]]:
    queries = sources.queries

    async def health(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    async def alerts(request: Request) -> HTTPResponse:
        return _list(
            await queries.alerts.in_force(
                district=_words(request, "district", 40),
                level=_member(request, "level", Level),
                kind=_words(request, "kind", 40),
            )
        )

    async def quakes(request: Request) -> HTTPResponse:
        return _list(await queries.quakes.latest(limit=_limit(request, 5)))

    async def typhoons(request: Request) -> HTTPResponse:
        return _list(await queries.typhoons.active())

    async def shelters(request: Request) -> HTTPResponse:
        position = Position(_degrees(request, "latitude", 90), _degrees(request, "longitude", 180))
        found = await queries.shelters.near(
            position, limit=_limit(request, 3), barrier_free=_flag(request, "barrier_free")
        )
        return _list(Findings(tuple(near.shelter for near in found.items), found.origin))

    async def bureaus(request: Request) -> HTTPResponse:
        return _list(
            await queries.bureaus.find(
                _needed(request, "purpose"),
                city=_words(request, "city", 40),
                district=_words(request, "district", 40),
                limit=_limit(request, 3),
            )
        )

    async def entries(request: Request) -> HTTPResponse:
        return _list(await queries.entries.find(_needed(request, "matter"), limit=_limit(request, 3)))

    async def suspensions(request: Request) -> HTTPResponse:
        return _list(
            await queries.suspensions.announced(
                district=_words(request, "district", 40), what=_member(request, "what", Suspended)
            )
        )

    async def news(request: Request) -> HTTPResponse:
        return _list(await queries.news.latest(limit=_limit(request, 5)))

    async def food(request: Request, code: str) -> HTTPResponse:
        return json(write_batch(await queries.food_trace.trace(code)), ensure_ascii=False)

    async def violations(request: Request) -> HTTPResponse:
        claim = _claim(request)
        found = await sources.violations.look_up(claim)
        vehicle = {"plate": claim.plate.number, "plate_type": to_json(claim.plate_type)}
        return json(write_findings(found, **vehicle), ensure_ascii=False)

    return {
        "health": health,
        "alerts": alerts,
        "quakes": quakes,
        "typhoons": typhoons,
        "shelters": shelters,
        "bureaus": bureaus,
        "entries": entries,
        "suspensions": suspensions,
        "news": news,
        "food/<code:str>": food,
        "violations": violations,
    }


def _list(found: Findings[Any]) -> HTTPResponse:
    return json(write_findings(found), ensure_ascii=False)


def _claim(request: Request) -> OwnerClaim:
    body = request.json if "json" in request.headers.get("content-type", "") else None
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise InvalidRequest
    plate, tail, kind = (
        parse_plate(body.get("plate", "")),
        body.get("engine_tail", ""),
        body.get("plate_type"),
    )
    if plate is None or plate.number != body["plate"] or not valid_engine_tail(tail):
        raise InvalidRequest
    if kind not in {possible.value for possible in possible_types(plate)}:
        raise InvalidRequest
    return OwnerClaim(plate, PlateType(kind), tail)


def _words(request: Request, name: str, most: int) -> str | None:
    given = request.get_args(keep_blank_values=True).getlist(name, [])
    if not given:
        return None
    if len(given) > 1 or not 1 <= len(given[0].strip()) <= most or len(given[0]) > most:
        raise InvalidRequest
    return str(given[0])


def _needed(request: Request, name: str) -> str:
    words = _words(request, name, 100)
    if words is None:
        raise InvalidRequest
    return words


def _limit(request: Request, usual: int) -> int:
    given = _words(request, "limit", 2)
    if given is None:
        return usual
    if not re.fullmatch(r"[1-9]|1[0-9]|20", given):
        raise InvalidRequest
    return int(given)


def _degrees(request: Request, name: str, most: int) -> float:
    given = _words(request, name, 40) or ""
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?([eE]-?\d{1,3})?", given, re.ASCII) or abs(float(given)) > most:
        raise InvalidRequest
    return float(given)


def _flag(request: Request, name: str) -> bool:
    given = _words(request, name, 5)
    if given not in (None, "true", "false"):
        raise InvalidRequest
    return given == "true"


def _member(request: Request, name: str, kind: type[E]) -> E | None:
    given = _words(request, name, 20)
    if given is None:
        return None
    if given not in {member.value for member in kind}:
        raise InvalidRequest
    return kind(given)
