"""`xiaoxiao backend check` says what is wrong, in words."""

from __future__ import annotations

from datetime import timedelta

import httpx

from xiaoxiao.queries.backend_check import Finding, check


async def checked(answer: httpx.MockTransport) -> dict[str, Finding]:
    findings = await check("https://data.example.gov.cn/v1", "t" * 16, timedelta(seconds=3), transport=answer)
    return {finding.label: finding for finding in findings}


def _broken(request: httpx.Request) -> httpx.Response:
    path = request.url.path.removeprefix("/v1/")
    if path == "alerts":
        row = {"id": "1", "title": "预警", "level": "紫", "issued_at": "今天"}
        return httpx.Response(
            200, json={"source": "局", "as_of": "2026-11-24T08:00:00+08:00", "items": [row]}
        )
    if path == "quakes":
        return httpx.Response(200, html="<html>")
    if path == "news":
        raise httpx.ConnectError("refused")
    if path == "typhoons":
        return httpx.Response(404, json={"error": {"code": "no_data"}})
    return httpx.Response(500)


async def test_each_fault_is_named_where_it_is() -> None:
    found = await checked(httpx.MockTransport(_broken))
    assert "级别 应为:红色、橙色、黄色、蓝色" in found["预警"].problem
    assert "发布单位 没有填" in found["预警"].problem
    assert "application/json" in found["地震"].problem
    assert "连不上" in found["工作要闻"].problem
    assert ("", "没有这类数据") == (found["台风"].problem, found["台风"].note)
    assert "状态应为 401,实际 200" == found["没有令牌要拒绝"].problem
    assert "状态应为 403,实际 500" == found["对不上的车"].problem
