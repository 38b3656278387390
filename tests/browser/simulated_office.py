"""A tiny server for the browser tests: the simulator's page, and a scripted office behind a real webhook.

python -m tests.browser.simulated_office PORT
"""

from __future__ import annotations

import asyncio
import sys

import httpx
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from tests.unit.simulator.office import Office, says
from xiaoxiao.simulator import blueprint
from xiaoxiao.simulator.account import Account
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.push import Field
from xiaoxiao.simulator.webhook import HttpWebhook, Response

MENU = [
    {"name": "应急常识", "type": "click", "key": "knowledge"},
    {
        "name": "查询",
        "sub_button": [
            {"name": "违章查询", "type": "click", "key": "violation"},
            {"name": "食品追溯", "type": "click", "key": "food"},
            {"name": "附近避难场所", "type": "location_select", "key": "shelter"},
        ],
    },
    {
        "name": "办事",
        "sub_button": [
            {"name": "我要爆料", "type": "pic_photo_or_album", "key": "report"},
            {"name": "转人工", "type": "click", "key": "human"},
        ],
    },
]
CHOICES = (
    "您想了解哪一个?\n"
    '1. <a href="weixin://bizmsgmenu?msgmenucontent=台风来了怎么办&msgmenuid=101">台风来了怎么办</a>\n'
    '2. <a href="weixin://bizmsgmenu?msgmenucontent=地震怎么躲&msgmenuid=102">地震怎么躲</a>\n'
    '也可以看<a href="https://www.mem.gov.cn">应急管理部网站</a>。<b>不是粗体</b>'
)
LONG = "发现燃气泄漏,先关阀门、开窗通风,人到屋外再打电话。不要开关电器,不要在屋里打电话。" * 16


def main(port: int) -> None:
    app = Sanic("simulated_office")
    account = Account(name="示例市应急办")
    address = f"http://127.0.0.1:{port}"
    platform = Platform(
        account, HttpWebhook(f"{address}/webhook"), picture_base=f"{address}/simulator", menu=MENU
    )

    async def later(openid: str) -> None:
        """Answer by the API, as slow answers are."""
        async with httpx.AsyncClient(base_url=f"{address}/simulator/api/cgi-bin") as client:
            keys = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
            token = (await client.post("/stable_token", json=keys)).json()["access_token"]
            params = {"access_token": token}
            typing = {"touser": openid, "command": "Typing"}
            await client.post("/message/custom/typing", params=params, json=typing)
            await asyncio.sleep(0.5)
            message = {"touser": openid, "msgtype": "text", "text": {"content": "LATER"}}
            await client.post("/message/custom/send", params=params, json=message)

    async def script(fields: dict[str, str]) -> list[Field] | Response | None:
        said = fields.get("Content", "")
        if fields.get("Event") == "subscribe":
            return says("您好,我是小小,应急的事都可以问我。")
        if said == "选项":
            return says(CHOICES)
        if said == "长文":
            return says(LONG)
        if said == "坏了":
            return Response(200, b"<xml>broken")
        if said == "图文":
            item = (("Title", "台风防御指南"), ("Description", "五件事"), ("PicUrl", ""), ("Url", address))
            return [("MsgType", "news"), ("ArticleCount", 1), ("Articles", (("item", item),))]
        if said == "稍后":
            app.add_task(later(fields["FromUserName"]))
            return None
        if fields["MsgType"] == "text":
            return says(
                f"您说的是「{said}」" + (f" #{fields['bizmsgmenuid']}" if "bizmsgmenuid" in fields else "")
            )
        return says(
            f"收到 {fields['MsgType']} {fields.get('Event', '')} {fields.get('EventKey', '')}".strip()
        )

    office = Office(account, script)

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        query = {name: values[0] for name, values in request.args.items()}
        answer = await office(query, request.body)
        return raw(answer.body, status=answer.status, content_type="text/xml")

    app.blueprint(blueprint.create(platform))
    app.run(host="127.0.0.1", port=port, motd=False, access_log=False, debug=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
