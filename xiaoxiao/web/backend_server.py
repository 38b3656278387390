"""`xiaoxiao backend serve`: the imported data under the contract of docs/reference/backends.yaml."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

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
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.suspensions import Suspended
from xiaoxiao.queries.wire import write_batch, write_findings
from xiaoxiao.settings import Secret
from xiaoxiao.web.backend_requests import (
    read_claim,
    read_degrees,
    read_flag,
    read_limit,
    read_member,
    read_needed,
    read_words,
)

Handler = Callable[..., Awaitable[HTTPResponse]]
_PARAMETERS = {
    "alerts": frozenset({"district", "level", "kind"}),
    "suspensions": frozenset({"district", "what"}),
    "quakes": frozenset({"limit"}),
    "news": frozenset({"limit"}),
    "shelters": frozenset({"latitude", "longitude", "limit", "barrier_free"}),
    "bureaus": frozenset({"purpose", "city", "district", "limit"}),
    "entries": frozenset({"matter", "limit"}),
}
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
        app.add_route(
            _strict(path, answer),
            f"/v1/{path}",
            methods=["POST" if path == "violations" else "GET"],
            name=path,
        )
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


def _operations(sources: Sources) -> dict[str, Handler]:
    queries = sources.queries

    async def health(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    async def alerts(request: Request) -> HTTPResponse:
        return _list(
            await queries.alerts.in_force(
                district=read_words(request, "district", 40),
                level=read_member(request, "level", Level),
                kind=read_words(request, "kind", 40),
            )
        )

    async def quakes(request: Request) -> HTTPResponse:
        return _list(await queries.quakes.latest(limit=read_limit(request, 5)))

    async def typhoons(request: Request) -> HTTPResponse:
        return _list(await queries.typhoons.active())

    async def shelters(request: Request) -> HTTPResponse:
        position = Position(read_degrees(request, "latitude", 90), read_degrees(request, "longitude", 180))
        found = await queries.shelters.near(
            position, limit=read_limit(request, 3), barrier_free=read_flag(request, "barrier_free")
        )
        return _list(Findings(tuple(near.shelter for near in found.items), found.origin))

    async def bureaus(request: Request) -> HTTPResponse:
        return _list(
            await queries.bureaus.find(
                read_needed(request, "purpose"),
                city=read_words(request, "city", 40),
                district=read_words(request, "district", 40),
                limit=read_limit(request, 3),
            )
        )

    async def entries(request: Request) -> HTTPResponse:
        return _list(await queries.entries.find(read_needed(request, "matter"), limit=read_limit(request, 3)))

    async def suspensions(request: Request) -> HTTPResponse:
        return _list(
            await queries.suspensions.announced(
                district=read_words(request, "district", 40), what=read_member(request, "what", Suspended)
            )
        )

    async def news(request: Request) -> HTTPResponse:
        return _list(await queries.news.latest(limit=read_limit(request, 5)))

    async def food(request: Request, code: str) -> HTTPResponse:
        return json(write_batch(await queries.food_trace.trace(code)), ensure_ascii=False)

    async def violations(request: Request) -> HTTPResponse:
        claim = read_claim(request)
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


def _strict(path: str, answer: Handler) -> Handler:
    """A parameter that the contract does not know is a mistake to be told, not overlooked."""
    known = _PARAMETERS.get(path, frozenset())

    async def checked(request: Request, **named: str) -> HTTPResponse:
        if not known.issuperset(request.get_args(keep_blank_values=True)):
            raise InvalidRequest
        return await answer(request, **named)

    return checked


def _list(found: Findings[Any]) -> HTTPResponse:
    return json(write_findings(found), ensure_ascii=False)
