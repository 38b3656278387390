"""The simulated platform over HTTP: the page at /simulator, the WeChat API at /simulator/api/cgi-bin/…."""

from __future__ import annotations

import ipaddress
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, raw
from sanic.response import json as json_response

from xiaoxiao.errors import InvalidRequest, NotFound, XiaoxiaoError
from xiaoxiao.simulator.acts import perform
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.endpoints.call import Call
from xiaoxiao.simulator.faults import ApiDropped, ApiTimedOut
from xiaoxiao.simulator.platform import Platform

POLL_SECONDS = 20.0
MOST_CITIZENS = 50
_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create(platform: Platform, *, remote: bool = False) -> Blueprint:
    """Mount it and set WECHAT_API_BASE to http://127.0.0.1:PORT/simulator/api.

    Only this machine may use it (`remote` lifts that): whoever reaches the page acts as any citizen.
    """
    blueprint = Blueprint("simulator", url_prefix="/simulator")
    _Pages(platform, remote=remote).mount(blueprint)
    return blueprint


class _Pages:
    def __init__(self, platform: Platform, *, remote: bool) -> None:
        self._platform = platform
        self._remote = remote
        self._token = secrets.token_urlsafe(32)
        self._life = secrets.token_hex(8)  # tells the page that the server was started anew
        self._templates = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True)

    def mount(self, blueprint: Blueprint) -> None:
        blueprint.middleware("request")(self._guard)
        blueprint.middleware("response")(_harden)
        blueprint.static("/static", str(_HERE / "static"), name="static")
        blueprint.add_route(_handler(self._page), "/", name="page")
        blueprint.add_route(_handler(self._state), "/state", name="state")
        blueprint.add_route(_handler(self._changes), "/changes", name="changes")
        blueprint.add_route(_handler(self._exchanges), "/exchanges", name="exchanges")
        blueprint.add_route(_handler(self._picture), "/picture/<media_id>", name="picture")
        blueprint.add_route(_handler(self._add_citizen), "/citizens", methods=["POST"], name="citizens")
        blueprint.add_route(_handler(self._act), "/act", methods=["POST"], name="act")
        blueprint.add_route(
            _handler(self._call), "/api/cgi-bin/<path:path>", methods=["GET", "POST"], name="api"
        )
        blueprint.listener("before_server_stop")(self._stop)

    async def _guard(self, request: Request) -> HTTPResponse | None:
        """Loopback only, also by the Host header (a foreign page may resolve its name to 127.0.0.1)."""
        if self._remote or (_is_loopback(request.ip) and _is_loopback(_hostname(request.host))):
            return None
        return _refuse(403, "模拟器只能在本机打开,请用 http://127.0.0.1 访问。")

    async def _page(self, request: Request) -> HTTPResponse:
        template = self._templates.get_template("page.html")
        return html(template.render(account=self._platform.account, token=self._token, life=self._life))

    async def _state(self, request: Request) -> HTTPResponse:
        platform = self._platform
        account = platform.account
        if not platform.citizens:
            platform.citizen("小王", following=False)
        return _answer(
            {
                "life": self._life,
                "number": platform.feed.number,
                "account": {"name": account.name, "mode": account.mode.value, "kind": account.kind.value},
                "menu": list(platform.menu.buttons),
                "citizens": [c.to_json() for c in platform.citizens.values()],
            }
        )

    async def _changes(self, request: Request) -> HTTPResponse:
        """What happened after number `after`; waits while there is nothing. {"reset": true}: read /state."""
        after = request.args.get("after", "")
        if not after.isascii() or not after.isdigit() or len(after) > 15:
            return _refuse(400, "参数 after 应为一个编号。")
        if request.args.get("life", self._life) != self._life:
            return _answer({"life": self._life, "reset": True})
        await self._platform.feed.wait(int(after), seconds=POLL_SECONDS)
        changes = self._platform.feed.since(int(after))
        if changes is None:
            return _answer({"life": self._life, "reset": True})
        return _answer(
            {
                "life": self._life,
                "changes": [c.to_json() for c in changes],
                "number": self._platform.feed.number,
            }
        )

    async def _exchanges(self, request: Request) -> HTTPResponse:
        """The citizen's exchanges and the calls that concern nobody in particular, oldest first."""
        trace = self._platform.trace
        entries = [*trace.of(request.args.get("openid", "")), *trace.of("")]
        entries = sorted({e.id: e for e in entries}.values(), key=lambda e: e.id)
        return _answer({"exchanges": [e.to_json() for e in entries]})

    async def _picture(self, request: Request, media_id: str) -> HTTPResponse:
        medium = self._platform.shelf.get(media_id, now=self._platform.clock.now())
        if medium is None or not medium.content_type.startswith("image/"):
            return _refuse(404, "没有这张图片,或者已过期(保存三天)。")
        return raw(medium.content, content_type=medium.content_type)

    async def _add_citizen(self, request: Request) -> HTTPResponse:
        try:
            name = str(self._read(request).get("name") or "").strip()
            if not 1 <= len(name) <= 12:
                raise InvalidRequest("请给市民起个名字,1 到 12 个字。")
            if len(self._platform.citizens) >= MOST_CITIZENS:
                raise InvalidRequest(f"最多 {MOST_CITIZENS} 位市民。")
        except XiaoxiaoError as exc:
            return _refuse(_status(exc), str(exc))
        return _answer({"openid": self._platform.citizen(name, following=False).openid}, status=201)

    async def _act(self, request: Request) -> HTTPResponse:
        """Let a citizen do something; what comes of it is told by /changes."""
        try:
            data = self._read(request)
            turn = perform(self._citizen(data), data)
        except XiaoxiaoError as exc:
            return _refuse(_status(exc), str(exc))
        self._platform.spawn(turn)
        return _answer({"accepted": True}, status=202)

    async def _call(self, request: Request, path: str) -> HTTPResponse:
        query = {name: str(values[0]) for name, values in request.args.items()}
        call = Call(request.method, path, query, request.body, request.headers.get("content-type", ""))
        try:
            answer = await self._platform.api.answer(call)
        except ApiTimedOut:
            await self._platform.pause(60)
            return empty(504)
        except ApiDropped:
            request.transport.abort()
            return empty(502)
        return raw(answer.body, status=answer.status, content_type=answer.content_type)

    async def _stop(self, *_: Any) -> None:
        self._platform.feed.wake()

    def _read(self, request: Request) -> Mapping[str, Any]:
        """The JSON object a page of ours has sent. Raises InvalidRequest, _Forbidden."""
        if not secrets.compare_digest(
            request.headers.get("x-simulator-token", "").encode(), self._token.encode()
        ):
            raise _Forbidden
        try:
            data = json.loads(request.body)
        except ValueError as exc:
            raise InvalidRequest("请求的内容应为 JSON。") from exc
        if not isinstance(data, dict):
            raise InvalidRequest("请求的内容应为一个 JSON 对象。")
        return data

    def _citizen(self, data: Mapping[str, Any]) -> Citizen:
        citizen = self._platform.citizens.get(str(data.get("openid")))
        if citizen is None:
            raise NotFound("没有这位市民,请刷新页面。")
        return citizen


class _Forbidden(XiaoxiaoError):
    """页面已过期,请刷新后再试。"""


def _handler(method: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
    """Sanic 21.12 writes its blueprint's name on the handler: a bound method does not take it."""

    async def handler(request: Request, **parameters: str) -> HTTPResponse:
        return await method(request, **parameters)

    return handler


async def _harden(request: Request, response: HTTPResponse) -> None:
    """Headers for a page that shows what strangers wrote; the API answers bare, as WeChat's does."""
    if "/api/cgi-bin/" not in request.path:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)


def _status(error: XiaoxiaoError) -> int:
    return {_Forbidden: 403, NotFound: 404}.get(type(error), 400)


def _answer(data: Mapping[str, Any], *, status: int = 200) -> HTTPResponse:
    return json_response(data, status=status, ensure_ascii=False, escape_forward_slashes=False)


def _refuse(status: int, message: str) -> HTTPResponse:
    return _answer({"message": message}, status=status)


def _hostname(host: str) -> str:
    return host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
