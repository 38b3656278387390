"""Our own back end passes the check that offices are given, and is refused without its token."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.queries.conftest import NOW
from tests.contract.queries.served import TOKEN, served
from tests.contract.queries.test_queries import CODE, claim
from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own
from xiaoxiao.queries.backend_check import check
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.tries import MemoryTries


@pytest.mark.parametrize("filled", [True, False])
async def test_the_model_keeps_its_own_contract(sample: MemoryRecords, filled: bool) -> None:
    records = sample if filled else MemoryRecords()
    with served(own(records, MemoryTries(), SettableClock(NOW))) as url:
        known = {"claim": claim(), "code": CODE} if filled else {}
        findings = await check(url, TOKEN, timedelta(seconds=3), **known)  # type: ignore[arg-type]
        assert [] == [finding for finding in findings if finding.problem]
        refused = await check(url, "another-token-than-that", timedelta(seconds=3))
        assert {"没有令牌要拒绝"} == {finding.label for finding in refused if not finding.problem}
