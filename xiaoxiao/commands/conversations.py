"""`xiaoxiao conversations`: the first desk. Who waits, what was said, answer, give back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from xiaoxiao.clock import CHINA
from xiaoxiao.commands.actor import actor
from xiaoxiao.desk.conversations import Conversations, Thread
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.services import Services, build_services
from xiaoxiao.store.conversation import Conversation, Delivery, Event, Message, Outgoing, Status

_STATES = {
    Delivery.QUEUED: "待发",
    Delivery.HELD: "等市民下一句话时带给她",
    Delivery.SENDING: "正在发",
    Delivery.SENT: "已发",
    Delivery.UNCERTAIN: "可能已发(连接中断)",
    Delivery.FAILED: "发不出",
    Delivery.DROPPED: "已撤下",
}
_STATUSES = {
    Status.BOT: "小小在答",
    Status.PENDING: "等人工",
    Status.OPEN: "人工在答",
    Status.SNOOZED: "人工搁置",
    Status.RESOLVED: "已办结",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    listing = actions.add_parser("list", help="列出会话,等得最久的在前")
    listing.add_argument("--status", choices=[s.value for s in Status], help="只看某一种状态")
    listing.add_argument("--limit", type=int, default=50)
    listing.add_argument("--json", action="store_true")
    show = actions.add_parser("show", help="看一个会话(查看会留痕)")
    show.add_argument("openid")
    show.add_argument("--json", action="store_true", help="全部消息、回答和事件,含每个字段")
    reply = actions.add_parser("reply", help="回复市民(自动接手)")
    reply.add_argument("openid")
    reply.add_argument("text")
    for name, summary in (("take", "接手"), ("release", "交还给小小"), ("resolve", "办结")):
        actions.add_parser(name, help=summary).add_argument("openid")


def execute(options: argparse.Namespace) -> int:
    services = build_services()
    by = actor()
    if options.action == "list":
        return _list(services, options)
    try:
        conversation = services.store.find(options.openid)
    except NotFound:
        raise NotFound(
            f"没有 openid 为 {options.openid} 的会话。用 xiaoxiao conversations list 看全部。"
        ) from None
    desk = services.conversations
    if options.action == "show":
        thread = desk.show(conversation.id, by)
        print(
            json.dumps(_thread(thread), ensure_ascii=False, indent=2) if options.json else _readable(thread)
        )
    elif options.action == "reply":
        _reply(desk, conversation, by, options.text)
    else:
        act: Callable[[int, str], Conversation] = {
            "take": desk.take_over,
            "release": desk.release,
            "resolve": desk.resolve,
        }[options.action]
        print(f"  现在是:{_STATUSES[act(conversation.id, by).status]}")
    return 0


def _reply(desk: Conversations, conversation: Conversation, by: str, text: str) -> None:
    if not conversation.following:
        raise InvalidRequest("她已取消关注,微信不再转达任何消息。")
    desk.reply(conversation.id, by, text)
    print("  已放进发件箱:能推送就马上发出,否则等她下一句话时带给她。")


def _list(services: Services, options: argparse.Namespace) -> int:
    status = Status(options.status) if options.status else None
    found = services.store.conversations(status=status, limit=options.limit)
    if options.json:
        print(json.dumps([_conversation(c) for c in found], ensure_ascii=False, indent=2))
        return 0
    for c in found:
        waiting = f"  等了 {_minutes(services.clock.now(), c.waiting_since)} 分钟" if c.waiting_since else ""
        print(f"{c.contact}  {_STATUSES[c.status]}  最近 {_time(c.updated_at)}{waiting}")
    print(f"共 {len(found)} 个会话。")
    return 0


# --- for people -------------------------------------------------------------------------------------


def _readable(thread: Thread) -> str:
    c = thread.conversation
    lines: list[tuple[datetime, str]] = []
    for m in thread.messages:
        lines.append((m.received_at, f"市民  {_said(m)}" + (f"  【危险:{m.danger}】" if m.danger else "")))
    for o in thread.outgoing:
        who = {"staff": "坐席", "safety": "小小(固定回答)"}.get(o.author.value, "小小")
        lines.append((o.created_at, f"{who}  {o.answer.text}  ({_STATES[o.state]})"))
    for e in thread.events:
        lines.append((e.at, f"· {e.name} {e.actor} {json.dumps(dict(e.data), ensure_ascii=False)}"))
    head = f"{c.contact}  {_STATUSES[c.status]}" + ("" if c.following else "  已取消关注")
    return "\n".join(
        [head, *(f"{_time(at)}  {text}" for at, text in sorted(lines, key=lambda line: line[0]))]
    )


def _said(message: Message) -> str:
    incoming = message.incoming
    if incoming.event:
        return f"[{incoming.event}] {incoming.fields.get('EventKey', '')}".strip()
    return incoming.text or f"[{incoming.kind}]"


def _time(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%m-%d %H:%M:%S")


def _minutes(now: datetime, since: datetime) -> int:
    return int((now - since).total_seconds() // 60)


# --- for programs -----------------------------------------------------------------------------------


def _thread(thread: Thread) -> dict[str, Any]:
    return {
        "conversation": _conversation(thread.conversation),
        "messages": [_message(m) for m in thread.messages],
        "outgoing": [_outgoing(o) for o in thread.outgoing],
        "events": [_event(e) for e in thread.events],
    }


def _conversation(c: Conversation) -> dict[str, Any]:
    return {
        "openid": c.contact,
        "channel": c.channel,
        "account": c.account,
        "state": c.status.value,
        "following": c.following,
        "assignee": c.assignee,
        "misunderstood": c.misunderstood,
        "topic": c.topic,
        "created_at": c.created_at.isoformat(),
        "updated_at": c.updated_at.isoformat(),
        "waiting_since": c.waiting_since.isoformat() if c.waiting_since else None,
    }


def _message(m: Message) -> dict[str, Any]:
    i = m.incoming
    return {
        "id": m.id,
        "kind": i.kind,
        "event": i.event or None,
        "text": i.text,
        "key": i.key,
        "fields": dict(i.fields),
        "sent_at": i.sent_at.isoformat(),
        "received_at": m.received_at.isoformat(),
        "handled_at": m.handled_at.isoformat() if m.handled_at else None,
        "intent": m.intent,
        "confidence": m.confidence,
        "danger": m.danger,
        "reply": m.reply,
    }


def _outgoing(o: Outgoing) -> dict[str, Any]:
    return {
        "id": o.id,
        "message_id": o.message_id,
        "author": o.author.value,
        **o.answer.to_json(),
        "state": o.state.value,
        "carrier": o.carrier,
        "attempts": o.attempts,
        "error": o.error,
        "created_at": o.created_at.isoformat(),
        "sent_at": o.sent_at.isoformat() if o.sent_at else None,
    }


def _event(e: Event) -> dict[str, Any]:
    return {"id": e.id, "at": e.at.isoformat(), "actor": e.actor, "name": e.name, "data": dict(e.data)}
