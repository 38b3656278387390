"""Cases as citizens and staff work them. Every change is on record; what concerns her she is told, once.

Staff methods take `by`, who does it. All raise NotFound for an unknown number (a sentence), Conflict when the
case is in a state from which that is not possible, InvalidRequest for words that cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence

from xiaoxiao.desk.draft import Draft, Filed
from xiaoxiao.store.case import Case


class Cases:
    # --- citizens

    def file(self, contact: str, draft: Draft) -> Filed:
        """A number at once. InvalidRequest with a sentence when the draft says nothing; else what is too
        long is kept to its beginning, what is not hers (evidence) left out.
        """
        raise NotImplementedError

    def mine(self, contact: str, *, limit: int = 5) -> list[Case]:
        """Her latest cases, the newest first."""
        raise NotImplementedError

    def look_up(self, contact: str, number: str) -> Case:
        """By number and openid: NotFound unless it is hers."""
        raise NotImplementedError

    def add(self, contact: str, number: str, text: str = "", evidence: Sequence[int] = ()) -> Case:
        """More about it, from her."""
        raise NotImplementedError

    def withdraw(self, contact: str, number: str) -> Case:
        raise NotImplementedError
