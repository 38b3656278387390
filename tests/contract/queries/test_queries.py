"""What every implementation of the queries answers: one suite for memory, database and HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from tests.contract.queries.conftest import NOW, Office
from xiaoxiao.clock import CHINA
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.queries.alerts import Level
from xiaoxiao.queries.errors import NoData, OwnerUnproven, TooManyTries
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.food_trace import Stage
from xiaoxiao.queries.offered import Queries
from xiaoxiao.queries.plate_types import PlateType
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.suspensions import Suspended
from xiaoxiao.queries.violations import OwnerClaim

CODE = "31010212345678901234"
SQUARE = Position(31.001, 121.002)


def claim(plate: str = "沪A12345", kind: PlateType = PlateType.SMALL, tail: str = "123456") -> OwnerClaim:
    read = parse_plate(plate)
    assert read is not None
    return OwnerClaim(read, kind, tail)


EVERY: dict[str, Callable[[Queries], Awaitable[object]]] = {
    "violations": lambda q: q.violations.look_up(claim(), contact="o1"),
    "food": lambda q: q.food_trace.trace(CODE),
    "alerts": lambda q: q.alerts.in_force(),
    "quakes": lambda q: q.quakes.latest(),
    "typhoons": lambda q: q.typhoons.active(),
    "shelters": lambda q: q.shelters.near(SQUARE),
    "places": lambda q: q.places.named("中心广场"),
    "bureaus": lambda q: q.bureaus.find("停水"),
    "entries": lambda q: q.entries.find("电工证复审"),
    "suspensions": lambda q: q.suspensions.announced(),
    "news": lambda q: q.news.latest(),
}


@pytest.mark.parametrize("query", EVERY)
async def test_nothing_imported_is_no_data_and_never_an_empty_answer(bare_office: Office, query: str) -> None:
    with pytest.raises(NoData):
        await EVERY[query](bare_office.queries)


@pytest.mark.parametrize("query", [name for name in EVERY if name != "food"])
async def test_every_finding_says_whose_it_is_how_old_and_that_it_is_a_sample(
    office: Office, query: str
) -> None:
    found = await EVERY[query](office.queries)
    assert isinstance(found, Findings)
    assert found
    assert (True, NOW) == (found.origin.is_sample, found.origin.as_of)
    assert "示例数据" in found.origin.source
    assert not found.incomplete


# --- violations


async def test_the_owner_sees_every_record_the_latest_first(office: Office) -> None:
    found = await office.queries.violations.look_up(claim(), contact="o1")
    assert ["2026-11-02", "2026-10-21", "2026-09-18"] == [
        str(r.at.astimezone(CHINA).date()) for r in found.items
    ]
    latest = found.items[0]
    assert (6, 200, False) == (latest.points, latest.fine_yuan, latest.processed)
    assert ("样例区人民路与解放路路口", "样例区交警支队(虚构)") == (latest.place, latest.authority)


async def test_a_vehicle_without_records_is_a_finding(office: Office) -> None:
    found = await office.queries.violations.look_up(
        claim("沪A1234挂", PlateType.TRAILER, "000111"), contact="o1"
    )
    assert () == found.items


@pytest.mark.parametrize(
    "wrong",
    [
        claim(tail="123457"),
        claim(kind=PlateType.LARGE),
        claim("沪A54321"),
        claim(kind=PlateType.MOTORCYCLE),
    ],
)
async def test_another_engine_another_type_and_an_unknown_vehicle_are_not_told_apart(
    office: Office, wrong: OwnerClaim
) -> None:
    with pytest.raises(OwnerUnproven) as problem:
        await office.queries.violations.look_up(wrong, contact="o1")
    assert str(OwnerUnproven()) == str(problem.value)


async def test_after_three_wrong_tries_the_right_one_waits_for_a_day(office: Office) -> None:
    for _ in range(3):
        with pytest.raises(OwnerUnproven):
            await office.queries.violations.look_up(claim(tail="000000"), contact="o1")
    with pytest.raises(TooManyTries) as stopped:
        await office.queries.violations.look_up(claim(), contact="o1")
    assert NOW + timedelta(days=1) == stopped.value.until
    assert await office.queries.violations.look_up(claim(), contact="o2")
    office.clock.advance(days=1, seconds=1)
    assert await office.queries.violations.look_up(claim(), contact="o1")


async def test_a_contact_may_be_wrong_about_few_vehicles(office: Office) -> None:
    for number in range(10):
        with pytest.raises(OwnerUnproven):
            await office.queries.violations.look_up(claim(f"沪B0000{number}"), contact="o1")
    with pytest.raises(TooManyTries):
        await office.queries.violations.look_up(claim(), contact="o1")


async def test_right_tries_cost_nothing(office: Office) -> None:
    for _ in range(12):
        assert await office.queries.violations.look_up(claim(), contact="o1")
    with pytest.raises(OwnerUnproven):
        await office.queries.violations.look_up(claim(tail="000000"), contact="o1")


# --- food


async def test_a_batch_goes_from_the_farm_to_the_shop_with_its_recall(office: Office) -> None:
    batch = await office.queries.food_trace.trace(CODE)
    assert list(Stage) == [step.stage for step in batch.steps]
    assert ("猪肉(后腿)", True, "瘦肉精检测") == (
        batch.product,
        batch.steps[0].passed,
        batch.steps[0].inspection,
    )
    assert batch.steps[3].passed is None
    assert ["【示例】关于召回一批猪肉的通知"] == [recall.title for recall in batch.recalls]
    assert (True, NOW) == (batch.origin.is_sample, batch.origin.as_of)


async def test_a_code_on_no_file_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.queries.food_trace.trace("0" * 20)


@pytest.mark.parametrize("code", ["", "123", CODE + "1", CODE[:-1] + "O", "../alerts", "１" * 20])
async def test_what_is_no_code_is_refused_before_it_is_looked_up(office: Office, code: str) -> None:
    with pytest.raises(InvalidRequest):
        await office.queries.food_trace.trace(code)


# --- alerts and notices


async def test_alerts_in_force_the_most_severe_first(office: Office) -> None:
    found = await office.queries.alerts.in_force()
    assert [Level.ORANGE, Level.YELLOW, Level.BLUE] == [alert.level for alert in found.items]
    rain = found.items[0]
    eight = (
        rain.kind,
        rain.level,
        rain.starts_at,
        rain.area,
        rain.warning,
        rain.measures,
        rain.issuer,
        rain.issued_at,
    )
    assert None not in eight


async def test_an_alert_ends_by_itself(office: Office) -> None:
    office.clock.advance(days=10)
    assert () == (await office.queries.alerts.in_force()).items


@pytest.mark.parametrize(
    ("choice", "kinds"),
    [
        ({"district": "样例区"}, ["暴雨", "大风"]),
        ({"district": "样例"}, ["暴雨", "大风"]),
        ({"district": "样例新城"}, ["地质灾害", "大风"]),
        ({"level": Level.BLUE}, ["大风"]),
        ({"kind": "暴雨"}, ["暴雨"]),
        ({"kind": "台风"}, []),
    ],
)
async def test_alerts_by_district_colour_and_kind(
    office: Office, choice: dict[str, object], kinds: list[str]
) -> None:
    found = await office.queries.alerts.in_force(**choice)  # type: ignore[arg-type]
    assert kinds == [alert.kind for alert in found.items]


async def test_notices_that_hold_or_will_hold(office: Office) -> None:
    found = await office.queries.suspensions.announced()
    assert [(Suspended.TRANSPORT,), (Suspended.SCHOOL,)] == [notice.what for notice in found.items]
    assert found.items[0].ends_at is None
    schools = await office.queries.suspensions.announced(district="样例新城", what=Suspended.SCHOOL)
    assert () == schools.items


async def test_the_latest_quakes_and_news(office: Office) -> None:
    quakes = await office.queries.quakes.latest(limit=2)
    assert [3.2, 4.6] == [quake.magnitude for quake in quakes.items]
    assert datetime(2026, 11, 19, 22, 41, 7, tzinfo=CHINA) == quakes.items[0].at
    assert 5 == len((await office.queries.news.latest()).items)
    assert 1 == len((await office.queries.news.latest(limit=0)).items)


async def test_a_typhoon_has_one_position_its_last_and_is_over_when_nobody_measures_it(
    office: Office,
) -> None:
    (typhoon,) = (await office.queries.typhoons.active()).items
    assert ("209901", 35, 970) == (typhoon.number, typhoon.wind_ms, typhoon.pressure_hpa)
    office.clock.advance(days=1)
    assert () == (await office.queries.typhoons.active()).items


# --- places


async def test_the_nearest_shelter_comes_first_with_its_distance(office: Office) -> None:
    near = (await office.queries.shelters.near(SQUARE, limit=2)).items
    assert ["S001", "S005"] == [one.shelter.id for one in near]
    assert [79, 196] == [round(one.distance_m) for one in near]
    assert (3000, True, False) == (
        near[0].shelter.capacity,
        near[0].shelter.barrier_free,
        near[0].shelter.is_open,
    )


async def test_only_shelters_without_steps(office: Office) -> None:
    near = (await office.queries.shelters.near(SQUARE, limit=20, barrier_free=True)).items
    assert {True} == {one.shelter.barrier_free for one in near}
    assert "S005" not in {one.shelter.id for one in near}


async def test_bureaus_by_purpose_and_place(office: Office) -> None:
    first = (await office.queries.bureaus.find("家里停水了")).items[0]
    assert ("B001", "021-00000201", "样例区人民路20号") == (first.id, first.phone, first.address)
    there = await office.queries.bureaus.find("社保", district="样例新城")
    assert ["B008"] == [bureau.id for bureau in there.items]
    assert () == (await office.queries.bureaus.find("停水", city="别的市")).items


async def test_entries_say_what_to_bring(office: Office) -> None:
    first = (await office.queries.entries.find("电工证复审要带什么")).items[0]
    assert "E001" == first.id
    assert "身份证原件" in first.bring


@pytest.mark.parametrize("words", ["", " ", "?", "你好" * 300])
async def test_words_without_meaning_find_nothing(office: Office, words: str) -> None:
    assert () == (await office.queries.entries.find(words)).items
    assert () == (await office.queries.bureaus.find(words)).items
