"""What the office closes is left unanswered from the next message on, however a citizen gets there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.acceptance.running_office import RunningOffice
from tests.acceptance.scripted_office import START, Office
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.deeds import event
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.webhook import HttpWebhook
from xiaoxiao.store.conversation import Answer, Button, Status
from xiaoxiao.store.port import ConversationStore

NO, CARD = "正在核对", "捏住鼻翼"
GAS = "家里煤气漏了,很大的味"
NOSEBLEED = Reply((Answer(CARD),), intent="faq/nosebleed", topic="nosebleed", confidence=0.9)
ASKED_BACK = Reply(
    (Answer("您是想问这个吗?", (Button("发烧", "/faq/fever_care"), Button("流鼻血", "/faq/nosebleed"))),),
    intent="nlu_fallback",
    understood=False,
)
GREETING = Reply((Answer("您好,小小在。"),), intent="greet")


@pytest.fixture
def office(store: ConversationStore) -> Office:
    office = Office(store, SettableClock(START))
    office.engine.replies = {
        "流鼻血了": NOSEBLEED,
        "/faq/nosebleed": NOSEBLEED,
        "/faq/gas_leak": Reply((Answer("关阀开窗"),), intent="faq/gas_leak", topic="gas_leak"),
        "/query_alert": Reply((Answer("目前没有预警"),), intent="query_alert"),
        "孩子不舒服": ASKED_BACK,
        "你好": GREETING,
        "谢谢": Reply((Answer("不客气。"),), intent="thank"),
    }
    return office


async def test_a_closed_card_is_left_unanswered_until_it_is_opened(office: Office) -> None:
    orders, citizen = office.application.services.orders, office.citizen()
    await citizen.says("流鼻血了").sees(CARD)
    orders.close("faq/nosebleed", by="li")
    assert CARD not in (await citizen.says("流鼻血了").sees(NO, "120", "12345", "转人工")).text
    assert "faq/nosebleed" == office.messages(citizen)[-1].intent
    assert Status.BOT is office.status(citizen)
    orders.open("faq/nosebleed", by="li")
    await citizen.says("流鼻血了").sees(CARD)


@pytest.mark.parametrize("how", ["tap", "number"])
async def test_a_choice_offered_before_it_was_closed_is_an_honest_no(office: Office, how: str) -> None:
    citizen = office.citizen()
    await citizen.says("孩子不舒服").sees("1. 发烧", "2. 流鼻血")
    office.application.services.orders.close("faq/nosebleed", by="li")
    await (citizen.taps("2. 流鼻血") if how == "tap" else citizen.says("2")).sees(NO)


async def test_a_closed_card_is_not_offered_and_the_others_keep_their_numbers_in_order(
    office: Office,
) -> None:
    citizen = office.citizen()
    office.application.services.orders.close("faq/fever_care", by="li")
    seen = await citizen.says("孩子不舒服").sees(NO, "1. 流鼻血", "2. 转人工")
    assert "发烧" not in seen.text.replace("「发烧", "")
    await citizen.says("1").sees(CARD)


async def test_a_closed_task_is_left_unanswered_on_the_menu(office: Office) -> None:
    citizen = office.citizen()
    office.application.services.orders.close("query_alert", by="li")
    await citizen.clicks("query_alert").sees("查现在的预警", NO)


async def test_the_welcome_does_not_offer_a_closed_card(office: Office) -> None:
    office.application.services.orders.close("faq/gas_leak", by="li")
    seen = await office.citizen().follows().sees("您好,我是小小", "1. 地震时躲在哪里")
    assert "燃气" not in seen.text


async def test_danger_has_its_fixed_answer_whatever_is_closed(office: Office) -> None:
    office.application.services.orders.close("faq/gas_leak", by="li")
    office.application.services.orders.declare(by="li")
    await office.citizen().says(GAS).sees("119")


async def test_in_an_emergency_small_talk_and_welcome_say_so_and_thanks_are_answered(office: Office) -> None:
    orders, citizen = office.application.services.orders, office.citizen()
    orders.declare(by="li", note="全市防汛Ⅱ级响应")
    await citizen.follows().sees("应急响应中:全市防汛Ⅱ级响应。", "您好,我是小小")
    seen = await citizen.says("你好").sees("应急响应中:全市防汛Ⅱ级响应。", "120", "看预警")
    assert "小小在" not in seen.text
    await citizen.says("谢谢").sees("不客气。")
    await citizen.says("流鼻血了").sees(CARD)
    orders.lift(by="li")
    await citizen.says("你好").sees("您好,小小在。")


async def test_a_new_process_knows_the_orders(office: Office) -> None:
    office.application.services.orders.close("faq/nosebleed", by="li")
    office.start()
    await office.citizen().says("流鼻血了").sees(NO)


@pytest.mark.model
@pytest.mark.usefixtures("trained")
async def test_commands_reach_the_running_server_with_the_next_message(tmp_path: Path) -> None:
    account = Account(mode=Mode.SAFE)
    office = RunningOffice(tmp_path, account)
    office.start()
    try:
        await asyncio.to_thread(office.wait)
        citizen = Platform(account, HttpWebhook(office.webhook_url)).citizen("小王")
        await citizen.says("流鼻血怎么止").sees("捏")
        office.command("knowledge", "disable", "nosebleed", "--reason", "步骤要核对")
        await citizen.says("流鼻血怎么止").sees("「流鼻血」", NO, "12345")
        office.command("knowledge", "disable", "query_violation")
        await citizen.says("查一下沪A12345有没有违章").sees("「查违章」", NO)
        assert "步骤要核对" in office.command("knowledge", "disabled")
        seen = await citizen.follows().sees("您好,我是小小")
        office.command("knowledge", "disable", "quake_indoor")
        await citizen.taps("2. 地震时躲在哪里").sees(NO)
        browse = event("CLICK", ("EventKey", "category_basics"))
        await citizen.does(browse).sees("1. AED")
        office.command("knowledge", "disable", "aed_use")
        assert "AED" not in (await citizen.does(browse).sees("应急基础常识")).text
        office.command("knowledge", "enable", "nosebleed")
        await citizen.says("流鼻血怎么止").sees("捏")
        office.command("emergency", "on", "--note", "全市防汛Ⅱ级响应")
        await citizen.says("你好").sees("应急响应中:全市防汛Ⅱ级响应。", "看预警")
        office.command("emergency", "off")
        assert "应急响应中" not in (await citizen.says("你好")).text
        assert "应急响应中" not in seen.text
    finally:
        office.stop()
