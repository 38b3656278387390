"""「我的进度」: her cases in plain words, one of them by its number, more for it, taking it back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from xiaoxiao.blocking import Blocking
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.case_numbers import read_number
from xiaoxiao.desk.case_states import DONE
from xiaoxiao.desk.cases import Cases
from xiaoxiao.desk.rewards import Rewards
from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.forms.evidence import Evidence
from xiaoxiao.forms.form import Done, Form, Misread, Slot, Values, never
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.forms.words import Words
from xiaoxiao.store.case import Case, CaseState, RewardState
from xiaoxiao.store.conversation import Answer, Button

_INTENT = "report_progress"
#: a number that is none of ours: too short to be a plate or a telephone would be no case number either
_OTHER_NUMBER = re.compile(r"(?<![\d-])(?:[A-Za-z]{1,4}-?)?\d[\d-]{6,}(?!\d)")
_TAKEN_BACK = DONE | {CaseState.ANSWERED}


@dataclass(frozen=True)
class MyCases:
    cases: Cases
    rewards: Rewards
    case_notices: CaseNotices
    evidence: Evidence
    blocking: Blocking
    showing: Showing
    words: Words

    def forms(self) -> tuple[Form, ...]:
        number = ("number",)
        more = Slot(
            "more",
            "case_more",
            "case_more_misread",
            _read_more,
            free=True,
            facts=_number,
        )
        sure = Slot("sure", "case_withdraw", "case_withdraw_misread", self._read_sure, facts=_number)
        hidden = replace(self.evidence.slot(), needed=never)
        return (
            Form("my_cases", _INTENT, self._shown),
            Form("my_case", _INTENT, self._shown, given=number),
            Form("add_to_case", _INTENT, self._added, (more, hidden), given=number, alarmed=_alarmed),
            Form("withdraw_case", _INTENT, self._withdrawn, (sure,), stopped="case_kept", given=number),
        )

    async def _shown(self, values: Values, said: Said) -> Done:
        number = str(values.get("number") or "") or read_number(said.text)
        if number:
            return Done((await self._one(said.contact, number),))
        if found := _OTHER_NUMBER.search(said.plain):
            return Done((self.case_notices.not_found(found.group()),))
        mine = await self.blocking.call(self.cases.mine, said.contact)
        rewards = await self.blocking.call(self.rewards.of_contact, said.contact)
        shown = self.case_notices.progress(mine, [awarded.reward for awarded in rewards])
        each = [self.showing.say("case_look", number=case.number).buttons for case in mine]
        buttons = tuple(button for buttons in each for button in buttons)
        if len(mine) == 1:
            buttons = self._acts(mine[0])
        return Done((replace(shown, buttons=(*buttons, *shown.buttons)),))

    async def _one(self, contact: str, number: str) -> Answer:
        try:
            case = await self.blocking.call(self.cases.look_up, contact, number)
        except NotFound:
            return self.case_notices.not_found(number)
        awarded = await self.blocking.call(self.rewards.of_contact, contact)
        rewards = [each.reward for each in awarded if each.reward.case_id == case.id]
        shown = self.case_notices.progress([case], rewards)
        claim = [
            told.text
            for reward in rewards
            if reward.state is RewardState.APPROVED and (told := self.case_notices.reward(case, reward))
        ]
        return replace(self.showing.answer([shown.text, *claim]), buttons=(*self._acts(case), *shown.buttons))

    def _acts(self, case: Case) -> tuple[Button, ...]:
        """What she may still do with it."""
        acts = []
        if case.state not in DONE:
            acts.append("case_add")
        if case.state not in _TAKEN_BACK:
            acts.append("case_take_back")
        if case.state in (CaseState.ANSWERED, CaseState.CLOSED):
            acts.append("case_rate")
        return tuple(b for act in acts for b in self.showing.say(act, number=case.number).buttons)

    async def _added(self, values: Values, said: Said) -> Done:
        number = str(values.get("number") or "")
        evidence = tuple(values.get("evidence", ()))
        try:
            case = await self.blocking.call(
                self.cases.add, said.contact, number, str(values["more"] or ""), evidence
            )
        except NotFound:
            return Done((self.case_notices.not_found(number),))
        except Conflict:
            return Done((self.showing.say("case_done_already", number=number),))
        await self.evidence.await_more(said, number)
        return Done((self.case_notices.added(case),))

    async def _withdrawn(self, values: Values, said: Said) -> Done:
        number = str(values.get("number") or "")
        if not values["sure"]:
            return Done((self.showing.say("case_kept"),))
        try:
            return Done(
                (
                    self.case_notices.withdrawn(
                        await self.blocking.call(self.cases.withdraw, said.contact, number)
                    ),
                )
            )
        except NotFound:
            return Done((self.case_notices.not_found(number),))
        except Conflict:
            return Done((self.showing.say("case_not_taken_back", number=number),))

    async def _read_sure(self, said: Said, values: Values) -> Values | None:
        sure = self.words.yes(said.plain)
        return None if sure is None else {"sure": sure}


async def _read_more(said: Said, values: Values) -> Values | Misread | None:
    alarm = values.get("alarm")
    return _evidence(said, values, "more", f"{alarm}\n{said.text}" if alarm else said.text)


async def _alarmed(said: Said, values: Values) -> Values | None:
    return _evidence(said, values, "alarm", f"{values.get('alarm') or ''}\n{said.text}".strip())


def _evidence(said: Said, values: Values, name: str, text: str) -> Values | None:
    if not said.text:
        return None
    return {name: text, "evidence": [*values.get("evidence", ()), said.message_id]}


def _number(values: Values) -> dict[str, str]:
    return {"number": str(values.get("number") or "")}
