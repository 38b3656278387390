"""「删除我的数据」: what is stored, asked once, erased; what was kept and why."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.blocking import Blocking
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.privacy import Privacy
from xiaoxiao.errors import Conflict
from xiaoxiao.forms.form import Done, Form, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing

_INTENT = "privacy_delete"


@dataclass(frozen=True)
class MyData:
    privacy: Privacy
    case_notices: CaseNotices
    blocking: Blocking
    showing: Showing

    def forms(self) -> tuple[Form, ...]:
        return (
            Form("my_data", _INTENT, self._stored),
            Form("erase_my_data", _INTENT, self._erased, given=("token",), while_held=True, clears=True),
            Form("keep_my_data", _INTENT, self._kept, while_held=True),
        )

    async def _stored(self, values: Values, said: Said) -> Done:
        stored = await self.blocking.call(self.privacy.stored, said.contact)
        token = await self.blocking.call(self.privacy.ask, said.contact)
        return Done((self.case_notices.stored(stored, token),))

    async def _erased(self, values: Values, said: Said) -> Done:
        token = str(values.get("token") or "")
        try:
            erased = await self.blocking.call(self.privacy.erase, said.contact, token)
        except Conflict:
            return Done((self.case_notices.token_expired(),))
        return Done((self.case_notices.erased(erased),))

    async def _kept(self, values: Values, said: Said) -> Done:
        return Done((self.showing.say("my_data_left"),))
