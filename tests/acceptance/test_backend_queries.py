"""Every query on the whole way: citizen → webhook → form → back end over HTTP → what she reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.backend_office import QUERIES, Query, asked, backend_office, sample
from tests.acceptance.scripted_office import START
from tests.contract.queries.served import served
from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own
from xiaoxiao.queries.tries import MemoryTries


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """What `xiaoxiao backend serve` serves, really listening."""
    with served(own(sample(), MemoryTries(), SettableClock(START))) as address:
        yield address


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.opening)
async def test_a_query_is_answered_with_source_time_and_that_it_is_a_sample(url: str, query: Query) -> None:
    office = backend_office(url)
    seen = await asked(office, office.citizen(), query)
    told = (*query.tells, "来源:示例数据(虚构的样例区", "截至 2026-11-24 09:30", "以上是示例数据,并非真实")
    assert [] == [words for words in told if words not in seen], seen
