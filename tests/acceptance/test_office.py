"""What citizens and staff live through, on the whole way of a message."""

from __future__ import annotations

import asyncio

import pytest

from tests.acceptance.said import GAS, PERSON, SUICIDE, Open
from tests.acceptance.scripted_office import Office, says
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.deeds import Deed, event
from xiaoxiao.store.conversation import Delivery, Status

# --- greeting and choosing ------------------------------------------------------------------------------


async def test_a_follower_is_welcomed_with_buttons_and_a_tap_or_a_number_chooses(office: Office) -> None:
    office.engine.replies = {"/help": says("我能做这些"), "/request_human": says("好的")}
    citizen = office.citizen()
    await citizen.follows().sees("您好,我是小小", "看看您能做什么")
    await citizen.taps("3. 看看您能做什么").sees("我能做这些")
    office.clock.advance(seconds=1)
    await citizen.follows().sees("您好")
    await citizen.says("3").sees("我能做这些")
    assert ["/help", "/help"] == [payload for _, _, payload in office.engine.turns]


async def test_a_number_that_was_not_offered_is_said_to_the_engine(office: Office) -> None:
    office.engine.replies = {"8": says("八")}
    citizen = office.citizen()
    await citizen.follows()
    await citizen.says("8").sees("八")
    assert None is office.engine.turns[-1][2]


async def test_following_by_a_known_code_is_welcomed_and_says_what_the_code_stands_for(
    office: Office,
) -> None:
    office.engine.replies = {"/find_shelter": says("最近的避难场所")}
    await office.citizen().follows("shelter").sees("您好,我是小小", "最近的避难场所")


async def test_a_typed_command_is_never_an_intent(office: Office) -> None:
    await office.citizen().says("/request_human")  # (/help would be a cry for help)
    assert [("/request_human", None)] == [(text, payload) for _, text, payload in office.engine.turns]


async def test_a_click_says_what_the_menu_stands_for(office: Office) -> None:
    office.engine.replies = {"/query_alert": says("目前没有预警")}
    await office.citizen().clicks("query_alert").sees("目前没有预警")


# --- danger ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["bot", "pending", "open"])
async def test_danger_is_answered_at_once_whoever_holds_the_conversation(office: Office, status: str) -> None:
    citizen, desk = office.citizen(), office.application.services.conversations
    await citizen.says("您好")
    if status != "bot":
        desk.hand_off(office.conversation(citizen).id, "asked")
    if status == "open":
        desk.take_over(office.conversation(citizen).id, "li")
    turns = len(office.engine.turns)
    await citizen.says(GAS).sees("119")
    assert (status, "gas") == (office.status(citizen).value, office.messages(citizen)[-1].danger)
    assert turns == len(office.engine.turns)


async def test_danger_is_answered_while_the_engine_hangs(office: Office) -> None:
    citizen, held = office.citizen(), office.engine.hold("慢")
    office.engine.replies = {"慢": says("慢慢来")}
    slow = asyncio.ensure_future(citizen.says("慢")._finish())
    await office.engine.asked.wait()
    await citizen.says(GAS).sees("119")
    held.set()
    await slow
    assert any("慢慢来" in b.text for b in citizen.bubbles)


async def test_danger_is_answered_when_the_engine_is_broken_and_when_staff_cannot_be_alerted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    office.engine.failure = RuntimeError("broken")
    monkeypatch.setattr(office.application.services.conversations, "alert", broken)
    await office.citizen().says(GAS).sees("119")


@pytest.mark.parametrize("how", ["tap", "number"])
async def test_an_option_below_a_fixed_answer_is_danger_by_the_sentence_it_stands_for(
    office: Office, how: str
) -> None:
    citizen = office.citizen()
    await citizen.says(GAS).sees("2. 有人头晕叫不醒")
    await (citizen.taps("2. 有人头晕叫不醒") if how == "tap" else citizen.says("2")).sees("120")
    assert "poisoning" == office.messages(citizen)[-1].danger
    assert [] == office.engine.turns


async def test_a_tap_on_the_welcome_is_a_question_and_no_alarm(office: Office) -> None:
    office.engine.replies = {"/faq/gas_leak": says("卡片")}
    citizen = office.citizen()
    await citizen.follows()
    await citizen.taps("1. 闻到燃气味怎么办").sees("卡片")
    assert None is office.messages(citizen)[-1].danger


