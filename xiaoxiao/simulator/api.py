"""The WeChat API (…/cgi-bin/…): routes, tokens, limits, faults. The answers themselves are in endpoints/."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xiaoxiao.clock import CHINA
from xiaoxiao.simulator.endpoints import accounts, custom, mass, menus, notices, tokens, uploads
from xiaoxiao.simulator.endpoints.call import ApiError, Call
from xiaoxiao.simulator.faults import ApiDropped, ApiTimedOut, Failure, Fault, Faults
from xiaoxiao.simulator.media import Medium

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

Endpoint = Callable[["Platform", Call], "dict[str, Any] | Medium"]

#: path → method, endpoint
ROUTES: dict[str, tuple[str, Endpoint]] = {
    "token": ("GET", tokens.token),
    "stable_token": ("POST", tokens.stable_token),
    "message/custom/send": ("POST", custom.send),
    "message/custom/typing": ("POST", custom.typing),
    "message/template/send": ("POST", notices.send_template),
    "message/subscribe/bizsend": ("POST", notices.send_subscription),
    "message/mass/sendall": ("POST", mass.send_all),
    "message/mass/send": ("POST", mass.send),
    "message/mass/preview": ("POST", mass.preview),
    "menu/create": ("POST", menus.create),
    "menu/get": ("GET", menus.get),
    "menu/delete": ("GET", menus.delete),
    "get_current_selfmenu_info": ("GET", menus.current),
    "media/upload": ("POST", uploads.upload),
    "media/get": ("GET", uploads.get),
    "user/info": ("GET", accounts.user_info),
    "qrcode/create": ("POST", accounts.create_qrcode),
    "getcallbackip": ("GET", accounts.addresses),
    "get_api_domain_ip": ("GET", accounts.addresses),
    "clear_quota": ("POST", accounts.clear_quota),
}
_OPEN = frozenset({"token", "stable_token"})  # these need no token
_SECRET = re.compile(r'("(?:secret|access_token)"\s*:\s*"[^"]{0,4})[^"]*')
_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"


@dataclass(frozen=True)
class Answer:
    content_type: str
    body: bytes
    status: int = 200  #: WeChat answers 200 whatever happened


class Api:
    def __init__(self, platform: Platform) -> None:
        self.tokens = tokens.Tokens()
        self.templates = notices.Templates()
        self.qrcodes = accounts.QrCodes()
        self.mass = mass.MassMessages()
        self.faults = Faults()
        self.limits: dict[str, int] = {"token": 2_000, "message/custom/send": 500_000, "menu/create": 1_000}
        self.counts: Counter[tuple[str, str]] = Counter()  #: (day, path)
        self.clearings: Counter[str] = Counter()  #: clear_quota by month
        self.exchange: int | None = None  #: the trace entry of the call being answered
        self._platform = platform

    async def answer(self, call: Call) -> Answer:
        """Carry the call out. Raises ApiTimedOut, ApiDropped when such a fault is due."""
        platform, fault = self._platform, self.faults.take(call.path)
        exchange = platform.trace.add(
            at=platform.clock.now(),
            openid=_concerns(call),
            kind="api",
            title=call.path,
            query=dict(call.query),
            sent=_readable(call.body, call.content_type),
        )
        if self.faults.latency_seconds:
            await platform.pause(self.faults.latency_seconds)
        self.exchange = exchange.id
        answer = self._answer(call) if fault is None or fault.takes_effect else None
        if fault:
            answer = self._spoil(fault, answer)
        took = int((platform.clock.now() - exchange.at).total_seconds() * 1_000)
        if answer is None:
            failed = "超时,没有回应" if fault and fault.failure is Failure.TIMEOUT else "连接断开,没有回应"
            platform.trace.update(exchange, outcome=f"{failed}(人为故障)", milliseconds=took)
            raise ApiTimedOut if fault and fault.failure is Failure.TIMEOUT else ApiDropped
        shown = _readable(answer.body, answer.content_type)
        platform.trace.update(exchange, status=200, answer=shown, outcome="已回应", milliseconds=took)
        return answer

    def _spoil(self, fault: Fault, answer: Answer | None) -> Answer | None:
        if fault.failure is Failure.ERRCODE:
            return _json(_refusal(ApiError(fault.errcode, "injected fault")))
        if fault.failure is Failure.HTML:
            return Answer("text/html", _HTML)
        return None

    def _answer(self, call: Call) -> Answer:
        try:
            outcome = self._outcome(call)
        except ApiError as exc:
            return _json(_refusal(exc))
        if isinstance(outcome, Medium):
            return Answer(outcome.content_type, outcome.content)
        if outcome and "msgid" not in outcome and "msg_id" not in outcome:
            return _json(outcome)  # answers with data carry no errcode
        return _json({"errcode": 0, "errmsg": "ok", **outcome})

    def _outcome(self, call: Call) -> dict[str, Any] | Medium:
        """Raises ApiError."""
        if call.path not in ROUTES:
            raise ApiError(40066, "invalid url")
        method, endpoint = ROUTES[call.path]
        if call.method != method:
            raise ApiError(43001 if method == "GET" else 43002, f"require {method} method")
        if call.path not in _OPEN:
            self.tokens.check(call.query.get("access_token"), now=self._platform.clock.now())
        self._count(call.path)
        return endpoint(self._platform, call)

    def _count(self, path: str) -> None:
        key = (self._platform.clock.now().astimezone(CHINA).date().isoformat(), path)
        if path in self.limits and self.counts[key] >= self.limits[path]:
            raise ApiError(45009, "reach max api daily quota limit")
        self.counts[key] += 1


def _refusal(error: ApiError) -> dict[str, Any]:
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    return {"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {rid}"}


def _json(data: dict[str, Any]) -> Answer:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer("application/json; encoding=utf-8", body)


def _concerns(call: Call) -> str:
    """The openid a call is about, for the trace."""
    if "openid" in call.query:
        return call.query["openid"]
    try:
        touser = json.loads(call.body).get("touser", "")
    except (ValueError, AttributeError):
        return ""
    return touser if isinstance(touser, str) else ""


def _readable(body: bytes, content_type: str) -> str:
    if "multipart" in content_type or content_type.startswith(
        ("image/", "audio/", "video/", "application/octet")
    ):
        return f"({len(body)} 字节)"
    return _SECRET.sub(r"\1…", body.decode("utf-8", "replace"))
