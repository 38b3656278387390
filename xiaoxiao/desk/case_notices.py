"""What a citizen reads about her case: from data/notices.yml, with number, state and time filled in."""

from __future__ import annotations

from collections.abc import Sequence

from xiaoxiao.desk.draft import Filed
from xiaoxiao.desk.privacy import Erased, Stored
from xiaoxiao.desk.satisfaction import Rated
from xiaoxiao.store.case import Case
from xiaoxiao.store.conversation import Answer


class CaseNotices:
    """Each gives an Answer ready to be said (text and buttons)."""

    def filed(self, filed: Filed) -> Answer:
        raise NotImplementedError

    def progress(self, cases: Sequence[Case]) -> Answer:
        """「我的进度」; also when there are none."""
        raise NotImplementedError

    def not_found(self, number: str) -> Answer:
        raise NotImplementedError

    def rated(self, rated: Rated) -> Answer:
        raise NotImplementedError

    def stored(self, stored: Stored, token: str) -> Answer:
        """What is stored; a button to erase it (payload /erase_my_data{"token": "…"}) and one to leave it."""
        raise NotImplementedError

    def erased(self, erased: Erased) -> Answer:
        raise NotImplementedError
