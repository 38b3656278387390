"""An office that looks up violations in the sample data, and a citizen half way through the form."""

from __future__ import annotations

from tests.acceptance.sampled_office import VIOLATION, opens, sampled_office
from tests.acceptance.scripted_office import Office, says
from xiaoxiao.engine import Reply
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import ConversationStore

TYPE, ENGINE = "是小型汽车吗", "发动机号的后六位"
MASKED = "沪A·**345"


def violation_office(store: ConversationStore) -> Office:
    office = sampled_office(store)
    office.engine.replies = {
        "查违章": VIOLATION,
        "/query_violation": VIOLATION,
        "查沪A12345的违章": VIOLATION,
        "有没有预警": opens("alerts", "query_alert"),
        "附近避难场所": opens("shelters", "find_shelter"),
        "流鼻血怎么办": says("低头捏住鼻翼"),
        "转人工": says("正在为您转接"),
        "不想弄这个了": Reply((Answer("好"),), "cancel", 0.95),
    }
    office.engine.otherwise = Reply((Answer("没听懂"),), understood=False)
    return office


def form(office: Office, citizen: Citizen) -> FormState:
    return office.store.form(office.conversation(citizen).id)


async def asked_for_engine(office: Office) -> Citizen:
    citizen = office.citizen()
    await citizen.says("查沪A12345的违章").sees(TYPE, MASKED)
    await citizen.says("是的").sees(ENGINE)
    return citizen
