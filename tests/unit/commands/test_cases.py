"""Staff work cases and rewards from the command line; what cannot be is one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.unit.commands.test_commands import URL, project, run, store
from xiaoxiao.commands.rewards import money
from xiaoxiao.desk.draft import Draft
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.services import build_services
from xiaoxiao.store.case import Case
from xiaoxiao.store.conversation import Incoming
from xiaoxiao.store.records import where
from xiaoxiao.store.sql import SqlStore

__all__ = ["project", "store"]
NAMED = {"anonymous": False, "name": "王小明", "phone": "13800138000"}


@pytest.fixture
def numbers(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two reports: an anonymous one and one with a name."""
    monkeypatch.setenv("LOGNAME", "li")
    services = build_services({"DATABASE_URL": URL}, store=store)
    drafts = (Draft("化工厂偷排黄水", place="东风路12号"), Draft("路灯坏了", place="人民路", **NAMED))  # type: ignore[arg-type]
    made = []
    for number, draft in enumerate(drafts):
        contact = f"contact-{number}"
        incoming = Incoming("wechat", "wx1", contact, f"case-{number}", "text", services.clock.now(), "喂")
        store.receive(incoming, worker="w", now=services.clock.now())
        made.append(services.cases.file(contact, draft).case.number)
    return made


def test_the_list_marks_what_is_nearly_and_what_is_too_late(
    capsys: pytest.CaptureFixture[str], numbers: list[str], store: SqlStore
) -> None:
    assert "!" not in run(capsys, "cases", "list")[1]
    now = datetime.now(timezone.utc)
    with store.work() as work:
        soon, over = (work.one(Case, where("number", number)) for number in numbers)
        work.save(replace(soon, created_at=now - timedelta(hours=23), due_at=now + timedelta(hours=1)))
        work.save(replace(over, created_at=now - timedelta(hours=30), due_at=now - timedelta(hours=1)))
    listed = run(capsys, "cases", "list")[1].splitlines()
    assert ["!超期", "!快到期"] == [word for line in listed for word in line.split() if word[0] == "!"]
    told = json.loads(run(capsys, "cases", "list", "--json")[1])
    assert ["overdue", "due_soon"] == [case["urgency"] for case in told]
    assert "共 1 件" in run(capsys, "cases", "list", "--overdue")[1]


def test_a_case_from_list_to_answer(capsys: pytest.CaptureFixture[str], numbers: list[str]) -> None:
    number = numbers[0]
    assert "共 2 件" in run(capsys, "cases", "list")[1]
    assert "已受理" in run(capsys, "cases", "advance", number, "--to", "accepted", "--by", "王主任")[1]
    assert "安监科" in run(capsys, "cases", "assign", number, "安监科", "--note", "急")[1]
    assert "办理中" in run(capsys, "cases", "advance", number, "--to", "in_progress")[1]
    assert 0 == run(capsys, "cases", "note", number, "已联系环保")[0]
    assert 0 == run(capsys, "cases", "extend", number, "等检测")[0]
    assert "已答复" in run(capsys, "cases", "answer", number, "已责令停产")[1]
    assert "共 1 件" in run(capsys, "cases", "list", "--state", "answered")[1]
    assert "共 0 件" in run(capsys, "cases", "list", "--assignee", "别人")[1]
    assert "共 0 件" in run(capsys, "cases", "list", "--overdue")[1]
    shown = run(capsys, "cases", "show", number.removeprefix("YJ"))[1]
    for word in (
        "匿名",
        "化工厂偷排黄水",
        "王主任(cli:li)",
        "received → accepted",
        "已责令停产",
        "已联系环保",
        "查看",
    ):
        assert word in shown
    assert "重新办理" in run(capsys, "cases", "advance", number, "--to", "reopened")[1]


def test_staff_see_a_name_only_of_who_gave_it(capsys: pytest.CaptureFixture[str], numbers: list[str]) -> None:
    anonymous, named = (run(capsys, "cases", "show", number, "--json")[1] for number in numbers)
    assert "13800138000" in named
    assert "contact-0" not in anonymous
    assert ["case", "group", "media", "reward", "ratings", "similar", "trail"] == list(json.loads(anonymous))


