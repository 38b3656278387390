"""Looking at what citizens sent; who looked at what is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiaoxiao.clock import Clock
from xiaoxiao.errors import NotFound
from xiaoxiao.media.storage import Storage
from xiaoxiao.store.case import CaseEvent
from xiaoxiao.store.medium import Medium, MediumState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import where

_WHY_NOT = {
    MediumState.PENDING: "还没有取回来,过一会儿再看。",
    MediumState.GONE: "平台上已经没有了,没能取回。",
    MediumState.REFUSED: "没有收下:太大,或不是它自称的那种文件。",
    MediumState.ERASING: "已按市民的要求删除。",
}


@dataclass(frozen=True)
class Shown:
    """Serve it with this very type, `X-Content-Type-Options: nosniff`, and as a download unless it is a picture."""

    medium: Medium
    content: bytes


class Library:
    def __init__(self, store: ConversationStore, storage: Storage, clock: Clock) -> None:
        self._store = store
        self._storage = storage
        self._clock = clock

    def of_messages(self, message_ids: Sequence[int]) -> list[Medium]:
        with self._store.work(only_reads=True) as work:
            return work.all(Medium, where("message_id", tuple(message_ids), "in"))

    def show(self, medium_id: int, by: str) -> Shown:
        """NotFound (a sentence) when we do not have it. StorageUnavailable."""
        now = self._clock.now()
        with self._store.work() as work:
            medium = work.one(Medium, where("id", medium_id))
            if medium.state is not MediumState.KEPT:
                raise NotFound(f"第 {medium_id} 号文件{_WHY_NOT[medium.state]}")
            if medium.case_id is not None:
                work.add(CaseEvent(medium.case_id, now, by, "seen", {"medium": medium_id}))
        if medium.conversation_id is not None:
            self._store.record(
                medium.conversation_id, actor=by, name="seen", now=now, what=f"medium:{medium_id}"
            )
        return Shown(medium, self._storage.get(medium.digest))
