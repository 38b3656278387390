"""「删除我的数据」: what is stored about her, and its erasure, once she has said so twice.

个人信息保护法 44–47, 网络数据安全管理条例 23–24. Kept is what must be: cases in work, case files without the
person, the record of money paid, and the operations log (网络安全法: six months) without her words.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex

from xiaoxiao.clock import Clock
from xiaoxiao.desk.anonymity import WAITING, anonymised
from xiaoxiao.desk.case_group import as_hers, case_work
from xiaoxiao.desk.case_numbers import last_filed
from xiaoxiao.desk.case_states import DONE
from xiaoxiao.desk.outcomes import Erased, Stored
from xiaoxiao.errors import Conflict
from xiaoxiao.store.case import Case, Rating, Reward
from xiaoxiao.store.conversation import Conversation
from xiaoxiao.store.medium import Medium, MediumState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

#: to think it over; a token that lies about longer could be tapped by mistake
GOOD_FOR = timedelta(minutes=10)


class Privacy:
    def __init__(self, store: ConversationStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def stored(self, contact: str) -> Stored:
        with self._store.work(only_reads=True) as work:
            conversation = work.find(contact)
            return _stored(work, conversation, _open_cases(work, conversation))

    def ask(self, contact: str) -> str:
        """A token for `erase`, good for ten minutes; the next one replaces it."""
        token, now = token_hex(8), self._clock.now()
        key = self._key(contact)
        self._store.remember(key, token, now=now, expires_at=now + GOOD_FOR)
        return token

    def erase(self, contact: str, token: str) -> Erased:
        """In one transaction; files follow within minutes. Conflict when the token is not the one, or too old."""
        now, key = self._clock.now(), self._key(contact)
        known = self._store.recall(key, now=now)
        if known is None or not hmac.compare_digest(known.encode(), str(token).encode()):
            raise Conflict("确认已过时,没有删除任何东西。")
        with case_work(self._store) as work:
            conversation = work.find(contact)
            in_work = _open_cases(work, conversation)
            before = _stored(work, conversation, in_work)
            _let_go(work, conversation, in_work)
            _drop_media(work, conversation)
            _drop_ratings(work, conversation)
            wanted = [each for case in in_work for each in case.evidence]
            gone = work.forget(conversation.id, except_messages=wanted, now=now)
            left = work.count(Medium, where("conversation_id", conversation.id))
        for fact in (key, last_filed(conversation.id)):  # the latter would lead to a case that names nobody
            self._store.remember(fact, "", now=now, expires_at=now)
        deleted = replace(
            before,
            messages=gone.messages,
            answers=gone.answers,
            media=before.media - left,
            trackers=gone.trackers,
        )
        self._store.record(conversation.id, actor="citizen", name="erased", now=now, messages=gone.messages)
        return Erased(deleted, _kept(before))

    def _key(self, contact: str) -> str:
        return f"erase:{self._store.find(contact).id}"


def _stored(work: Work, conversation: Conversation, in_work: list[Case]) -> Stored:
    hers = where("conversation_id", conversation.id)
    ids = [case.id for case in work.all(Case, hers)]
    said = work.holdings(conversation.id)
    return Stored(
        messages=said.messages,
        answers=said.answers,
        media=work.count(Medium, hers),
        cases=len(ids),
        open_cases=len(in_work),
        ratings=work.count(Rating, hers, where("score", None, "not")),
        rewards=work.count(Reward, where("case_id", ids, "in")),
        events=said.events,
        trackers=said.trackers,
    )


def _open_cases(work: Work, conversation: Conversation) -> list[Case]:
    """Those for which she must stay reachable: in work, or with money on its way."""
    found = []
    for case in work.all(Case, where("conversation_id", conversation.id)):
        head = case if case.merged_into is None else work.all(Case, where("id", case.merged_into))[0]
        waiting = work.count(Reward, where("case_id", case.id), where("state", WAITING, "in"))
        if as_hers(case, head).state not in DONE or waiting:
            found.append(case)
    return found


def _let_go(work: Work, conversation: Conversation, in_work: list[Case]) -> None:
    open_ids = {case.id for case in in_work}
    for case in work.all(Case, where("conversation_id", conversation.id)):
        if case.id in open_ids:
            work.save(replace(case, forget=True))
        else:
            anonymised(work, case)


def _drop_media(work: Work, conversation: Conversation) -> None:
    """What belongs to no case; the file itself is deleted by the collector, even after a restart."""
    loose = where("conversation_id", conversation.id), where("case_id", None)
    for medium in work.all(Medium, *loose):
        state = MediumState.ERASING if medium.digest else MediumState.GONE
        work.save(replace(medium, state=state, conversation_id=None, message_id=None, source="", url=""))


def _drop_ratings(work: Work, conversation: Conversation) -> None:
    for rating in work.all(Rating, where("conversation_id", conversation.id)):
        if rating.subject.startswith("case:"):
            work.save(replace(rating, conversation_id=None, comment=""))
        else:
            work.remove(Rating, where("id", rating.id))


def _kept(before: Stored) -> tuple[str, ...]:
    kept = []
    if before.open_cases:
        kept.append("open_cases")
    if before.cases > before.open_cases:
        kept.append("case_files")
    if before.rewards:
        kept.append("rewards")
    return (*kept, "trail")