def test_two_about_the_same_are_merged_and_split(
    capsys: pytest.CaptureFixture[str], numbers: list[str]
) -> None:
    assert 0 == run(capsys, "cases", "merge", numbers[1], "--into", numbers[0])[0]
    assert "共 1 件" in run(capsys, "cases", "list")[1]
    assert "路灯坏了" in run(capsys, "cases", "show", numbers[0])[1]
    assert 0 == run(capsys, "cases", "split", numbers[1])[0]
    assert "共 2 件" in run(capsys, "cases", "list", "--type", "report")[1]
    assert 0 == run(capsys, "cases", "dismiss", numbers[1])[0]


def test_a_reward_from_amount_to_public_list(
    capsys: pytest.CaptureFixture[str], numbers: list[str], project: Path
) -> None:
    number = numbers[0]
    assert "7,500 元" in run(capsys, "rewards", "propose", number, "--penalty", "50000", "--by", "王")[1]
    assert "已批准" in run(capsys, "rewards", "approve", number, "--by", "陈")[1]
    assert 0 == run(capsys, "rewards", "claim", number)[0]
    assert "已发放" in run(capsys, "rewards", "pay", number)[1]
    assert 7500 == json.loads(run(capsys, "rewards", "list", "--json")[1])[0]["amount_yuan"]
    assert "共 1 笔" in run(capsys, "rewards", "list", "--state", "paid")[1]
    assert "7500" in run(capsys, "rewards", "publish")[1]
    assert 0 == run(capsys, "rewards", "publish", "--format", "csv", "--out", "list.csv")[0]
    assert (project / "list.csv").read_bytes().startswith("\ufeff序号".encode())


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("cases", "show", "abc"), "YJ20261123-0042"),
        (("cases", "show", "YJ20200101-1"), "YJ20200101-0001"),
        (("cases", "list", "--state", "flying"), "received(已登记)"),
        (("cases", "list", "--type", "flying"), "complaint(投诉)"),
        (("cases", "list", "--limit", "-1"), "--limit"),
        (("cases", "media", "x", "--out", "o"), "文件号"),
        (("cases", "media", "99", "--out", "o"), "没有找到"),
        (("cases", "advance", "N", "--to", "flying"), "accepted(受理)"),
        (("cases", "advance", "N", "--to", "closed"), "不能改成「已办结」"),
        (("cases", "advance", "N", "--to", "rejected"), "--note"),
        (("cases", "answer", "N", " "), "不能为空"),
        (("cases", "answer", "N", "长" * 2001), "最多 2000"),
        (("cases", "assign", "N", "\x07"), "不能为空"),
        (("cases", "merge", "N", "--into", "N"), "同一件事"),
        (("cases", "split", "N"), "不能改成"),
        (("rewards", "approve", "N"), "rewards propose"),
        (("rewards", "propose", "N"), "三选一"),
        (("rewards", "propose", "N", "--penalty", "1", "--local", "1"), "三选一"),
        (("rewards", "propose", "N", "--penalty", "5万"), "5万"),
        (("rewards", "propose", "N", "--local", "500"), "--reason"),
        (("rewards", "propose", "N", "--concealed", "很大"), "特别重大"),
        (("rewards", "propose", "N", "--concealed", "一般", "--persons", "0"), "--persons"),
        (("rewards", "list", "--state", "x"), "paid(已发放)"),
        (("rewards", "publish", "--format", "pdf"), "csv"),
        (("rewards", "publish", "--out", "no/such/folder/x"), "no/such/folder"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    capsys: pytest.CaptureFixture[str], numbers: list[str], arguments: tuple[str, ...], names: str
) -> None:
    status, _, error = run(capsys, *(numbers[0] if word == "N" else word for word in arguments))
    assert (1, True, 1) == (status, error.startswith("✗ "), len(error.splitlines()))
    assert names in error


def test_without_tables_the_sentence_names_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("cases", "list"), ("rewards", "publish")):
        status, _, error = run(capsys, *command)
        assert (1, True) == (status, "xiaoxiao migrate" in error)


@pytest.mark.parametrize(
    ("fen", "typed"),
    [(5_000_000, "50000"), (5_000_000, "50,000"), (5_000_050, "50000.5"), (100, "1元"), (1, "0.01")],
)
def test_money_is_read_exactly(fen: int, typed: str) -> None:
    assert fen == money(typed)


@pytest.mark.parametrize("typed", ["", "-1", "1e5", "0.001", "五百", "1" * 13, "NaN", "\uff15\uff10"])
def test_what_is_no_money_is_refused(typed: str) -> None:
    with pytest.raises(InvalidRequest):
        money(typed)
