from __future__ import annotations

import pytest

from xiaoxiao.queries.gazetteer import places_in
from xiaoxiao.queries.matching import best, holds_for, same_district
from xiaoxiao.queries.places import Place, PlaceKind
from xiaoxiao.queries.positions import Position, distance_m
from xiaoxiao.queries.shelters import Shelter

HERE = Position(31.0, 121.0)


def place(name: str, kind: PlaceKind = PlaceKind.LANDMARK, district: str = "样例区", *aliases: str) -> Place:
    return Place(name, kind, district, HERE, aliases)


PLACES = (
    place("样例区", PlaceKind.DISTRICT),
    place("样例新城", PlaceKind.DISTRICT, "样例新城"),
    place("人民路", PlaceKind.STREET),
    place("人民路小学"),
    place("中心广场"),
    place("中心广场", PlaceKind.LANDMARK, "样例新城"),
    place("样例火车站", PlaceKind.LANDMARK, "样例区", "火车站"),
    place("A馆", PlaceKind.LANDMARK, "样例区", "a"),
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("我在人民路小学门口", [("人民路小学", "样例区")]),
        ("人民路 小学", [("人民路小学", "样例区")]),
        ("人民路和人民路小学之间", [("人民路小学", "样例区"), ("人民路", "样例区")]),
        ("中心广场", [("中心广场", "样例区"), ("中心广场", "样例新城")]),
        ("样例新城的中心广场", [("中心广场", "样例新城"), ("样例新城", "样例新城")]),
        ("火车站旁边", [("样例火车站", "样例区")]),
        ("样例那边", [("样例区", "样例区")]),
        ("ａ馆", [("A馆", "样例区")]),
        ("a", []),
        ("附近有没有避难所", []),
        ("", []),
    ],
)
def test_places_in_free_text(text: str, named: list[tuple[str, str]]) -> None:
    assert named == [(p.name, p.district) for p in places_in(text, PLACES)]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("路灯坏了", "路灯不亮"),
        ("停水了怎么办", "停水"),
        ("电费", "电费"),
        ("特种工证复审", "特种作业操作证复审"),
        ("你好", None),
        ("", None),
        ("。。。", None),
    ],
)
def test_free_words_find_what_is_meant(said: str, first: str | None) -> None:
    phrases = ("停水", "停电", "电费", "路灯不亮", "特种作业操作证复审")
    assert first == next(iter(best(said, phrases, lambda phrase: (phrase,), 3)), None)


def test_one_district_under_two_names() -> None:
    assert same_district("样例", "样例区")
    assert not same_district("浦东新区", "浦口区")
    assert holds_for("样例", ())
    assert not holds_for("样例", ("样例新城",))


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert 111 == round(distance_m(HERE, Position(32.0, 121.0)) / 1000)
    assert 0 == distance_m(HERE, HERE)
    assert 20015 == round(distance_m(Position(0, 0), Position(0, 180)) / 1000)


@pytest.mark.parametrize("position", [(91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_no_position(position: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="degrees"):
        Position(*position)


def test_where_somebody_is_stands_in_no_log() -> None:
    assert "31" not in repr(HERE)


def test_a_name_cannot_break_out_of_the_map_link() -> None:
    shelter = Shelter("1", "广场;title:假&x=1", "路#1", "样例区", HERE, None, None, None)
    assert "title:%E5%B9%BF%E5%9C%BA%20title%20%E5%81%87%26x%3D1;addr:" in shelter.map_link
    assert shelter.map_link.endswith("&referer=xiaoxiao")
    assert "#" not in shelter.map_link
