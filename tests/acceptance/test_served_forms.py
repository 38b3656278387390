"""A form on the real server: the trained engine interrupts it, a power cut does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.acceptance.running_office import ROOT, RunningOffice
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.webhook import HttpWebhook


@pytest.mark.model
@pytest.mark.usefixtures("trained")
async def test_a_form_is_interrupted_by_knowledge_and_survives_the_server(tmp_path: Path) -> None:
    account = Account(mode=Mode.SAFE)
    office = RunningOffice(tmp_path, account)
    office.command("migrate")
    for kind in ("vehicles", "violations"):
        office.command("import", kind, str(ROOT / "sample" / f"{kind}.csv"), "--source", "样例区交警支队")
    office.start()
    try:
        await asyncio.to_thread(office.wait)
        citizen = Platform(account, HttpWebhook(office.webhook_url)).citizen("小王")
        await citizen.says("查一下沪A12345有没有违章").sees("沪A·**345 是小型汽车吗")
        await citizen.says("是的").sees("发动机号的后六位")
        await citizen.says("流鼻血怎么止").sees("捏", "刚才的问题")
        office.kill()
        office.start()
        await asyncio.to_thread(office.wait)
        await citizen.says("123456").sees("记 6 分", "来源:样例区交警支队")
        await citizen.says("你好")
        await citizen.says("附近避难场所在哪").sees("12345")  # nothing imported: the official way
    finally:
        office.stop()
