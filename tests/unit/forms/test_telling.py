"""What words tell of a report."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from xiaoxiao.clock import CHINA
from xiaoxiao.forms.form import Misread
from xiaoxiao.forms.happened import find_when, moment_of, read_when
from xiaoxiao.forms.reaching import find_reach, read_reach
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.telling import announced_what
from xiaoxiao.forms.whereabouts import find_place, fits_place, put_right
from xiaoxiao.forms.words import Words

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=timezone.utc)  # Tuesday, 09:30 in China
WORDS = Words.load(Path(__file__).parents[3] / "data" / "lexicon" / "form_answers.csv")


def told(text: str) -> Said:
    return Said("o1", 1, NOW, text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("人民东路188号后面的蓝色铁皮仓库,放了好多桶甲苯", "人民东路188号后面"),
        ("兴隆小区7栋2单元一楼,黄色外墙那家,存了十几罐煤气", "兴隆小区7栋2单元一楼"),
        ("我在送外卖,看见解放路和学院路口的铁板翘起来一个角", "解放路和学院路口"),
        ("洗浴中心锅炉没有证,烧得通红,在滨河路", "滨河路"),
        ("举报东风路12号门口的井盖没了", "东风路12号门口"),
        ("楼道里堆满杂物,我要举报", None),
        ("我们厂没有安全措施", None),
        ("举报一家化工厂", None),
        ("高速桥下堆了一大片轮胎", None),
        ("路边井盖没了", None),
    ],
)
def test_a_place_is_what_others_would_find_too(text: str, place: str | None) -> None:
    assert place == find_place(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("是东门", "东门"),
        ("188号", "188号"),
        ("人民路 3 号", "人民路 3 号"),
        ("井盖没了", None),
        ("昨天", None),
    ],
)
def test_after_not_that_but_a_short_place_is_one(text: str, place: str | None) -> None:
    assert place == fits_place(text)


@pytest.mark.parametrize(
    ("text", "words", "moment"),
    [
        ("昨晚八点看到的", "昨晚八点", datetime(2026, 11, 23, 20, tzinfo=CHINA)),
        ("11月23号晚上八点,红旗桥裂了", "11月23号晚上八点", datetime(2026, 11, 23, 20, tzinfo=CHINA)),
        ("12月1日就这样", "12月1日", datetime(2025, 12, 1, 12, tzinfo=CHINA)),
        ("三天前", "三天前", datetime(2026, 11, 21, 12, tzinfo=CHINA)),
        ("上周三", "上周三", datetime(2026, 11, 18, 12, tzinfo=CHINA)),
        ("现在就在冒烟", "现在", NOW),
        ("他们天天这样", "天天", None),
        ("2月31日", "2月31日", None),
    ],
)
def test_when_it_was(text: str, words: str, moment: datetime | None) -> None:
    assert words == find_when(text)
    assert moment == moment_of(words, NOW)


@pytest.mark.parametrize("text", ["三号车间安全门焊死", "人民路188号", "井盖没了"])
def test_a_number_of_a_house_is_no_day(text: str) -> None:
    assert find_when(text) is None


@pytest.mark.parametrize(("text", "read"), [("去年夏天吧", True), ("20号", True), ("哈哈", False)])
def test_an_answer_about_time_may_be_vague(text: str, read: bool) -> None:
    assert read is (read_when(text) is not None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三 13812345678", {"contact": "named", "phone": "13812345678", "name": "张三"}),
        ("我姓李,电话138 1234 5678", {"contact": "named", "phone": "13812345678", "name": "李"}),
        ("021-62345678", {"contact": "named", "phone": "021-62345678"}),
        ("20261123000411", None),
    ],
)
def test_a_number_that_is_one(text: str, found: dict[str, str] | None) -> None:
    assert found == find_reach(told(text))


@pytest.mark.parametrize("text", ["匿名", "不用了", "我不想留名字", "没有"])
def test_anonymous_in_many_words(text: str) -> None:
    assert {"contact": None} == read_reach(told(text), WORDS)


def test_an_identity_number_is_refused_kindly() -> None:
    assert Misread("report_contact_identity") == read_reach(told("110101199003078515"), WORDS)


@pytest.mark.parametrize(
    "text",
    ["我要举报", "怎么举报安全隐患", "匿名举报可以吗", "我要投诉", "你好,我来反映个问题", "发现一个安全隐患"],
)
def test_an_announcement_says_nothing_yet(text: str) -> None:
    assert announced_what(told(text)) is None


def test_what_says_something_is_kept_word_for_word() -> None:
    assert "举报黑加油站" == announced_what(told("举报黑加油站"))


@pytest.mark.parametrize(
    ("place", "part", "expected"),
    [
        ("幸福小区3号楼楼道", "5号楼", "幸福小区5号楼楼道"),
        ("兴隆小区7栋2单元", "3单元", "兴隆小区7栋3单元"),
        ("西湖路", "东门", "东门"),
        ("幸福小区3号楼", "人民路口", "人民路口"),
        ("", "5号楼", "5号楼"),
    ],
)
def test_a_part_put_right_leaves_the_rest_of_the_place(place: str, part: str, expected: str) -> None:
    assert expected == put_right(place, part)


def test_a_stairwell_is_not_cut_in_half() -> None:
    assert "东风路12号幸福小区楼道" == find_place("举报:东风路12号幸福小区楼道堆满电动车")
