from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest

from xiaoxiao.clock import SettableClock
from xiaoxiao.delivery.composition import LIMIT, pack
from xiaoxiao.delivery.outbox import BACK_OFF, LAPSE, NO_RIGHT_FOR, Outbox
from xiaoxiao.delivery.sender import Held, MemorySender, NoRight, Refused, Retry, TooLong, Uncertain
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Conversation,
    Delivery,
    Incoming,
    Message,
    Status,
    Trigger,
)
from xiaoxiao.store.memory import MemoryStore

START = datetime(2026, 7, 1, tzinfo=timezone.utc)


@dataclass
class City:
    """A store, an outbox and the citizens who write to it."""

    store: MemoryStore = field(default_factory=MemoryStore)
    sender: MemorySender = field(default_factory=MemorySender)
    clock: SettableClock = field(default_factory=lambda: SettableClock(START))
    said: int = 0

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.store, self.sender, self.clock, settle=timedelta(0), poll_seconds=600)

    def hears(self, contact: str = "wang", trigger: Trigger = Trigger.MESSAGE, event: str = "") -> Message:
        self.said += 1
        kind = "event" if event else "text"
        now = self.clock.now()
        incoming = Incoming(
            "wechat", "wx1", contact, str(self.said), kind, now, "?", event=event, trigger=trigger
        )
        return self.store.receive(incoming, worker="w", now=now).message

    def answers(self, *texts: str, contact: str = "wang", author: Author = Author.BOT) -> Message:
        message = self.hears(contact)
        self.store.answer(message.id, [(author, Answer(text)) for text in texts], now=self.clock.now())
        return message

    async def empties(self) -> None:
        while await self.outbox.run_once():
            pass

    def states(self, contact: str = "wang") -> list[Delivery]:
        return [row.state for row in self.store.outgoing(self.store.find(contact).id)]

    def errors(self) -> list[str | None]:
        return [row.error for row in self.store.outgoing(self.store.find("wang").id)]


@pytest.fixture
def city() -> City:
    return City()


async def test_what_waits_leaves_in_order(city: City) -> None:
    city.answers("1", "2", "3")
    await city.empties()
    assert ["1", "2", "3"] == city.sender.texts
    assert [Delivery.SENT] * 3 == city.states()
    assert 3 == city.store.find("wang").message_window_used


async def test_a_passive_reply_has_its_chance_first(city: City) -> None:
    city.outbox = Outbox(city.store, city.sender, city.clock, settle=timedelta(seconds=2))
    city.answers("1")
    assert 0 == await city.outbox.run_once()
    city.clock.advance(seconds=2)
    assert 1 == await city.outbox.run_once()


async def test_each_citizen_in_order_and_all_at_the_same_time(city: City) -> None:
    at_work, most = set[str](), 0

    class SlowSender(MemorySender):
        async def send(self, conversation: Conversation, answer: Answer) -> None:
            nonlocal most
            assert conversation.contact not in at_work
            at_work.add(conversation.contact)
            most = max(most, len(at_work))
            for _ in range(3):
                await asyncio.sleep(0)
            at_work.remove(conversation.contact)
            await super().send(conversation, answer)

    city.sender = SlowSender()
    city.outbox = Outbox(city.store, city.sender, city.clock, settle=timedelta(0), concurrency=2)
    for contact in ("wang", "li", "zhao"):
        city.answers("1", "2", contact=contact)
    await city.empties()
    for contact in ("wang", "li", "zhao"):
        assert ["1", "2"] == [answer.text for who, answer in city.sender.sent if who == contact]
    assert 1 <= most <= 2


async def test_two_outboxes_on_one_store_send_each_row_once(city: City) -> None:
    other = Outbox(city.store, city.sender, city.clock, settle=timedelta(0))
    for contact in "abcdef":
        city.answers("1", "2", contact=contact)
    while sum(await asyncio.gather(city.outbox.run_once(), other.run_once())):
        pass
    assert 12 == len(city.sender.sent)
    assert 12 == len({(who, answer.text) for who, answer in city.sender.sent})


async def test_beyond_five_messages_the_rest_is_held_for_her_next_one(city: City) -> None:
    city.answers(*"1234567")
    await city.empties()
    assert list("12345") == city.sender.texts
    assert [Delivery.HELD] * 2 == city.states()[5:]
    message = city.answers("8")
    assert "8\n\n6\n\n7" == city.store.compose(message.id, pack, now=city.clock.now())


