"""Was it any use? Asked seldom, answered with one tap; a bad mark opens the case again, once."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.store.case import Case, Rating


@dataclass(frozen=True)
class Rated:
    rating: Rating
    case: Case | None = None
    reopened: bool = False


class Satisfaction:
    def may_ask(self, contact: str, topic: str) -> bool:
        """Whether 有用/没用 may stand below this answer; True is remembered as asked."""
        raise NotImplementedError

    def useful(self, contact: str, topic: str, useful: bool, comment: str = "") -> Rating:
        """Her tap. A second one about the same topic on the same day replaces the first."""
        raise NotImplementedError

    def rate(self, contact: str, number: str, score: int, comment: str = "") -> Rated:
        """1 to 5 for an answered case of hers; 1 and 2 open it again, once. InvalidRequest, NotFound, Conflict."""
        raise NotImplementedError
