"""What 小小 asks of the WeChat API, one method per call.

Every method raises CallFailed: WeChatError (match `errcode`, or ask `remedy`), WeChatUnreachable (may be
repeated), WeChatUncertain (outcome unknown: a message must not be sent again). Docstrings end with the
official page.
"""

from __future__ import annotations

import asyncio
import mimetypes
import time
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from typing import Any

import httpx

from connectors.wechat.api import TIMEOUT_SECONDS, Api
from connectors.wechat.errors import Remedy, WeChatError, WeChatUncertain
from connectors.wechat.tokens import TokenStore

MEDIA_LIMIT = 20 * 1024 * 1024  #: bytes; WeChat itself takes at most 10 MB
Json = dict[str, Any]


class WeChatClient:
    def __init__(
        self,
        app_id: str,
        secret: str,
        api_base: str,
        tokens: TokenStore,
        http: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.time,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """`clock` gives Unix seconds. A given `http` stays the caller's to close."""
        self._api = Api(
            app_id, secret, api_base, tokens, http, clock, sleep=sleep, timeout_seconds=timeout_seconds
        )

    async def aclose(self) -> None:
        await self._api.aclose()

    # --- customer service --------------------------------------------------------------------------

    async def send_custom(self, body: Json) -> None:
        """Send a customer-service message made by `custom_messages`. Messages to one person go one by one.

        /doc/service/api/customer/message/api_sendcustommessage.html
        """
        await self._api.post("/cgi-bin/message/custom/send", body)

    async def typing(self, openid: str, *, on: bool = True) -> None:
        """Show or withdraw "typing…" for 15 s; that it is not wanted right now is no failure.

        /doc/service/api/customer/message/api_typing.html
        """
        body = {"touser": openid, "command": "Typing" if on else "CancelTyping"}
        try:
            await self._api.post("/cgi-bin/message/custom/typing", body)
        except WeChatError as error:
            if error.remedy is not Remedy.IGNORE:
                raise

    # --- media -------------------------------------------------------------------------------------

    async def upload_media(self, content: bytes, filename: str, kind: str) -> str:
        """Upload a temporary file (three days); `kind`: image, voice, video, thumb. Returns the media id.

        /doc/service/api/material/temporary/api_uploadtempmedia.html
        """
        path = "/cgi-bin/media/upload"
        data = await self._api.upload(path, _file(content, filename, kind), type=kind)
        # a thumb answers with thumb_media_id instead
        return _text(data, path, "media_id", "thumb_media_id")

    async def download_media(self, media_id: str, *, limit: int = MEDIA_LIMIT) -> tuple[bytes, str]:
        """Content and media type of what a citizen sent; MediaTooLarge above `limit` bytes.

        /doc/service/api/material/temporary/api_getmedia.html
        """
        return await self._api.download("/cgi-bin/media/get", limit, media_id=media_id)

    # --- menu --------------------------------------------------------------------------------------

    async def create_menu(self, body: Json) -> None:
        """Replace the whole menu (`menus.menu_body`). Phones show it after five minutes or a new visit.

        /doc/service/api/custommenu/api_createcustommenu.html
        """
        await self._api.post("/cgi-bin/menu/create", body)

    async def get_menu(self) -> Json:
        """The menu made by the API; errcode 46003 when there is none.

        /doc/service/api/custommenu/api_getmenu.html
        """
        return await self._api.get("/cgi-bin/menu/get")

    async def delete_menu(self) -> None:
        """/doc/service/api/custommenu/api_deletemenu.html"""
        await self._api.get("/cgi-bin/menu/delete")

    async def current_selfmenu(self) -> Json:
        """The menu that is shown, also one made in the console.

        /doc/service/api/custommenu/api_getcurrentselfmenuinfo.html
        """
        return await self._api.get("/cgi-bin/get_current_selfmenu_info")

    # --- notices -----------------------------------------------------------------------------------

    async def send_template(self, body: Json) -> int:
        """Send a template message: touser, template_id, data, url or miniprogram, client_msg_id. Gives msgid.

        `client_msg_id` makes it safe to repeat within ten minutes.
        /doc/service/api/notify/template/api_sendtemplatemessage.html
        """
        data = await self._api.post("/cgi-bin/message/template/send", body)
        return int(data.get("msgid", 0))

    async def send_subscription(self, body: Json) -> None:
        """Send a subscription notice: touser, template_id, page or miniprogram, data. 43101 when refused.

        /doc/service/api/notify/notify/api_sendnewsubscribemsg.html
        """
        await self._api.post("/cgi-bin/message/subscribe/bizsend", body)

    async def send_mass(
        self, tag_id: int | None, kind: str, content: Json, *, client_msg_id: str = ""
    ) -> Json:
        """Send to everybody with a tag, or to all followers (None; at most one a day). Answers with msg_id.

        `kind`, `content`: "text", {"content": …} or "mpnews", {"media_id": …}. `client_msg_id`, at most 64
        bytes, keeps a repetition from being sent twice.
        /doc/service/api/notify/message/api_sendall.html
        """
        to: Json = {"is_to_all": True} if tag_id is None else {"is_to_all": False, "tag_id": tag_id}
        body: Json = {"filter": to, kind: content, "msgtype": kind}
        if client_msg_id:
            body["clientmsgid"] = client_msg_id
        return await self._api.post("/cgi-bin/message/mass/sendall", body)

    # --- account -----------------------------------------------------------------------------------

    async def user_info(self, openid: str) -> Json:
        """subscribe, unionid, tagid_list, qr_scene_str …; no name or picture since December 2021.

        /doc/service/api/usermanage/userinfo/api_userinfo.html
        """
        return await self._api.get("/cgi-bin/user/info", openid=openid, lang="zh_CN")

    async def create_qrcode(self, scene: str, *, expire_seconds: int | None = None) -> Json:
        """A QR code that leads to the account with `scene` (1 to 64 characters): ticket, url, expire_seconds.

        Without `expire_seconds` (at most 2,592,000) it is permanent; there are 100,000 of those.
        /doc/service/api/qrcode/qrcodes/api_createqrcode.html
        """
        body: Json = {"action_info": {"scene": {"scene_str": scene}}}
        if expire_seconds is None:
            body["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": expire_seconds}
        return await self._api.post("/cgi-bin/qrcode/create", body)

    async def callback_ips(self) -> list[str]:
        """Addresses that pushes come from; the list changes.

        /doc/service/api/base/api_getcallbackip.html
        """
        data = await self._api.get("/cgi-bin/getcallbackip")
        return [str(address) for address in data.get("ip_list", [])]

    async def clear_quota(self, app_id: str) -> None:
        """Reset the daily call counts; ten times a month, so only ever on an operator's order.

        /doc/service/api/apimanage/api_clearquota.html
        """
        await self._api.post("/cgi-bin/clear_quota", {"appid": app_id})


def _file(content: bytes, filename: str, kind: str) -> tuple[str, bytes, str]:
    media_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    if not filename.isascii():
        # names in other scripts arrive garbled or not at all; only the ending matters
        filename = kind + PurePath(filename).suffix
    return filename, content, media_type


def _text(data: Json, path: str, *names: str) -> str:
    for name in names:
        if isinstance(data.get(name), str) and data[name]:
            return str(data[name])
    raise WeChatUncertain(f"{path}: the answer has no {names[0]}.")
