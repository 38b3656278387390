"""Whatever goes wrong, an operator reads a sentence; never a stack trace."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.scripted_office import START
from xiaoxiao.cli import COMMANDS, build_parser, main
from xiaoxiao.commands.parse import _texts
from xiaoxiao.commands.sample import put_sample
from xiaoxiao.queries.errors import NoData
from xiaoxiao.serve import simulated_settings
from xiaoxiao.services import build_services
from xiaoxiao.store.conversation import Answer, Author, Incoming
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.sql import SqlStore

ROOT = Path(__file__).parents[3]
URL = "sqlite:///var/xiaoxiao.db"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's root without model and database."""
    for name in ("persona.yml", "menu.yml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store(project: Path) -> SqlStore:
    migrate(URL)
    store = SqlStore(URL)
    incoming = Incoming("wechat", "wx1", "o1", "1", "text", START, "积水了")
    message = store.receive(incoming, worker="w", now=START).message
    store.answer(message.id, [(Author.BOT, Answer("绕行"))], now=START, intent="faq/flood")
    return store


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


@pytest.mark.parametrize("command", [name for name, _, _ in COMMANDS])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert 0 == run(capsys, command, "--help")[0]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("conversations", "list"), "xiaoxiao migrate"),
        (("conversations", "show", "o1"), "xiaoxiao migrate"),
        (("menu", "push"), "WECHAT_APP_SECRET"),
        (("knowledge", "show"), "knowledge show"),
        (("knowledge", "show", "nothing"), "nothing"),
        (("knowledge", "disable", "gas_leek"), "gas_leak(闻到燃气味"),
        (("knowledge", "disable", "request_human"), "转人工不能停用"),
        (("knowledge", "disable", "gas_leak"), "xiaoxiao migrate"),
        (("knowledge", "disabled"), "xiaoxiao migrate"),
        (("emergency", "on", "--note", "汛" * 61), "最多 60"),
        (("emergency", "status"), "xiaoxiao migrate"),
        (("import", "news", "nothing.csv"), "nothing.csv"),
        (("import", "news", "persona.yml"), "csv、json、xlsx"),
        (("import", "status"), "xiaoxiao migrate"),
        (("backend", "serve"), "BACKEND_TOKEN"),
        (("backend", "check", "http://data.example.gov.cn/v1"), "https://"),
        (("serve",), "make train"),
        (("parse",), "make train"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], names: str
) -> None:
    status, _, error = run(capsys, *arguments)
    assert 1 == status
    assert error.startswith("✗ ")
    assert names in error
    assert 1 == len(error.splitlines())


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("action", ["show", "take", "release", "resolve"])
def test_an_unknown_openid_is_named(capsys: pytest.CaptureFixture[str], action: str) -> None:
    status, _, error = run(capsys, "conversations", action, "nobody")
    assert (1, True) == (status, "nobody" in error)


@pytest.mark.usefixtures("store")
def test_staff_see_a_conversation_answer_it_and_give_it_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert "o1  小小在答" in run(capsys, "conversations", "list")[1]
    assert "积水了" in run(capsys, "conversations", "show", "o1")[1]
    assert 0 == run(capsys, "conversations", "reply", "o1", "马上来")[0]
    assert "人工在答" in run(capsys, "conversations", "list", "--status", "open")[1]
    assert "小小在答" in run(capsys, "conversations", "release", "o1")[1]
    shown = json.loads(run(capsys, "conversations", "show", "o1", "--json")[1])
    assert ["绕行", "马上来"] == [row["text"] for row in shown["outgoing"]]
    assert "已办结" in run(capsys, "conversations", "resolve", "o1")[1]
    assert 1 == run(capsys, "conversations", "reply", "o1", " ")[0]


@pytest.mark.usefixtures("store")
def test_a_topic_is_closed_and_opened_and_both_are_on_record(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "li")
    assert "没有停用的" in run(capsys, "knowledge", "disabled")[1]
    status, said, _ = run(
        capsys, "knowledge", "disable", "gas_leak", "--reason", "电话换了", "--by", "王主任"
    )
    assert (0, True) == (status, "已停用" in said)
    assert "faq/gas_leak  王主任(cli:li)  电话换了" in run(capsys, "knowledge", "disabled")[1]
    assert 0 == run(capsys, "knowledge", "disable", "query_violation")[0]
    assert "query_violation  cli:li\n" in run(capsys, "knowledge", "disabled")[1]
    assert "已恢复" in run(capsys, "knowledge", "enable", "gas_leak")[1]
    assert "gas_leak" not in run(capsys, "knowledge", "disabled")[1]
    lines = run(capsys, "knowledge", "disabled", "--history")[1].splitlines()
    assert ["停用", "停用", "恢复"] == [line.split("  ")[1] for line in lines]
    status, _, error = run(capsys, "knowledge", "enable", "gas_leak")
    assert (1, True) == (status, "没有停用" in error)


