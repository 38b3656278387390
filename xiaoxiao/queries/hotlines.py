"""Hotlines by purpose: which numbers of the hotline table fit what somebody wants."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

from xiaoxiao.queries.matching import best


class Numbered(Protocol):
    """A row of the hotline table, this city's own numbers laid over the national ones."""

    @property
    def number(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def purpose(self) -> str:
        """消费、食品、药品、价格、质量投诉举报"""

    @property
    def shown(self) -> bool:
        """False for what cannot be called, or has no number in this city."""


#: a wrong number costs more than none
SURE = 0.5
H = TypeVar("H", bound=Numbered)


def find_hotlines(purpose: str, hotlines: Iterable[H], *, limit: int = 3) -> tuple[H, ...]:
    """The best match first, none that this city has not; () when none fits: 12345 takes what is not urgent."""
    offered = [hotline for hotline in hotlines if hotline.shown]
    return best(purpose, offered, _phrases, limit, least=SURE)


def _phrases(hotline: Numbered) -> tuple[str, ...]:
    return (hotline.number, hotline.name, *re.split("[、,,;;]", hotline.purpose))
