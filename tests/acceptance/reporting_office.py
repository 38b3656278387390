"""An office whose engine knows the words of reports, and citizens on their way through one."""

from __future__ import annotations

import re

from tests.acceptance.sampled_office import opens
from tests.acceptance.scripted_office import START, Office, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.dialog import Turn
from xiaoxiao.store.case import Case
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import ConversationStore

WHAT, WHERE, WHEN, CONTACT, CONFIRM = "什么事", "在哪里?", "什么时候看到的", "留个电话吗", "对了我就提交"
LID = "路边的井盖没了"
WHOLE = "举报:昨晚八点看到,东风路12号门口的井盖没了"
CARD = Reply((Answer("关阀门,开窗"),), "faq/gas_leak", 0.95, topic="gas_leak")


def reporting(store: ConversationStore) -> Office:
    office = Office(store, SettableClock(START))
    report = opens("report", "report_hazard")
    progress = opens("my_cases", "report_progress")
    office.engine.replies = {
        **dict.fromkeys(("我要举报", "/report_hazard", LID, WHOLE, "工厂偷偷排黄水"), report),
        **dict.fromkeys(("我的进度", "/report_progress"), progress),
        "我要投诉": opens("petition", "complain_or_suggest"),
        "建议东风路加一个红绿灯": opens("petition", "complain_or_suggest"),
        "你们说三天答复,一个月了没人理我": opens("grievance", "complain_service"),
        "删除我的数据": opens("my_data", "privacy_delete"),
        "流鼻血怎么办": says("低头捏住鼻翼"),
        "煤气灶怎么关": CARD,
        "还有围墙也要倒了": report,
    }
    office.engine.otherwise = Reply((Answer("没听懂"),), understood=False)
    return office


def form(office: Office, citizen: Citizen) -> FormState:
    return office.store.form(office.conversation(citizen).id)


def cases(office: Office) -> list[Case]:
    with office.store.work(only_reads=True) as work:
        return work.all(Case)


def tap(citizen: Citizen, title: str) -> Turn:
    """The latest option of that name, whatever its number."""
    shown = [part.text for bubble in citizen.bubbles for part in bubble.segments if part.say is not None]
    return citizen.taps([text for text in shown if text.endswith(f". {title}")][-1])


async def told(office: Office, *, contact: str = "匿名") -> Citizen:
    """Up to the summary."""
    citizen = office.citizen()
    await citizen.says(WHOLE).sees(CONTACT)
    await citizen.says(contact).sees(CONFIRM)
    return citizen


async def filed(office: Office) -> tuple[Citizen, str]:
    citizen = await told(office)
    seen = await citizen.says("提交").sees("登记好了")
    return citizen, re.findall(r"YJ\d{8}-\d{4}", seen.text)[0]