async def test_after_a_follow_three_within_a_minute(city: City) -> None:
    city.hears(trigger=Trigger.FOLLOW, event="subscribe")
    conversation = city.store.find("wang")
    for text in "1234":
        city.store.post(conversation.id, Author.BOT, Answer(text), actor="bot", now=city.clock.now())
    await city.empties()
    assert list("123") == city.sender.texts


async def test_outside_every_window_nothing_is_tried(city: City) -> None:
    message = city.answers("1")
    await city.empties()
    city.clock.advance(hours=48)
    city.store.post(message.conversation_id, Author.STAFF, Answer("2"), actor="li", now=city.clock.now())
    await city.empties()
    assert ["1"] == city.sender.texts
    assert Delivery.HELD is city.states()[-1]


async def test_a_refused_window_is_not_tried_again_and_left_to_the_next_message(city: City) -> None:
    city.sender.fails(Held("45047"))
    city.answers("1", "2")
    await city.empties()
    assert [] == city.sender.texts
    assert [Delivery.HELD] * 2 == city.states()
    message = city.answers("3")
    assert "3\n\n1\n\n2" == city.store.compose(message.id, pack, now=city.clock.now())
    assert [Delivery.SENT] * 3 == city.states()


async def test_a_message_that_may_have_arrived_is_not_repeated(city: City) -> None:
    city.sender.fails(Uncertain())
    city.answers("1", "2")
    await city.empties()
    assert ["2"] == city.sender.texts
    assert [Delivery.UNCERTAIN, Delivery.SENT] == city.states()


async def test_a_broken_sender_counts_as_uncertain(city: City) -> None:
    city.sender.fails(KeyError("errcode"))
    city.answers("1")
    await city.empties()
    assert [Delivery.UNCERTAIN] == city.states()
    assert ["KeyError('errcode')"] == city.errors()


async def test_danger_is_repeated_rather_than_lost(city: City) -> None:
    city.sender.fails(Uncertain())
    city.answers("快跑", author=Author.SAFETY)
    await city.empties()
    city.clock.advance(seconds=BACK_OFF[0].total_seconds())
    await city.empties()
    assert ["快跑"] == city.sender.texts


async def test_danger_leaves_although_the_turn_never_ends(city: City) -> None:
    message = city.hears()
    city.store.answer(message.id, [(Author.SAFETY, Answer("快跑"))], now=city.clock.now(), handled=False)
    await city.empties()
    assert ["快跑"] == city.sender.texts


async def test_attempts_come_less_and_less_often_then_the_row_is_held(city: City) -> None:
    city.sender.fails(*[Retry("busy")] * (len(BACK_OFF) + 1))
    city.answers("1", "2")
    for wait in BACK_OFF:
        await city.empties()
        city.clock.advance(seconds=wait.total_seconds() - 1)
        assert 0 == await city.outbox.run_once()
        city.clock.advance(seconds=1)
    await city.empties()
    assert [] == city.sender.texts
    assert [Delivery.HELD] * 2 == city.states()
    assert 0 == city.store.find("wang").message_window_used


async def test_a_platform_that_names_a_time_is_left_alone_until_then(city: City) -> None:
    city.sender.fails(Retry(after=timedelta(hours=1)))
    city.answers("1")
    await city.empties()
    city.clock.advance(minutes=59)
    assert 0 == await city.outbox.run_once()
    city.clock.advance(minutes=1)
    await city.empties()
    assert ["1"] == city.sender.texts


async def test_a_message_refused_for_good_fails_alone(city: City) -> None:
    city.sender.fails(Refused("43019"))
    city.answers("1", "2")
    await city.empties()
    assert [Delivery.FAILED, Delivery.SENT] == city.states()


async def test_an_account_without_the_right_is_asked_once_a_day(city: City) -> None:
    city.sender.fails(NoRight(), NoRight())
    city.answers("1", contact="li")
    await city.empties()
    city.answers("2")
    await city.empties()
    assert [Delivery.HELD] == city.states("li") == city.states("wang")
    city.clock.advance(seconds=NO_RIGHT_FOR.total_seconds())
    city.answers("3", contact="zhao")
    await city.empties()
    city.clock.advance(seconds=NO_RIGHT_FOR.total_seconds())
    city.answers("4", contact="sun")
    await city.empties()
    assert [("sun", "4")] == [(who, answer.text) for who, answer in city.sender.sent]