async def test_suicide_brings_a_person(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says(SUICIDE).sees("12356")
    assert Status.PENDING is office.status(citizen)
    await citizen.says("没人懂我").sees(PERSON)


async def test_danger_is_answered_over_the_pace(open_office: Open) -> None:
    office = open_office(XIAOXIAO_PACE="1")
    office.engine.otherwise = says("嗯")
    citizen = office.citizen()
    await citizen.says("一").sees("嗯")
    await citizen.says("二").sees("发得太快")
    await citizen.clicks("query_alert").sees("发得太快")
    await citizen.says(GAS).sees("119")
    office.clock.advance(seconds=61)
    await citizen.says("三").sees("嗯")


# --- a person -------------------------------------------------------------------------------------------


async def test_a_person_is_asked_for_told_once_answers_and_gives_back(office: Office) -> None:
    citizen, desk = office.citizen(), office.application.services.conversations
    office.engine.replies = {"转人工": says("正在转"), "在吗": says("在")}
    office.engine.during = office.hands_off
    await citizen.says("转人工").sees("正在转")
    office.engine.during = lambda _: None
    assert Status.PENDING is office.status(citizen)
    await citizen.says("有人吗").sees(PERSON)
    await citizen.says("快点").sees_nothing()
    await citizen.sends_photo(b"\xff\xd8\xff").sees_nothing()
    desk.reply(office.conversation(citizen).id, "li", "我是李工,请讲")
    await office.empties_outbox()
    assert "我是李工,请讲" == citizen.bubbles[-1].text
    await citizen.says("谢谢").sees_nothing()
    desk.release(office.conversation(citizen).id, "li")
    await citizen.says("在吗").sees("在")
    assert ["转人工", "在吗"] == [text for _, text, _ in office.engine.turns]


async def test_without_the_right_a_staff_reply_comes_with_the_next_message(open_office: Open) -> None:
    office = open_office(right=False)
    citizen, desk = office.citizen(), office.application.services.conversations
    office.engine.otherwise = says("嗯")
    await citizen.says("您好")
    desk.reply(office.conversation(citizen).id, "li", "我是李工")
    await office.empties_outbox()
    assert "我是李工" != citizen.bubbles[-1].text
    await citizen.says("有人吗").sees("我是李工")


async def test_a_takeover_during_a_turn_silences_the_answer(office: Office) -> None:
    citizen, desk = office.citizen(), office.application.services.conversations
    office.engine.replies = {"问": says("机器的回答")}
    office.engine.during = lambda contact: desk.take_over(office.store.find(contact).id, "li")
    await citizen.says("问").sees_nothing()
    assert [Delivery.DROPPED] == [row.state for row in office.outgoing(citizen)]


async def test_following_anew_while_staff_have_it_is_welcomed_and_stays_theirs(office: Office) -> None:
    citizen, desk = office.citizen(), office.application.services.conversations
    await citizen.says("您好")
    desk.take_over(office.conversation(citizen).id, "li")
    turns = len(office.engine.turns)
    await citizen.follows("shelter").sees("您好,我是小小")
    assert (Status.OPEN, turns) == (office.status(citizen), len(office.engine.turns))


# --- other things she sends -----------------------------------------------------------------------------


async def test_position_reports_reach_neither_engine_nor_citizen(office: Office) -> None:
    citizen = office.citizen()
    await citizen.enters(31.2, 121.4).sees_nothing()
    await office.settles()
    assert [] == office.engine.turns
    assert "location" == office.messages(citizen)[-1].incoming.event


async def test_what_is_not_text_is_kept_with_its_fields_and_answered(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(b"\xff\xd8\xff").sees("照片收到")
    await citizen.speaks().sees("语音收到", "119")
    await citizen.sends_location(31.2, 121.4, "人民广场").sees("位置收到")
    photo, voice, place = office.messages(citizen)
    assert {"MediaId", "PicUrl"} <= photo.incoming.fields.keys()
    assert "amr" == voice.incoming.fields["Format"]
    assert "31.2" == str(place.incoming.fields["Location_X"])
    assert [] == office.engine.turns


async def test_an_unknown_kind_is_kept_and_answered_an_unknown_event_acknowledged(office: Office) -> None:
    citizen = office.citizen()
    await citizen.does(Deed("hologram", (("Depth", "3"),), text="[全息]")).sees("这种消息我看不了")
    await citizen.does(event("brand_new_event", ("Key", "1"))).sees_nothing()
    await office.settles()
    assert ["hologram", "event"] == [m.incoming.kind for m in office.messages(citizen)]
    assert "3" == office.messages(citizen)[0].incoming.fields["Depth"]
    assert all(m.handled_at for m in office.messages(citizen))


async def test_blank_text_is_asked_about(office: Office) -> None:
    await office.citizen().says("  ").sees("我没看到文字")


async def test_unfollowing_closes_the_conversation(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("您好")
    await citizen.unfollows()
    await office.settles()
    conversation = office.conversation(citizen)
    assert (Status.RESOLVED, False) == (conversation.status, conversation.following)


# --- strangers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "account",
    [
        Account(token="another"),
        Account(aes_key="A" * 43),
        Account(app_id="wx0000000000000000"),
        Account(mode=Mode.PLAIN),
    ],
    ids=["token", "key", "app id", "plain"],
)
async def test_what_wechat_did_not_send_runs_nothing(open_office: Open, account: Account) -> None:
    office = open_office(WECHAT_MODE="safe")
    citizen = office.citizen()
    office.platform.account = account
    await citizen.says("您好")
    await citizen.says(GAS)
    assert not any("119" in bubble.text for bubble in citizen.bubbles)
    assert ([], []) == (office.engine.turns, office.store.conversations())
