"""How imported data are kept: whole or not at all, samples never beside real data, no engine number anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.contract.queries.conftest import NOW, SAMPLE
from xiaoxiao.clock import SettableClock
from xiaoxiao.errors import ConfigurationError, Conflict
from xiaoxiao.queries import embedded
from xiaoxiao.queries.embedded import SqlRecords
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.findings import Origin
from xiaoxiao.queries.kept import VEHICLES
from xiaoxiao.queries.kinds import NEWS
from xiaoxiao.queries.news import NewsItem
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.sample import load_sample
from xiaoxiao.store.database import open_engine, reading
from xiaoxiao.store.tables import query_records

Kept = MemoryRecords | SqlRecords
REAL = Origin("示例市应急管理局", NOW)


def item(id: str, title: str = "要闻") -> NewsItem:
    return NewsItem(id, title, "示例市应急管理局", NOW, None, None)


async def titles(records: Kept) -> list[str]:
    return [one.title for one in (await records.all(NEWS)).items]


async def test_an_import_replaces_its_kind_and_no_other(records: Kept) -> None:
    records.replace(NEWS, [item("1", "旧")], REAL)
    records.replace(VEHICLES, [], REAL)
    records.replace(
        NEWS, [item("2", "新"), item("3", "新二")], Origin("另一个单位", NOW + timedelta(hours=1))
    )
    assert ["新", "新二"] == await titles(records)
    origins = records.origins()
    assert (Origin("另一个单位", NOW + timedelta(hours=1)), 2) == origins["news"]
    assert (REAL, 0) == origins["vehicles"]


async def test_more_can_be_added_and_the_same_record_is_exchanged(records: Kept) -> None:
    records.append(NEWS, [item("1", "一"), item("2", "二")], REAL)
    assert ["一", "二"] == await titles(records)
    records.append(NEWS, [item("2", "二改"), item("3", "三")], REAL)
    assert ["一", "三", "二改"] == sorted(await titles(records))


@pytest.mark.parametrize("way", ["append", "replace"])
async def test_real_data_take_every_sample_away_and_keep_it_out(records: Kept, way: str) -> None:
    load_sample(SAMPLE, records, now=NOW)
    getattr(records, way)(NEWS, [item("1")], REAL)
    assert ["news"] == list(records.origins())
    assert ["要闻"] == await titles(records)
    with pytest.raises(ConfigurationError):
        load_sample(SAMPLE, records, now=NOW)


async def test_samples_can_be_loaded_again_on_another_day(records: Kept) -> None:
    load_sample(SAMPLE, records, now=NOW)
    load_sample(SAMPLE, records, now=NOW + timedelta(days=7))
    newest = max(one.published_at for one in (await records.all(NEWS)).items)
    assert timedelta(days=1) > NOW + timedelta(days=7) - newest > timedelta(0)


async def test_a_deployment_with_a_real_account_reads_no_samples(
    sqlite_url: str, clock: SettableClock
) -> None:
    engine = open_engine(sqlite_url)
    load_sample(SAMPLE, SqlRecords(engine, clock, samples=True), now=NOW)
    for kept in (SqlRecords(engine, clock, samples=False), MemoryRecords(samples=False)):
        with pytest.raises(NoData):
            await kept.all(NEWS)
        with pytest.raises(NoData):
            await kept.of(VEHICLES, "沪A12345/02")


async def test_an_import_that_breaks_off_leaves_the_old_data(
    sqlite_url: str, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = SqlRecords(open_engine(sqlite_url), clock, samples=False)
    records.replace(NEWS, [item("1", "旧")], REAL)
    monkeypatch.setattr(embedded, "BATCH", 1)
    with pytest.raises(TypeError):
        records.replace(NEWS, [item("2"), "no record"], REAL)  # type: ignore[list-item]
    assert ["旧"] == await titles(records)
    assert 1 == records.origins()["news"][1]


async def test_two_imports_of_a_kind_at_once_do_not_lose_rows_unseen(
    sqlite_url: str, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = SqlRecords(open_engine(sqlite_url), clock, samples=False)
    records.replace(NEWS, [item("1", "旧")], REAL)
    insert = embedded._insert

    def meanwhile(*arguments: object) -> None:
        monkeypatch.setattr(embedded, "_insert", insert)
        insert(*arguments)  # type: ignore[arg-type]
        embedded._drop_leftovers(arguments[0], "news")  # type: ignore[arg-type]

    monkeypatch.setattr(embedded, "_insert", meanwhile)
    with pytest.raises(Conflict):
        records.replace(NEWS, [item("2")], REAL)
    assert ["旧"] == await titles(records)


async def test_no_engine_number_is_kept(sqlite_url: str, clock: SettableClock) -> None:
    engine = open_engine(sqlite_url)
    records = SqlRecords(engine, clock, samples=True)
    load_sample(SAMPLE, records, now=NOW)
    with reading(engine) as connection:
        kept = str(connection.execute(select(query_records.c.record)).scalars().all())
    assert "沪A12345" in kept
    assert "123456" not in kept.replace("123456789", "")
    assert "engine" not in kept
    assert "沪A12345" not in repr((await records.all(VEHICLES)).items)
