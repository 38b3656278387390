"""An office whose data is at a back end over HTTP, and every query as a citizen puts it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tests.acceptance.reporting_office import tap
from tests.acceptance.scripted_office import ROOT, START, Office, says
from tests.contract.queries.served import TOKEN
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.queries.examination import KINDS
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.sample import load_sample
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.deeds import Place
from xiaoxiao.simulator.dialog import Turn
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.memory import MemoryStore

CODE = "31010212345678901234"
HERE = Place(31.0010, 121.0020, "某小区")
NOSEBLEED = "流鼻血怎么办"
NEWS = "最近的消息"


@dataclass(frozen=True)
class Query:
    """`answers` to 小小's questions; the last thing she does makes 小小 ask the back end."""

    kind: str  #: of data, as BACKEND_KINDS names it
    form: str
    intent: str
    opening: str
    answers: tuple[str | Place, ...]
    tells: tuple[str, ...]  #: of the sample district's answer
    elsewhere: str  #: the official way, when there is no answer

    @property
    def id(self) -> str:
        return f"{self.kind}-{len(self.answers)}"


QUERIES = (
    Query(
        *("violations", "violation", "query_violation", "查沪A12345的违章", ("是的", "123456")),
        *(("人民路与解放路路口", "记 6 分,罚款 200 元", "没处理(样例区交警支队"), "交管12123"),
    ),
    Query(
        *("food", "trace_food", "trace_food", "我买的猪肉怎么查", (CODE,)),
        *(("召回", "养殖种植", "零售", "发布"), "市场监管"),
    ),
    Query(
        *("alerts", "alerts", "query_alert", "有没有预警", ()),
        *(("暴雨橙色", "该怎么做", "样例区气象台", "发布"), "12379"),
    ),
    Query(
        *("quakes", "quakes", "query_quake", "最近的地震消息", ()),
        *(("3.2 级", "正式测定", "样例地震台网"), "ceic"),
    ),
    Query(
        *("typhoons", "typhoons", "query_typhoon", "台风到哪了", ()),
        *(("「样例」", "35 米每秒", "样例气象台"), "nmc"),
    ),
    Query(
        *("shelters", "shelters", "find_shelter", "人民路小学附近的避难场所", ()),
        *(("离人民路小学最近", "直线约 10 米", "无障碍"), "12345"),
    ),
    Query(
        *("shelters", "shelters", "find_shelter", "附近避难场所", (HERE,)),
        *(("离某小区最近", "可容纳 3000 人", "map.qq.com"), "12345"),
    ),
    Query(
        *("bureaus", "hotlines", "query_hotline", "停水打什么电话", ()),
        *(("样例区供水服务中心", "021-00000201"), "12345"),
    ),
    Query(
        *("bureaus", "hotlines", "query_hotline", "社保去哪里办", ()),
        *(("样例区社区事务受理中心", "人民路66号", "工作日"), "12345"),
    ),
    Query(
        *("entries", "entries", "government_service", "电工证复审要带什么", ()),
        *(("身份证原件、操作证", "12 号窗口", "核对过"), "12345"),
    ),
    Query(
        *("suspensions", "suspensions", "school_suspension", "明天停课吗", ()),
        *(("中小学、幼儿园停课", "样例区教育局", "发布"), "12345"),
    ),
    Query(
        *("news", "alerts", "query_alert", "有没有预警", (NEWS,)),
        *(("样例区部署强降雨防范工作", "样例区应急管理局"), "12379"),
    ),
)


@cache
def sample() -> MemoryRecords:
    """Read once: hashing engine numbers takes its time."""
    records = MemoryRecords(samples=True)
    load_sample(ROOT / "sample", records, now=START)
    return records


def backend_office(url: str, *, right: bool = True, **environ: str) -> Office:
    """The names of places are the office's own; everything else is at the back end."""
    office = Office(
        MemoryStore(),
        SettableClock(START),
        right=right,
        WECHAT_API_BASE="http://127.0.0.1:5005/simulator/api",
        **{"BACKEND_URL": url, "BACKEND_TOKEN": TOKEN, **environ},
    )
    kept, origin = sample().kept(KINDS["places"])
    office.application.services.records.replace(KINDS["places"], kept, origin)
    office.engine.replies = {query.opening: opening(query) for query in QUERIES}
    office.engine.replies |= {f"/{query.intent}": opening(query) for query in QUERIES if query.kind != "news"}
    office.engine.replies[NOSEBLEED] = says("低头捏住鼻翼")
    office.engine.otherwise = Reply((Answer("没听懂"),), understood=False)
    return office


def opening(query: Query) -> Reply:
    """What the engine says: the real response, which names the official way, beside the form."""
    (answer,) = _responses()[f"utter_{query.intent}"]
    return Reply((Answer(answer["text"]),), query.intent, 0.95, form=query.form)


async def asked(office: Office, citizen: Citizen, query: Query) -> str:
    """What she sees after the last thing she does for this query."""
    text = ""
    for step in (query.opening, *query.answers):
        text = await heard(office, citizen, does(citizen, step))
    return text


async def heard(office: Office, citizen: Citizen, turn: Turn) -> str:
    """All that comes of it, also what does not fit into the first message."""
    before = citizen.bubbles[-1].id if citizen.bubbles else 0
    await turn
    await office.empties_outbox()
    return citizen.seen_since(before).text


def does(citizen: Citizen, step: str | Place) -> Turn:
    if isinstance(step, Place):
        return citizen.sends_location(step.latitude, step.longitude, step.label)
    return tap(citizen, step) if step == NEWS else citizen.says(step)


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in (ROOT / "data" / "responses").glob("*.yml"):
        found |= yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {})
    return found
