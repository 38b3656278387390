"""Does an office's back end keep the contract? Every operation once, and the refusals it owes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from xiaoxiao.queries import kinds
from xiaoxiao.queries.columns import BadRow
from xiaoxiao.queries.kinds import Kind
from xiaoxiao.queries.violations import OwnerClaim
from xiaoxiao.queries.wire import read_batch, read_findings, read_origin, read_violations

#: twenty digits that no receipt has
NO_CODE = "00000000000000000000"
_LISTS: tuple[tuple[Kind[Any], Mapping[str, str | int | float]], ...] = (
    (kinds.ALERTS, {}),
    (kinds.SUSPENSIONS, {}),
    (kinds.QUAKES, {"limit": 5}),
    (kinds.TYPHOONS, {}),
    (kinds.SHELTERS, {"latitude": 31.23, "longitude": 121.47, "limit": 20}),
    (kinds.BUREAUS, {"purpose": "停水", "limit": 20}),
    (kinds.ENTRIES, {"matter": "复审", "limit": 20}),
    (kinds.NEWS, {"limit": 5}),
)


@dataclass(frozen=True)
class Finding:
    label: str
    operation: str
    problem: str = ""  #: in words; "" when all is well
    note: str = ""


@dataclass(frozen=True)
class Probe:
    """One request, and what its answer must be."""

    label: str
    operation: str
    judge: Callable[[httpx.Response], str]  #: a note; raises BadRow, or _Wrong
    method: str = "GET"
    params: Mapping[str, str | int | float] | None = None
    body: Mapping[str, str] | None = None
    token: bool = True


class _Wrong(Exception):
    """What is wrong, in words."""


async def check(
    url: str,
    token: str,
    timeout: timedelta,
    *,
    claim: OwnerClaim | None = None,
    code: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[Finding]:
    """`claim` and `code`: a vehicle and a batch that are on file, to see a real answer."""
    seconds = timeout.total_seconds()
    async with httpx.AsyncClient(
        base_url=url, timeout=seconds, trust_env=False, transport=transport
    ) as client:
        return [await _try(client, probe, token, timeout) for probe in _probes(claim, code)]


async def _try(client: httpx.AsyncClient, probe: Probe, token: str, timeout: timedelta) -> Finding:
    headers = {"Authorization": f"Bearer {token}"} if probe.token else {}
    try:
        asking = client.request(
            probe.method, probe.operation, params=probe.params, json=probe.body, headers=headers
        )
        response = await asyncio.wait_for(asking, timeout.total_seconds())
        note = probe.judge(response)
    except (asyncio.TimeoutError, httpx.TimeoutException):
        return Finding(probe.label, probe.operation, f"{timeout.total_seconds():g} 秒内没有回答")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        return Finding(probe.label, probe.operation, f"连不上({type(problem).__name__})")
    except BadRow as bad:
        problems = ";".join(f"{p.column} {p.complaint}" for p in bad.problems)
        return Finding(probe.label, probe.operation, problems)
    except _Wrong as wrong:
        return Finding(probe.label, probe.operation, str(wrong))
    return Finding(probe.label, probe.operation, note=note)


def _probes(claim: OwnerClaim | None, code: str | None) -> list[Probe]:
    nobody = {"plate": "沪A00000", "plate_type": "02", "engine_tail": "000000"}
    probes = [
        Probe("活着", "health", _healthy),
        Probe("没有令牌要拒绝", "alerts", _refuses(401, "unauthorized"), token=False),
        *(Probe(kind.label, kind.name, _lists(kind), params=params) for kind, params in _LISTS),
        Probe("不对的参数要拒绝", "news", _refuses(400, "invalid_request"), params={"limit": 0}),
        Probe("没有的追溯码", f"food/{NO_CODE}", _refuses(404, "not_found")),
        Probe("不对的追溯码", "food/123", _refuses(400, "invalid_request")),
        Probe("对不上的车", "violations", _refuses(403, "owner_unproven"), "POST", body=nobody),
    ]
    if code is not None:
        probes.append(Probe("食品追溯", f"food/{code}", _batch(code)))
    if claim is not None:
        body = {
            "plate": claim.plate.number,
            "plate_type": claim.plate_type.value,
            "engine_tail": claim.engine_tail,
        }
        probes.append(Probe("违章", "violations", _violations(claim), "POST", body=body))
    return probes


def _healthy(response: httpx.Response) -> str:
    _status(response, 200)
    return ""


def _lists(kind: Kind[Any]) -> Callable[[httpx.Response], str]:
    def judge(response: httpx.Response) -> str:
        if _code(response) == "no_data" and response.status_code == 404:
            return "没有这类数据"
        _status(response, 200)
        answer = _json(response)
        read_origin(answer)
        rows = answer.get("items")
        for row in rows if isinstance(rows, list) else ():
            kind.read(
                row if isinstance(row, dict) else {}
            )  # strict: the first bad record with all its faults
        return f"{len(read_findings(kind, answer).items)} 条"

    return judge


def _batch(code: str) -> Callable[[httpx.Response], str]:
    def judge(response: httpx.Response) -> str:
        _status(response, 200)
        return f"{len(read_batch(_json(response), code).steps)} 个环节"

    return judge


def _violations(claim: OwnerClaim) -> Callable[[httpx.Response], str]:
    def judge(response: httpx.Response) -> str:
        _status(response, 200)
        return f"{len(read_violations(_json(response), claim).items)} 条"

    return judge


def _refuses(status: int, code: str) -> Callable[[httpx.Response], str]:
    def judge(response: httpx.Response) -> str:
        if response.status_code == 404 and _code(response) == "no_data" and status != 401:
            return "没有这类数据"
        _status(response, status)
        if _code(response) != code:
            raise _Wrong(f'应答 {{"error": {{"code": "{code}"}}}}')
        return "已拒绝"

    return judge


def _status(response: httpx.Response, wanted: int) -> None:
    if response.status_code != wanted:
        raise _Wrong(f"状态应为 {wanted},实际 {response.status_code}")


def _code(response: httpx.Response) -> object:
    try:
        return json.loads(response.content)["error"]["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _json(response: httpx.Response) -> dict[str, Any]:
    kind = response.headers.get("content-type", "")
    if "json" not in kind:
        raise _Wrong(f"Content-Type 应为 application/json,实际 {kind[:40] or '没有'}")
    try:
        answer = json.loads(response.content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _Wrong("正文不是 UTF-8 的 JSON") from None
    if not isinstance(answer, dict):
        raise _Wrong("正文应为对象")
    return answer
