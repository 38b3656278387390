"""「删除我的数据」: what is stored about her, and its erasure, once she has said so twice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stored:
    """Counts of what is stored about a citizen."""

    messages: int
    answers: int
    media: int
    cases: int
    open_cases: int
    ratings: int
    rewards: int
    events: int
    trackers: int

    @property
    def erasable(self) -> bool:
        return bool(
            self.messages or self.answers or self.media or self.cases or self.ratings or self.trackers
        )


@dataclass(frozen=True)
class Erased:
    """What was erased, what was kept and why (names of notices: kept_open_cases, kept_rewards, kept_trail …)."""

    deleted: Stored
    kept: tuple[str, ...] = ()


class Privacy:
    def stored(self, contact: str) -> Stored:
        raise NotImplementedError

    def ask(self, contact: str) -> str:
        """A token for `erase`, good for ten minutes; the next one replaces it."""
        raise NotImplementedError

    def erase(self, contact: str, token: str) -> Erased:
        """In one transaction. Conflict (a sentence) when the token is not the one, or too old."""
        raise NotImplementedError
