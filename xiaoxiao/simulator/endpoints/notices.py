"""Template messages (模板消息) and subscription notices (订阅通知); their outcome is told by an event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from xiaoxiao.simulator import push
from xiaoxiao.simulator.account import Kind
from xiaoxiao.simulator.bubbles import Side
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.endpoints.call import ApiError, Call, part, text
from xiaoxiao.simulator.endpoints.custom import recipient
from xiaoxiao.simulator.push import Field

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

_SAME_MESSAGE = timedelta(minutes=10)  #: how long client_msg_id is remembered
_KEY = re.compile(r"{{(\w+)\.DATA}}")


@dataclass(frozen=True)
class Template:
    title: str
    content: str  #: with {{name.DATA}} in it


@dataclass
class Templates:
    """Templates added to the account, by id."""

    known: dict[str, Template] = field(default_factory=dict)
    sent: dict[str, tuple[datetime, int]] = field(default_factory=dict)  #: client_msg_id → when, msgid

    def add(self, template_id: str, title: str, content: str) -> None:
        self.known[template_id] = Template(title, content)

    def find(self, template_id: str) -> Template:
        """Raises ApiError 40037."""
        if template_id not in self.known:
            raise ApiError(40037, "invalid template_id")
        return self.known[template_id]


def send_template(platform: Platform, call: Call) -> dict[str, Any]:
    if platform.account.kind is Kind.SUBSCRIPTION:
        raise ApiError(48001, "api unauthorized")
    data = call.json()
    citizen = recipient(platform, data)
    template = platform.api.templates.find(text(data, "template_id"))
    shown = _fill(template, part(data, "data"))
    repeated = _repeated(platform, text(data, "client_msg_id"))
    if repeated:
        return {"msgid": repeated}
    number = platform.number()
    if text(data, "client_msg_id"):
        platform.api.templates.sent[text(data, "client_msg_id")] = (platform.clock.now(), number)
    card = {"title": template.title, "url": text(data, "url")}
    citizen.show(Side.ACCOUNT, "template", f"{template.title}\n{shown}", card, exchange=platform.api.exchange)
    _report(platform, citizen, "TEMPLATESENDJOBFINISH", ("MsgID", number), ("Status", "success"))
    return {"msgid": number}


def send_subscription(platform: Platform, call: Call) -> dict[str, Any]:
    data = call.json()
    citizen = recipient(platform, data)
    template_id = text(data, "template_id")
    template = platform.api.templates.find(template_id)
    shown = _fill(template, part(data, "data"))
    if not _consent(citizen, template_id):
        raise ApiError(43101, "user refuse to accept the msg")
    card = {"title": template.title, "url": text(data, "page")}
    citizen.show(Side.ACCOUNT, "template", f"{template.title}\n{shown}", card, exchange=platform.api.exchange)
    entry: tuple[Field, ...] = (
        ("TemplateId", template_id),
        ("MsgID", str(platform.number())),
        ("ErrorCode", "0"),
        ("ErrorStatus", "success"),
    )
    _report(platform, citizen, "subscribe_msg_sent_event", ("SubscribeMsgSentEvent", (("List", entry),)))
    return {}


def _fill(template: Template, data: dict[str, Any]) -> str:
    """Raises ApiError 47003 when a value is missing or is not {"value": text}."""
    for name in _KEY.findall(template.content):
        if not isinstance(data.get(name), dict) or not str(data[name].get("value", "")):
            raise ApiError(47003, f"argument invalid! data.{name}.value is empty")
    return _KEY.sub(lambda match: str(data[match[1]]["value"]), template.content)


def _repeated(platform: Platform, client_msg_id: str) -> int:
    at, number = platform.api.templates.sent.get(client_msg_id, (None, 0))
    return number if at and platform.clock.now() - at < _SAME_MESSAGE else 0


def _consent(citizen: Citizen, template_id: str) -> bool:
    """Use one of her permissions up; lasting ones stay."""
    left = citizen.accepted.get(template_id, 0)
    if left is None:
        return True
    citizen.accepted[template_id] = max(0, left - 1)
    return left > 0


def _report(platform: Platform, citizen: Citizen, name: str, *fields: Field) -> None:
    at = int(platform.clock.now().timestamp())
    report = push.event(citizen.openid, platform.account.gh_id, at=at, name=name, fields=fields)
    platform.spawn(platform.deliver(report))
