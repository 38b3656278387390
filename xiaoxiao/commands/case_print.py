"""Cases for people and for programs. Who stays anonymous is not named here either."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from xiaoxiao.clock import CHINA
from xiaoxiao.desk.case_notices import moment, yuan
from xiaoxiao.desk.case_states import NAMES
from xiaoxiao.desk.dossier import Dossier
from xiaoxiao.desk.due import Urgency
from xiaoxiao.desk.rewards import NAMES as REWARDS
from xiaoxiao.store.case import Case, CaseEvent, CaseType
from xiaoxiao.store.medium import Medium, MediumState

TYPES = {
    CaseType.REPORT: "举报",
    CaseType.COMPLAINT: "投诉",
    CaseType.SUGGESTION: "建议",
    CaseType.SERVICE: "求助",
}
_MEDIA = {
    MediumState.PENDING: "还在取",
    MediumState.KEPT: "已存",
    MediumState.GONE: "没取到",
    MediumState.REFUSED: "没收下",
    MediumState.ERASING: "正在删除",
}
_EVENTS = {
    "filed": "登记",
    "state": "改状态",
    "assigned": "换人",
    "note": "备注",
    "seen": "查看",
    "told": "已告知市民",
    "evidence": "市民补充",
    "merged": "并案",
    "similar": "可能相似",
    "extended": "延期",
    "reward": "奖励",
    "rated": "市民评价",
    "due_soon": "提醒:快到期",
    "overdue": "提醒:超期",
}
_URGENT = {Urgency.SOON: "快到期", Urgency.OVERDUE: "超期"}
_BEGINNING = 30
#: what is not for programs either: whose it is stands in `conversation`, and only for the named
_HIDDEN = ("id", "conversation_id", "confirmed_by", "merged_into", "similar_to", "forget")


def line(case: Case, urgency: Urgency | None = None) -> str:
    late = f"  !{_URGENT[urgency]}" if urgency else ""
    who = f"  {case.assignee}" if case.assignee else ""
    what = " ".join(case.what.split())
    words = what if len(what) <= _BEGINNING else f"{what[:_BEGINNING]}…"
    return (
        f"{case.number}  {TYPES[case.type]}  {NAMES[case.state]}{who}  {moment(case.due_at)}前{late}  {words}"
    )


def dossier_text(dossier: Dossier) -> str:
    case = dossier.case
    lines = [f"{case.number}  {TYPES[case.type]}  {NAMES[case.state]}  答复期限 {moment(case.due_at)}"]
    lines += [f"转给:{case.assignee}"] if case.assignee else []
    for report in dossier.group:
        lines += ["", *_report(report)]
    lines += ["", *(f"文件 {_medium(medium)}" for medium in dossier.media)] if dossier.media else []
    if dossier.similar is not None:
        likely = f"{dossier.case.similarity or 0:.0%}"
        lines += ["", f"可能和 {dossier.similar.number} 是同一件事({likely}):merge 并过去,或 dismiss"]
    if dossier.reward is not None:
        lines += ["", f"奖励:{REWARDS[dossier.reward.state]}" + _amount(dossier.reward.amount)]
    lines += [f"答复:{case.answer}"] if case.answer else []
    return "\n".join([*lines, "", *(_event(event) for event in dossier.trail)])


def dossier_json(dossier: Dossier) -> dict[str, Any]:
    return {
        "case": case_json(dossier.case),
        "group": [case_json(case) for case in dossier.group],
        "media": [_plain(medium, ("source", "url", "conversation_id")) for medium in dossier.media],
        "reward": _plain(dossier.reward, ()) if dossier.reward else None,
        "ratings": [_plain(rating, ("conversation_id",)) for rating in dossier.ratings],
        "similar": dossier.similar.number if dossier.similar else None,
        "trail": [_plain(event, ()) for event in dossier.trail],
    }


def case_json(case: Case) -> dict[str, Any]:
    return _plain(case, _HIDDEN)


def _report(case: Case) -> list[str]:
    where = case.place or "没有说地点"
    if case.latitude is not None:
        where += f"({case.latitude:.5f}, {case.longitude:.5f})"
    who = "匿名" if case.anonymous else " ".join(filter(None, (case.name, case.phone))) or "未留姓名"
    said = f"{case.number}  {_time(case.created_at)}  {who}"
    return [said, f"  事情:{case.what}", f"  地点:{where}", f"  时间:{case.when or '没有说'}"]


def _medium(medium: Medium) -> str:
    found = (
        f"{medium.content_type} {medium.size} 字节 {medium.digest[:12]}" if medium.digest else medium.error
    )
    return f"{medium.id}  {medium.kind}  {_MEDIA[medium.state]}  {found}".rstrip()


def _event(event: CaseEvent) -> str:
    data = event.data
    change = f"{data['from']} → {data['to']}" if "from" in data and "to" in data else str(data.get("to", ""))
    words = "  ".join(filter(None, (change, str(data.get("note") or data.get("text") or ""))))
    return f"{_time(event.at)}  {_EVENTS.get(event.name, event.name)}  {event.actor}  {words}".rstrip()


def _amount(amount: int | None) -> str:
    return f",{yuan(amount)} 元" if amount is not None else ""


def _time(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%m-%d %H:%M")


def _plain(record: Any, without: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(value) for name, value in asdict(record).items() if name not in without}


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
