from __future__ import annotations

import pytest

from connectors.wechat.shared_tokens import SharedTokens
from tests.acceptance.scripted_office import START, Office, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.store.memory import MemoryStore


def office(**options: str) -> Office:
    return Office(MemoryStore(), SettableClock(START), **options)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"WECHAT_CUSTOMER_SERVICE": "yes"}, True),
        ({"WECHAT_CUSTOMER_SERVICE": "no"}, False),
        ({"WECHAT_APP_SECRET": ""}, False),
        ({"WECHAT_APP_SECRET": "", "WECHAT_CUSTOMER_SERVICE": "yes"}, False),
    ],
)
def test_who_may_push_by_settings(environ: dict[str, str], expected: bool) -> None:
    assert expected is office(**environ).application.right.may_push()


@pytest.mark.parametrize(("setting", "expected"), [("auto", False), ("yes", True)])
async def test_what_an_earlier_process_learnt_is_known_before_the_first_message(
    setting: str, expected: bool
) -> None:
    place = office(WECHAT_CUSTOMER_SERVICE=setting)
    place.store.remember(f"customer_service:{place.account.app_id}", "no", now=START)
    await place.application.start()
    assert expected is place.application.right.may_push()
    await place.application.stop()


async def test_a_started_office_answers_what_was_left_and_stops_with_its_turns_done() -> None:
    place = office()
    place.engine.otherwise = says("嗯")
    citizen, held = place.citizen(), place.engine.hold("慢")
    place.is_impatient()
    await citizen.says("慢")
    held.set()
    await place.application.stop()
    assert ([], 1) == (
        [m for m in place.messages(citizen) if m.handled_at is None],
        len(place.engine.turns),
    )


@pytest.mark.parametrize("name", ["nowhere.Recogniser", "json.Recogniser", "Recogniser"])
def test_a_missing_recogniser_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match="XIAOXIAO_RECOGNISER"):
        office(XIAOXIAO_RECOGNISER=name)


async def test_workers_share_a_token_until_it_lapses_and_only_one_fetches_it() -> None:
    store, clock = MemoryStore(), SettableClock(START)
    one, two = SharedTokens(store, clock, "one"), SharedTokens(store, clock, "two")
    assert (True, False) == (await one.try_lock("t", 10), await two.try_lock("t", 10))
    await one.set("t", "secret", 60)
    await one.unlock("t")
    assert ("secret", True) == (await two.get("t"), await two.try_lock("t", 10))
    clock.advance(seconds=60)
    assert None is await two.get("t")
