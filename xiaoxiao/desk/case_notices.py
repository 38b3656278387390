"""What a citizen reads about her case: from data/notices.yml, with number, state and time filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from xiaoxiao.clock import CHINA
from xiaoxiao.desk.case_states import DONE
from xiaoxiao.desk.draft import Filed
from xiaoxiao.desk.outcomes import Erased, Rated, Stored
from xiaoxiao.notices import Notices
from xiaoxiao.store.case import Case, CaseState, Reward, RewardState
from xiaoxiao.store.conversation import Answer

_WEEKDAYS = "一二三四五六日"
#: of her own words in a list: enough to know which it was
_BEGINNING = 20
_TOLD = frozenset(CaseState) - {CaseState.RECEIVED, CaseState.WITHDRAWN}
#: WeChat makes a link of these
_HARMLESS = str.maketrans("<>", "＜＞")


class CaseNotices:
    """Each gives an Answer ready to be said (text and buttons)."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def filed(self, filed: Filed) -> Answer:
        if filed.repeated:
            return self._say("case_filed_repeated", filed.case)
        return self._say("case_filed_attached" if filed.attached else "case_filed", filed.case)

    def added(self, case: Case) -> Answer:
        return self._say("case_added", case)

    def withdrawn(self, case: Case) -> Answer:
        return self._say("case_withdrawn", case)

    def changed(self, case: Case) -> Answer | None:
        """What she is told when her case has come to this state; None for what she did herself."""
        return self._say(f"case_{case.state.value}", case) if case.state in _TOLD else None

    def extended(self, case: Case, reason: str) -> Answer:
        return self._notices.answer("case_extended", **{**self._facts(case), "answer": reason})

    def progress(self, cases: Sequence[Case], rewards: Sequence[Reward] = ()) -> Answer:
        """「我的进度」; also when there are none. `rewards`: hers (Rewards.of_contact)."""
        if not cases:
            return self._notices.answer("case_progress_none")
        told = {reward.case_id: self._reward_line(reward) for reward in rewards}
        lines = [f"{self._line(case)}{told.get(case.id, '')}" for case in cases]
        return self._notices.answer("case_progress", list="\n\n".join(lines))

    def not_found(self, number: str) -> Answer:
        return self._notices.answer("case_not_found", number=_plain(number, 40))

    def reward(self, case: Case, reward: Reward) -> Answer | None:
        """Told when it is approved, paid or forfeited."""
        if reward.state not in (RewardState.APPROVED, RewardState.PAID, RewardState.EXPIRED):
            return None
        return self._notices.answer(f"reward_{reward.state.value}", number=case.number, **_money(reward))

    def rated(self, rated: Rated) -> Answer:
        if rated.case is not None and rated.reopened:
            return self._say("rated_reopened", rated.case)
        number = rated.rating.subject.partition(":")[2]
        name = "rated_thanks" if (rated.rating.score or 0) > 2 else "rated_sorry"
        return self._notices.answer(name, number=number)

    def asking(self, answer: Answer, topic: str) -> Answer:
        """The answer with 有用 and 没用 below it (/rate_answer); ask `Satisfaction.may_ask` first."""
        return replace(
            answer, buttons=(*answer.buttons, *self._notices.answer("useful_ask", topic=topic).buttons)
        )

    def useful(self, useful: bool, topic: str) -> Answer:
        return self._notices.answer("useful_thanks" if useful else "useless_sorry", topic=topic)

    def stored(self, stored: Stored, token: str) -> Answer:
        """What is stored, with a button to erase it (/erase_my_data{"token": "…"}) and one to leave it
        (/keep_my_data); without buttons when there is nothing.
        """
        if not stored.erasable:
            return self._notices.answer("my_data_none")
        return self._notices.answer("my_data", token=token, **_counts(stored))

    def erased(self, erased: Erased) -> Answer:
        """What was erased, what not, and why."""
        counts = _counts(erased.deleted)
        open_cases = {**counts, "cases": str(erased.deleted.open_cases)}
        kept = [self._notices.answer(f"kept_{name}", **open_cases).text for name in erased.kept]
        return self._notices.answer("my_data_erased", **{**counts, "kept": "\n".join(kept)})

    def token_expired(self) -> Answer:
        return self._notices.answer("my_data_expired")

    def _say(self, name: str, case: Case) -> Answer:
        return self._notices.answer(name, **self._facts(case))

    def _line(self, case: Case) -> str:
        return self._notices.answer("case_progress_line", **self._facts(case)).text.strip()

    def _reward_line(self, reward: Reward) -> str:
        if reward.state in (RewardState.VERIFIED, RewardState.AMOUNT):
            return ""  # nothing is promised before two people have agreed
        return "\n" + self._notices.answer(f"reward_line_{reward.state.value}", **_money(reward)).text

    def _facts(self, case: Case) -> dict[str, str]:
        due = moment(case.due_at)
        return {
            "number": case.number,
            "type": self._notices.text(f"type_{case.type.value}"),
            "state": self._notices.text(f"state_{case.state.value}"),
            "due": due,
            "what": _plain(case.what, _BEGINNING),
            "answer": case.answer,
            "note": case.answer if case.state in DONE | {CaseState.ANSWERED} else f"{due} 前答复。",
        }


def moment(at: datetime | None) -> str:
    """11月25日(周三)16:00, in China; "" for none."""
    if at is None:
        return ""
    local = at.astimezone(CHINA)
    return f"{local.month}月{local.day}日(周{_WEEKDAYS[local.weekday()]}){local:%H:%M}"


def yuan(amount: int) -> str:
    """分 as yuan: 300000 → 3,000; 12345 → 123.45."""
    whole, rest = divmod(amount, 100)
    return f"{whole:,}" + (f".{rest:02}" if rest else "")


def _money(reward: Reward) -> dict[str, str]:
    return {"amount": yuan(reward.amount or 0), "claim_by": moment(reward.claim_by)}


def _plain(text: str, length: int) -> str:
    line = " ".join(text.translate(_HARMLESS).split())
    return line if len(line) <= length else f"{line[:length]}…"


def _counts(stored: Stored) -> dict[str, str]:
    names = ("messages", "answers", "media", "cases", "ratings")
    return {name: str(getattr(stored, name)) for name in names}
