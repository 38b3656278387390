"""What is about the same matter, and what only sounds so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from xiaoxiao.desk.similarity import AUTOMATIC, SUGGESTED, Matcher, closeness, distance, likeness, score
from xiaoxiao.language.encoder import shared_encoder
from xiaoxiao.store.case import Case, CaseState, CaseType

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
LEAK = "东风路化工厂夜里偷偷往河里排黄水,味道刺鼻"


def case(what: str = LEAK, place: str = "东风路12号", **more: object) -> Case:
    made = Case("YJ", CaseType.REPORT, CaseState.RECEIVED, 1, what, NOW, NOW, NOW, place=place, id=1)
    return replace(made, **more)  # type: ignore[arg-type]


HERE = {"latitude": 31.2, "longitude": 121.4}


@pytest.mark.parametrize(
    "other",
    [
        case(),
        case("东风路化工厂,夜里偷偷往河里排黄水!!味道刺鼻。"),
        case("东风路化工厂夜里偷偷往河里排黄水,味道刺鼻", "东风路 12号"),
        case(**HERE, place=""),
        case(latitude=31.2005, longitude=121.4, place="别的写法"),
    ],
)
def test_the_same_is_attached(other: Case) -> None:
    assert score(case(**HERE) if other.latitude else case(), other) >= AUTOMATIC


@pytest.mark.parametrize(
    ("new", "other"),
    [
        (case(place=""), case(place="")),  # nobody said where
        (case(), case(created_at=NOW - timedelta(days=20))),
        (case(), case(type=CaseType.COMPLAINT)),
        (case(type=CaseType.SERVICE), case(type=CaseType.SERVICE)),
        (case(**HERE), case("化工厂夜里往河里偷排黄水,味道刺鼻,东风路的", latitude=31.2009, longitude=121.4)),
    ],
)
def test_the_likely_is_shown_to_staff(new: Case, other: Case) -> None:
    assert SUGGESTED <= score(new, other) < AUTOMATIC


@pytest.mark.parametrize(
    ("new", "other"),
    [
        (case(**HERE), case(latitude=31.3, longitude=121.4)),  # the same words 11 km away
        (case(), case("路灯坏了三天没人修")),
        (case("有人"), case("有人在楼道里堆满杂物,消防通道都堵了")),
        (case(), case("东风路路面塌了一个大坑")),
        (case("漏水", ""), case("漏电", "")),
    ],
)
def test_the_different_is_left_alone(new: Case, other: Case) -> None:
    assert score(new, other) < SUGGESTED


def test_meaning_finds_what_words_do_not() -> None:
    new, other = case("楼下饭馆半夜乱倒泔水"), case("一楼餐厅深夜随意倾倒厨余")
    assert None is Matcher().best(new, [other])
    near = Matcher(lambda texts: [[1.0, 0.0], [0.9, 0.43589]]).best(new, [other])
    assert near is not None
    assert SUGGESTED <= near.score < AUTOMATIC


def test_of_equals_the_first_is_taken() -> None:
    match = Matcher().best(case(), [case(id=7), case(id=3), case("别的事", id=1)])
    assert match is not None
    assert 3 == match.case.id


def test_likeness_is_the_same_both_ways_and_between_none_and_all() -> None:
    texts = ["", "漏", "漏水", LEAK, "<b>漏水</b>", "漏" * 10_000, "😀", "\n"]
    for one in texts:
        for other in texts:
            assert 0.0 <= likeness(one, other) <= 1.0
            assert likeness(one, other) == likeness(other, one)


def test_distance_is_in_metres() -> None:
    # one degree of latitude
    assert 111_195 == pytest.approx(distance(case(**HERE), case(latitude=32.2, longitude=121.4)), rel=1e-4)
    assert None is distance(case(**HERE), case())
    # the far side of the earth, where rounding would ask for the arcsine of more than one
    assert distance(case(latitude=0.0, longitude=0.0), case(latitude=0.0, longitude=180.0))


def test_a_place_written_otherwise_is_not_elsewhere() -> None:
    assert 0.0 < (closeness(case(place="东风路"), case(place="人民公园")) or 0.0) < 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("楼下饭馆半夜乱倒泔水", "一楼餐厅深夜随意倾倒厨余"),
        ("东风路化工厂夜里排黄水", "化工厂晚上往河里偷排,水都黄了"),
        ("人民路路灯坏了三天没人修", "人民路的灯不亮好几天了"),
        ("工地半夜施工吵得睡不着", "建筑工地深夜噪音扰民"),
    ],
)
def test_the_real_encoder_finds_the_same_matter_told_otherwise(one: str, other: str) -> None:
    match = Matcher(shared_encoder("use").encode).best(case(one), [case(other)])
    assert match is not None
    assert SUGGESTED <= match.score < AUTOMATIC


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("人民路路灯坏了", "人民路井盖丢了"),
        ("楼道堆满杂物", "楼道里有人充电瓶车"),
        ("小区电梯困人", "小区停电了"),
    ],
)
def test_the_real_encoder_tells_two_matters_of_one_place_apart(one: str, other: str) -> None:
    assert None is Matcher(shared_encoder("use").encode).best(case(one), [case(other)])
