"""Was it any use? Asked seldom, answered with one tap; a bad mark opens the case again, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from xiaoxiao.clock import CHINA, Clock
from xiaoxiao.desk.case_group import as_hers, case_work, group_of, head_of, record
from xiaoxiao.desk.case_states import NAMES
from xiaoxiao.desk.casework import Casework
from xiaoxiao.desk.draft import clean
from xiaoxiao.desk.outcomes import Rated
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.store.case import Case, CaseState, Rating
from xiaoxiao.store.conversation import Status
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

#: a bad mark
LOW = 2
#: for one person on one day: she came for help, not to fill in forms
MOST_A_DAY = 3
#: who has not answered so many times in a row does not want to be asked …
UNANSWERED = 3
#: … for so long
PEACE = timedelta(days=14)
LONGEST_COMMENT = 500


class Satisfaction:
    def __init__(self, store: ConversationStore, clock: Clock, casework: Casework) -> None:
        self._store = store
        self._clock = clock
        self._casework = casework

    def may_ask(self, contact: str, topic: str) -> bool:
        """Whether 有用/没用 may stand below this answer; True is remembered as asked.

        Not about the same topic twice a day, not more than MOST_A_DAY, not while a person has the
        conversation, not when the last ones were left unanswered. Answers to danger are never asked about:
        leave that to the caller.
        """
        now = self._clock.now()
        with self._store.work() as work:
            conversation = work.conversation(work.find(contact).id)
            if conversation.status is not Status.BOT:
                return False
            asked = work.all(Rating, where("conversation_id", conversation.id), limit=20, latest=True)
            if not _welcome([each for each in asked if each.subject.startswith("answer:")], topic, now):
                return False
            work.add(Rating(conversation.id, f"answer:{topic}", now))
            return True

    def useful(self, contact: str, topic: str, useful: bool, comment: str = "") -> Rating:
        """Her tap. A second one about the same topic on the same day replaces the first."""
        now = self._clock.now()
        with self._store.work() as work:
            conversation = work.conversation(work.find(contact).id)
            subject = where("subject", f"answer:{topic}")
            today = where("asked_at", _midnight(now), "from")
            asked = work.all(Rating, where("conversation_id", conversation.id), subject, today)
            rating = asked[-1] if asked else work.add(Rating(conversation.id, f"answer:{topic}", now))
            comment = clean(comment, LONGEST_COMMENT)
            rated = replace(rating, score=int(useful), comment=comment or rating.comment, rated_at=now)
            work.save(rated)
            return rated

    def rate(self, contact: str, number: str, score: int, comment: str = "") -> Rated:
        """1 to 5 for an answered case of hers. 1 and 2 open it again, once; a better mark of the only reporter
        closes it. InvalidRequest, NotFound (not hers), Conflict (not answered).
        """
        if type(score) is not int or not 1 <= score <= 5:
            raise InvalidRequest("评价是 1 到 5 分。")
        now = self._clock.now()
        with case_work(self._store) as work:
            hers = where("conversation_id", work.find(contact).id)
            case = work.one(Case, where("number", number), hers)
            head = head_of(work, case)
            present = as_hers(case, head)
            if present.state not in (CaseState.ANSWERED, CaseState.CLOSED):
                raise Conflict(f"{number} 现在是「{NAMES[present.state]}」,还不能评价。")
            had_enough = self._was_low(work, number)
            rating = _rating(work, case, score, clean(comment, LONGEST_COMMENT), now)
            record(work, case, "citizen", "rated", now, {"score": score, "text": rating.comment})
            after = self._consequence(work, head, score, had_enough, now)
            return Rated(rating, as_hers(case, after), reopened=after.state is CaseState.REOPENED)

    def comment(self, contact: str, number: str, text: str) -> Rating:
        """Why, said after the mark. NotFound without one."""
        with self._store.work() as work:
            hers = where("conversation_id", work.find(contact).id)
            rated = work.all(Rating, where("subject", f"case:{number}"), hers, limit=1, latest=True)
            if not rated:
                raise NotFound
            after = replace(rated[0], comment=clean(text, LONGEST_COMMENT))
            work.save(after)
            return after

    def topics(self) -> Mapping[str, tuple[int, int]]:
        """{topic: (how often useful, how often not)}, for those who teach."""
        with self._store.work(only_reads=True) as work:
            rated = work.all(Rating, where("score", None, "not"))
        found: dict[str, tuple[int, int]] = {}
        for each in rated:
            kind, _, topic = each.subject.partition(":")
            if kind == "answer":
                yes, no = found.get(topic, (0, 0))
                found[topic] = (yes + 1, no) if each.score else (yes, no + 1)
        return found

    def _was_low(self, work: Work, number: str) -> bool:
        low = where("score", LOW, "until")
        return bool(work.count(Rating, where("subject", f"case:{number}"), low))

    def _consequence(self, work: Work, head: Case, score: int, had_enough: bool, now: datetime) -> Case:
        if score <= LOW:
            if had_enough:
                return head
            return self._casework.reopen_within(work, head, "citizen", f"评价 {score} 分", now)
        if head.state is CaseState.ANSWERED and len(group_of(work, head)) == 1:
            return self._casework.close_within(work, head, "citizen", f"评价 {score} 分", now)
        return head


def _welcome(asked: list[Rating], topic: str, now: datetime) -> bool:
    today = [each for each in asked if each.asked_at >= _midnight(now)]
    if len(today) >= MOST_A_DAY or any(each.subject == f"answer:{topic}" for each in today):
        return False
    last = asked[-UNANSWERED:]
    ignored = len(last) == UNANSWERED and all(each.score is None for each in last)
    return not (ignored and last[-1].asked_at > now - PEACE)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)


def _rating(work: Work, case: Case, score: int, comment: str, now: datetime) -> Rating:
    return work.add(
        Rating(case.conversation_id, f"case:{case.number}", now, score=score, comment=comment, rated_at=now)
    )
