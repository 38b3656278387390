from __future__ import annotations

import pytest

from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.queries.plates import PlateKind, find_plates, parse_plate


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("沪A12345", "沪A12345", PlateKind.ORDINARY),
        ("京n8k123", "京N8K123", PlateKind.ORDINARY),
        ("沪A·D12345", "沪AD12345", PlateKind.SMALL_NEW_ENERGY),
        ("粤B12345F", "粤B12345F", PlateKind.LARGE_NEW_ENERGY),
        ("鲁B1234挂", "鲁B1234挂", PlateKind.TRAILER),
        ("沪A 1234学", "沪A1234学", PlateKind.LEARNER),
        ("浙A-1234警", "浙A1234警", PlateKind.POLICE),
        ("粤Z1234港", "粤Z1234港", PlateKind.HONG_KONG),
        ("粤Z1234澳", "粤Z1234澳", PlateKind.MACAU),
        ("沪A1234领", "沪A1234领", PlateKind.CONSULATE),
        ("使123456", "使123456", PlateKind.EMBASSY),
        ("京S1234应急", "京S1234应急", PlateKind.EMERGENCY),
        ("京A1234试", "京A1234试", PlateKind.TRIAL),
        ("京A1234超", "京A1234超", PlateKind.OVERSIZE),
        ("WJ沪1234X", "WJ沪1234X", PlateKind.ARMED_POLICE),
        ("VA12345", "VA12345", PlateKind.MILITARY),
    ],
)
def test_every_kind_of_plate_is_read(text: str, number: str, kind: PlateKind) -> None:
    plate = parse_plate(text)
    assert plate is not None
    assert (number, kind) == (plate.number, plate.kind)
    assert [plate] == [reading.plate for reading in find_plates(f"帮我查{text}的违章")]


@pytest.mark.parametrize(
    "text", ["沪O12345", "沪A1234", "A12345", "火A12345", "订单AB12345678", "使12345", ""]
)
def test_what_is_no_plate(text: str) -> None:
    assert parse_plate(text) is None


@pytest.mark.parametrize(
    "said", ["沪A幺二三四五", "沪 A . 1 2 3 4 5", "沪A\n12345", "沪a·12345", "沪Ａ１２３４５"]
)
def test_however_it_is_said_or_spaced(said: str) -> None:
    (reading,) = find_plates(normalise(said).text)
    assert reading.plate is not None
    assert reading.plate.number == "沪A12345"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("查一下,车牌是川A 五 三 二 零 九", "川A53209"),
        ("我的车豫 K 幺 零 八 八 六,罚了没有", "豫K10886"),
        ("豫 K 幺 零 八 八 六 有没有违章", "豫K10886"),
        ("浙A 么两勾F五,谢谢", "浙A129F5"),
        ("辽B三四K七八,昨天被拍了", "辽B34K78"),
        ("老爸的车啦,湘A·D 七 七 零 幺 二,他讲看不懂", "湘AD77012"),
        ("苏 E 九 拐 B 二 四,对", "苏E97B24"),
        ("沪 C 八 K 三 两 洞", "沪C8K320"),
        ("鲁Q五D三零挂的违章", "鲁Q5D30挂"),
        ("闽 d 勾 勾 h 四 六 昨天闯红灯", "闽D99H46"),
    ],
)
def test_said_aloud_letter_by_letter(said: str, number: str) -> None:
    (reading,) = find_plates(normalise(said).text)
    assert reading.plate is not None
    assert number == reading.plate.number


@pytest.mark.parametrize(
    "text",
    [
        "京 A 股今天怎么样,三 五 八 九 点跌了",
        "我有三两二锅头,京A的车",
        "沪A1234 两次违章",
        "沪A一二三四 两次违章",
        "沪A1234么",
        "沪A12K4 一共几次",
        "浙B 三 五 七 八 两个月没查",
        "川 A 五 一 二 大地震",
        "川 A 五 三 二 零 九 七 八 一 二",
        "云A 三 四 五 六 天",
    ],
)
def test_ordinary_words_are_no_digits_of_a_plate(text: str) -> None:
    assert [] == [reading.written for reading in find_plates(normalise(text).text) if reading.plate]


def test_a_plate_that_was_written_keeps_its_place_beside_spoken_numbers() -> None:
    (reading,) = find_plates("沪A12345 三 次")
    assert ("沪A12345", 0, 7) == (reading.written, reading.start, reading.end)


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [("粤BO8881", "粤B08881"), ("沪AI2345", "沪A12345"), ("粤b8888l", "粤B88881")],
)
def test_letters_that_look_like_digits_are_asked_back(written: str, suggestion: str) -> None:
    (reading,) = find_plates(f"查{written}")
    assert suggestion == reading.suggestion


def test_two_plates_stand_side_by_side() -> None:
    readings = find_plates("京A12345 和粤B88881")
    assert [r.plate.number for r in readings if r.plate] == ["京A12345", "粤B88881"]


def test_a_number_behind_the_plate_does_not_belong_to_it() -> None:
    (reading,) = find_plates("沪A12345 6个月没查了")
    assert reading.plate is not None
    assert reading.plate.number == "沪A12345"


def test_a_plate_within_a_plate_is_none() -> None:
    assert ["沪AD12345"] == [reading.written for reading in find_plates("查沪AD12345")]


def test_a_plate_is_shown_masked() -> None:
    plate = parse_plate("沪AD12345")
    assert plate is not None
    assert plate.masked == "沪A·***345"


def test_diplomats_soldiers_and_rescuers_cannot_be_looked_up() -> None:
    military = parse_plate("VA12345")
    assert military is not None
    assert not military.supported
