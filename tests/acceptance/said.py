"""What citizens say and hear in the tests of the whole way."""

from __future__ import annotations

from collections.abc import Callable

from tests.acceptance.scripted_office import Office

Open = Callable[..., Office]
GAS = "家里煤气漏了,很大的味"
SUICIDE = "我不想活了,想自杀"
PERSON = "您的话已经转给工作人员"
DOWN = "没能回答您"
#: real seconds; the connection holds for thirty
PAST_DEADLINE = 0.05
