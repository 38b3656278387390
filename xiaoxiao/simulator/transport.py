"""The API without a network: an httpx transport whose host is the simulated platform.

httpx.AsyncClient(transport=SimulatedTransport(platform.api))
"""

from __future__ import annotations

import httpx

from xiaoxiao.simulator.api import Api
from xiaoxiao.simulator.endpoints.call import Call
from xiaoxiao.simulator.faults import ApiDropped, ApiTimedOut


class SimulatedTransport(httpx.AsyncBaseTransport):
    def __init__(self, api: Api) -> None:
        self._api = api

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.rpartition("/cgi-bin/")[2]
        body = await request.aread()
        query = dict(request.url.params)
        call = Call(request.method, path, query, body, request.headers.get("content-type", ""))
        try:
            answer = await self._api.answer(call)
        except ApiTimedOut as exc:
            raise httpx.ReadTimeout("the simulated platform does not answer", request=request) from exc
        except ApiDropped as exc:
            raise httpx.RemoteProtocolError("the simulated platform hung up", request=request) from exc
        headers = {"content-type": answer.content_type}
        return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)
