"""What came of a citizen's act: a mark, what is stored about her, what was erased of it."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.store.case import Case, Rating


@dataclass(frozen=True)
class Rated:
    rating: Rating
    case: Case | None = None  #: as she sees it now
    reopened: bool = False


@dataclass(frozen=True)
class Stored:
    """Counts of what is stored about a citizen."""

    messages: int = 0
    answers: int = 0
    media: int = 0
    cases: int = 0
    open_cases: int = 0
    ratings: int = 0
    rewards: int = 0
    events: int = 0
    trackers: int = 0

    @property
    def erasable(self) -> bool:
        return bool(self.answers or self.media or self.cases or self.ratings or self.messages > 1)


@dataclass(frozen=True)
class Erased:
    """`kept`: what was not erased, as the endings of notices: open_cases, case_files, rewards, trail."""

    deleted: Stored
    kept: tuple[str, ...] = ()
