"""Case work on one store: an office, its citizens, and matters to report."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.contract.storing import says
from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.cases import Cases
from xiaoxiao.desk.casework import Casework
from xiaoxiao.desk.deadlines import OfficeHours
from xiaoxiao.desk.dossier import listing
from xiaoxiao.desk.draft import Draft
from xiaoxiao.desk.rewards import Rewards
from xiaoxiao.desk.satisfaction import Satisfaction
from xiaoxiao.notices import Notices
from xiaoxiao.persona import load_persona
from xiaoxiao.store.case import Case
from xiaoxiao.store.conversation import Incoming, Outgoing
from xiaoxiao.store.port import ConversationStore

ROOT = Path(__file__).parents[2]
#: Monday 23 November 2026, 10:00 in China
START = datetime(2026, 11, 23, 2, tzinfo=timezone.utc)
LEAK = Draft(
    "东风路化工厂夜里偷偷往河里排黄水,味道刺鼻", place="东风路 12 号", latitude=31.2, longitude=121.4
)


@dataclass
class Office:
    store: ConversationStore
    clock: SettableClock = field(default_factory=lambda: SettableClock(START))
    claim_days: int = 60

    def __post_init__(self) -> None:
        persona = load_persona(ROOT / "persona.yml")
        notices = CaseNotices(Notices.load(ROOT / "data/notices.yml", persona.placeholders()))
        hours, promise = OfficeHours.of(persona), timedelta(hours=24)
        self.cases = Cases(self.store, self.clock, hours, promise)
        self.casework = Casework(self.store, self.clock, hours, promise, notices)
        claim = timedelta(days=self.claim_days)
        self.rewards = Rewards(self.store, self.clock, hours, notices, claim)
        self.satisfaction = Satisfaction(self.store, self.clock, self.casework)
        self._said = 0

    def hears(self, contact: str, text: str = "喂", **more: object) -> int:
        """The message's id."""
        self._said += 1
        incoming: Incoming = says(text, contact=contact, key=str(self._said), **more)
        message = self.store.receive(incoming, worker="w", now=self.clock.now()).message
        self.store.answer(message.id, [], now=self.clock.now())
        return message.id

    def photo(self, contact: str) -> int:
        return self.hears(
            contact, "", kind="image", fields={"MediaId": "m1", "PicUrl": "http://mmbiz.qpic.cn/1"}
        )

    def file(self, contact: str, draft: Draft = LEAK, **changes: object) -> Case:
        self.hears(contact)
        return self.cases.file(contact, replace(draft, **changes)).case  # type: ignore[arg-type]

    def casework_list(self) -> list[Case]:
        return listing(self.store)

    def rows(self, contact: str) -> list[Outgoing]:
        return self.store.outgoing(self.store.find(contact).id)

    def told(self, contact: str) -> list[str]:
        return [row.answer.text for row in self.rows(contact)]


def other(number: int) -> Draft:
    """A matter of its own."""
    matters = ("路灯坏了三天没人修", "小区电梯困人两次", "工地塔吊半夜施工", "井盖丢了差点摔跤")
    return Draft(
        matters[number % 4], place=f"{'甲乙丙丁'[number % 4]}街", latitude=30.0 + number, longitude=110.0
    )