def test_a_closed_card_that_is_gone_can_be_opened(
    capsys: pytest.CaptureFixture[str], store: SqlStore, project: Path
) -> None:
    run(capsys, "knowledge", "disable", "nosebleed")
    (project / "data/knowledge/basics/nosebleed.md").unlink()
    assert "已恢复:faq/nosebleed" in run(capsys, "knowledge", "enable", "nosebleed")[1]


@pytest.mark.usefixtures("store")
def test_an_emergency_is_declared_changed_lifted_and_on_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert "不在应急状态" in run(capsys, "emergency", "status")[1]
    assert "还没有过" in run(capsys, "emergency", "status", "--history")[1]
    assert "进入应急状态" in run(capsys, "emergency", "on")[1]
    run(capsys, "emergency", "on", "--note", "全市防汛Ⅱ级响应", "--by", "王主任")
    assert "全市防汛Ⅱ级响应" in run(capsys, "emergency", "status")[1]
    assert "不在应急状态" in run(capsys, "emergency", "off")[1]
    assert 3 == len(run(capsys, "emergency", "status", "--history")[1].splitlines())
    assert 1 == run(capsys, "emergency", "off")[0]


@pytest.mark.usefixtures("store")
def test_a_file_is_tried_imported_and_listed(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    rows = "标题,发布单位,发布时间\n要闻,应急局,2026-11-24\n,应急局,2026-11-24\n"
    (project / "news.csv").write_text(rows, encoding="utf-8")
    status, said, _ = run(capsys, "import", "news", "news.csv", "--dry-run")
    assert (2, True) == (status, "第 3 行  标题:没有填" in said)
    assert "工作要闻:没有" in run(capsys, "import", "status")[1]
    assert 2 == run(capsys, "import", "news", "news.csv", "--source", "应急局")[0]
    assert "工作要闻:1 条" in run(capsys, "import", "status")[1]
    assert "第" not in (project / "news.csv.rejected.csv").read_text("utf-8-sig").splitlines()[1]
    (project / "news.csv").write_text(rows.rsplit("\n", 2)[0], encoding="utf-8")
    assert 0 == run(capsys, "import", "news", "news.csv", "--append")[0]
    assert not (project / "news.csv.rejected.csv").exists()
    assert 1 == run(capsys, "import", "sample")[0]


def test_the_headings_of_a_kind_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "import", "template", "quakes")[1].startswith("发震时刻,参考位置,震级")


def test_samples_are_put_where_no_real_account_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    migrate(URL)
    shutil.copytree(ROOT / "sample", project / "sample")
    assert "85 条" in run(capsys, "import", "sample")[1]
    assert put_sample(build_services())
    monkeypatch.setenv("WECHAT_TOKEN", "realtoken")
    assert "模拟器" in run(capsys, "import", "sample")[2]
    assert not put_sample(build_services())
    with pytest.raises(NoData):
        asyncio.run(build_services().queries.news.latest())


def test_the_simulators_own_account_reads_samples(project: Path) -> None:
    migrate(URL)
    shutil.copytree(ROOT / "sample", project / "sample")
    services = build_services()
    assert put_sample(services)
    served = replace(services, settings=simulated_settings(services.settings))
    assert asyncio.run(served.queries.news.latest()).origin.is_sample


def test_settings_are_listed_as_they_are_set_and_secrets_are_not(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    (project / ".env").write_text("WECHAT_TOKEN=topsecret\nPORT=6000\n", encoding="utf-8")
    _, listed, _ = run(capsys, "settings")
    assert ("topsecret" not in listed, True) == (True, "PORT=6000" in listed)
    assert "WECHAT_TOKEN=(已设置,不显示)" in listed
    assert f"DATABASE_URL={URL}" in listed


def test_lines_that_are_no_json_are_named_by_their_number() -> None:
    wrong: dict[int, str] = {}
    lines = ['{"text": "甲"}', "甲", "[]", '{"text": 1}', ""]
    assert ["甲", "", "", "", ""] == list(_texts(lines, wrong))
    assert [2, 3, 4, 5] == list(wrong)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["nothing"])
