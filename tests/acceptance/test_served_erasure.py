"""「删除我的数据」 on the real server: nothing she said is left in the database, nor comes back with her next word."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.reporting_office import tap
from tests.acceptance.running_office import RunningOffice
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.webhook import HttpWebhook


def rows_with(database: Path, *words: str) -> list[str]:
    """Every row of every table that holds one of the words."""
    with sqlite3.connect(database) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        rows = [f"{t}: {row}" for t in tables for row in connection.execute(f'SELECT * FROM "{t}"')]
    escaped = [word.encode("unicode_escape").decode() for word in words]
    return [row for row in rows if any(word in row for word in (*words, *escaped))]


@pytest.mark.model
@pytest.mark.usefixtures("trained")
async def test_nothing_is_left_also_after_her_next_word_and_a_restart(tmp_path: Path) -> None:
    account = Account(mode=Mode.SAFE)
    office = RunningOffice(tmp_path, account)
    office.command("migrate")
    office.start()
    database = tmp_path / "office.db"
    hers = "流鼻血", "地震", "nosebleed", "quake", "王小明", "鼻"
    try:
        await asyncio.to_thread(office.wait)
        citizen = Platform(account, HttpWebhook(office.webhook_url)).citizen("小王")
        await citizen.says("你好,我叫王小明")
        await citizen.says("流鼻血怎么止").sees("捏")
        await citizen.says("地震时躲在哪里")  # long: its end waits for her next word
        await citizen.says("我要举报")
        await citizen.says("王小明家门口的路灯坏了很久")
        assert rows_with(database, *hers)
        await citizen.says("删除我的数据").sees("要删除吗")
        await tap(citizen, "删除我的数据").sees("已经删除")
        assert [] == rows_with(database, *hers)
        await citizen.says("你好")
        await citizen.says("谢谢")
        assert [] == rows_with(database, *hers)
        office.kill()
        office.start()
        await asyncio.to_thread(office.wait)
        await citizen.says("然后呢")
        await citizen.says("再见")
        assert [] == rows_with(database, *hers)
    finally:
        office.stop()