async def test_a_long_answer_leaves_in_parts_with_the_buttons_last(city: City) -> None:
    text, button = "先开窗通风。" * 200, Button("好", "/ok")
    message = city.hears()
    answer = Answer(text, (button,))
    city.store.answer(message.id, [(Author.BOT, answer)], now=city.clock.now())
    await city.empties()
    assert text == "".join(city.sender.texts)
    assert [(), (button,)] == [answer.buttons for _, answer in city.sender.sent]
    assert (button,) == city.store.find("wang").choices
    assert 2 == city.store.find("wang").message_window_used


async def test_what_the_platform_finds_too_long_goes_in_smaller_parts(city: City) -> None:
    city.sender.fails(TooLong())
    text = "先开窗通风。" * 100
    city.answers(text)
    await city.empties()
    assert text == "".join(city.sender.texts)
    assert max(len(part.encode()) for part in city.sender.texts) <= LIMIT // 2


async def test_what_no_shortening_helps_fails(city: City) -> None:
    city.sender.fails(*[TooLong()] * 4)
    city.answers("先开窗")
    await city.empties()
    assert [Delivery.FAILED] == city.states()


async def test_after_a_takeover_only_staff_and_danger_leave(city: City) -> None:
    message = city.answers("bot")
    city.answers("快跑", author=Author.SAFETY)
    now = city.clock.now()
    city.store.transition(message.conversation_id, Status.OPEN, actor="li", reason="take_over", now=now)
    city.store.post(message.conversation_id, Author.STAFF, Answer("您好"), actor="li", now=now)
    await city.empties()
    assert ["快跑", "您好"] == city.sender.texts


async def test_a_takeover_after_the_look_at_the_queue_still_silences_the_bot(city: City) -> None:
    message = city.answers("bot")

    class LateStore(MemoryStore):
        def due(self, **when: object) -> object:  # type: ignore[override]
            found = city.store.due(**when)  # type: ignore[arg-type]
            city.store.transition(
                message.conversation_id, Status.OPEN, actor="li", reason="take_over", now=city.clock.now()
            )
            return found

        def __getattribute__(self, name: str) -> object:
            return super().__getattribute__(name) if name == "due" else getattr(city.store, name)

    await Outbox(LateStore(), city.sender, city.clock, settle=timedelta(0)).run_once()
    assert [] == city.sender.texts


async def test_who_unfollowed_gets_nothing(city: City) -> None:
    city.hears(trigger=Trigger.NONE, event="unsubscribe")
    conversation = city.store.find("wang")
    city.store.post(conversation.id, Author.STAFF, Answer("您好"), actor="li", now=city.clock.now())
    await city.empties()
    assert [Delivery.FAILED] == city.states()
    assert ["not following"] == city.errors()


async def test_an_empty_answer_does_not_block_the_others(city: City) -> None:
    city.answers(" ", "2")
    await city.empties()
    assert ["2"] == city.sender.texts


async def test_a_crash_between_sending_and_settling_repeats_nothing_but_danger(city: City) -> None:
    class Crash(BaseException):
        pass

    class CrashingSender(MemorySender):
        async def send(self, conversation: Conversation, answer: Answer) -> None:
            await super().send(conversation, answer)
            raise Crash

    crashing = Outbox(city.store, CrashingSender(), city.clock, settle=timedelta(0))
    for contact, author in (("wang", Author.BOT), ("li", Author.SAFETY)):
        city.answers(author.value, contact=contact, author=author)
        with pytest.raises(Crash):
            await crashing.run_once()
    assert [Delivery.SENDING] * 2 == [*city.states(), *city.states("li")]
    city.clock.advance(seconds=LAPSE.total_seconds())
    await city.empties()
    assert ["safety"] == city.sender.texts
    assert [Delivery.UNCERTAIN, Delivery.SENT] == [*city.states(), *city.states("li")]


async def test_a_wake_up_is_not_slept_through(city: City) -> None:
    sent = asyncio.Event()

    class TellingSender(MemorySender):
        async def send(self, conversation: Conversation, answer: Answer) -> None:
            sent.set()

    city.outbox = Outbox(city.store, TellingSender(), city.clock, settle=timedelta(0), poll_seconds=600)
    running = asyncio.create_task(city.outbox.run())
    city.answers("1")
    city.outbox.wake()
    await asyncio.wait_for(sent.wait(), 30)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
