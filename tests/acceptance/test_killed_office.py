"""Killed at any moment while many citizens write: no message is lost, none is answered twice."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.running_office import ROOT, RunningOffice
from xiaoxiao.knowledge.cards import load_cards
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.platform import SERVICE_UNAVAILABLE, Platform
from xiaoxiao.simulator.webhook import HttpWebhook

CITIZENS = 200
MESSAGES = 4  #: of each citizen; the last is sent when the server has come to rest
KILLS = 3
CARDS = [
    load_cards(ROOT / "data/knowledge")[name]
    for name in ("nosebleed", "sprain_strain", "warning_colors", "rumor")
]
#: each card's answer begins with its own first sentence, so that each answer names its question
SHOWN = re.compile("|".join(re.escape(card.lead[:12]) for card in CARDS))


@pytest.mark.model
@pytest.mark.timeout(280)
@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("seed", [20261124])
async def test_every_message_that_was_taken_is_answered_once(tmp_path: Path, seed: int) -> None:
    """The account has no right to customer-service messages: the hardest case, every answer must be carried."""
    account = Account(mode=Mode.SAFE)
    office = RunningOffice(tmp_path, account)
    office.start()
    office.wait()
    platform = Platform(account, HttpWebhook(office.webhook_url), retry_pause_seconds=4.0)
    citizens = [platform.citizen(f"市民{number}") for number in range(CITIZENS)]
    dice = random.Random(seed)
    try:
        killer = asyncio.create_task(_kill_now_and_then(office, dice))
        await asyncio.gather(*(_write(citizen, random.Random(dice.random())) for citizen in citizens))
        await killer
        await asyncio.to_thread(office.wait)
        await asyncio.gather(*(citizen.says(_question(MESSAGES - 1)) for citizen in citizens))
        for _ in range(3):  # what was left over is carried by the citizens' next words
            await asyncio.gather(*(citizen.says("继续") for citizen in citizens))
        threads = [
            json.loads(office.command("conversations", "show", c.openid, "--json")) for c in citizens[:20]
        ]
    finally:
        office.stop()
    for citizen in citizens:
        answered = Counter(
            SHOWN.findall("\n".join(b.text for b in citizen.bubbles if b.side.value == "account"))
        )
        assert {1} == set(answered.values()), f"answered twice: {answered}"
        missed = MESSAGES - len(answered)
        told = sum(b.text == SERVICE_UNAVAILABLE for b in citizen.bubbles)
        assert missed <= told, (
            f"{citizen.name}: {missed} messages got no answer, {told} times she was told so"
        )
    for thread in threads:
        assert [m for m in thread["messages"] if not m["handled_at"]] == []


def _question(number: int) -> str:
    return CARDS[number].title


async def _write(citizen: Citizen, dice: random.Random) -> None:
    for number in range(MESSAGES - 1):
        await asyncio.sleep(dice.uniform(0, 8))
        await citizen.says(_question(number))


async def _kill_now_and_then(office: RunningOffice, dice: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.5, 4))
        office.kill()
        office.start()
        await asyncio.to_thread(office.wait)
