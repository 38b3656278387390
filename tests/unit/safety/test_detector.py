from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.safety.conftest import DATA
from xiaoxiao.safety.detector import KINDS, Detector

OF_EACH_KIND = [
    ("fire", "我家着火了"),
    ("trapped", "电梯里关人了"),
    ("gas", "厨房煤气味好大"),
    ("electric", "有人触电了"),
    ("drowning", "有小孩掉河里了"),
    ("suicide", "不想活了"),
    ("minor_crisis", "爸爸打我我害怕"),
    ("violence", "有人拿刀砍人"),
    ("poisoning", "孩子喝了洁厕灵"),
    ("traffic", "出车祸了有人受伤"),
    ("choking", "孩子噎住了说不出话"),
    ("bleeding", "手臂血喷出来止不住"),
    ("trapped", "被困在电梯里了"),
    ("cardiac", "我爸没气了"),
    ("missing_child", "孩子不见了十分钟"),
    ("fraud_in_progress", "他让我把钱转到安全账户"),
    ("other", "救命啊"),
]

SPELLINGS = [
    ("fire", "着 火 了"),
    ("fire", "著火了"),
    ("fire", "着🔥了"),
    ("fire", "家里失活了"),
    ("fire", "火燭啊"),
    ("fire", "zhao huo le"),
    ("fire", "ＺＨＡＯＨＵＯ"),
    ("fire", "Fire! smoke in my apartment"),
    ("gas", "gas leak"),
    ("cardiac", "唔識呼吸"),
    ("cardiac", "wo ba mei you hu xi"),
    ("other", "jiuming"),
    ("other", "打了幺二零还没来"),
    ("other", "🆘"),
    ("other", "help"),
]

SCENES = [
    ("cardiac", "我爸脸都紫了怎么拍都不醒"),
    ("fire", "楼下往上冒黑的东西呛得睁不开眼"),
    ("suicide", "她把一瓶药都吃了"),
    ("drowning", "水没到车窗了"),
    ("violence", "他拿刀在门口"),
]

NOT_DANGER = {
    "exaggeration": ["笑死我了", "累死了", "气死我了", "救命啊太好笑了"],
    "product": ["打火机能带上高铁吗", "火锅店在哪", "跳楼价甩卖", "灭火器过期了"],
    "film": ["电影里那个人跳楼了", "小说里男主被绑架了", "游戏里我被砍死了"],
    "drill": ["明天消防演练着火怎么跑", "作文写难忘的一次火灾"],
    "history": ["唐山大地震是哪一年", "新闻说有地方爆炸了"],
    "knowledge": ["怎么预防煤气中毒", "什么是一氧化碳中毒", "火灾怎么逃生", "如果家里着火了应该怎么办"],
    "denial": ["没有着火", "没人受伤", "不是煤气漏了是垃圾桶臭"],
    "past": ["昨天楼下着火已经处理好了", "去年我们小区着火了"],
    "idiom": ["水深火热是什么意思", "电脑中毒了", "中毒很深,天天玩游戏", "爆炸新闻"],
    "insurance": ["火灾保险怎么赔", "溺水意外险多少钱"],
    "service": ["违章查询", "你好", "转人工", "A", ""],
}


@pytest.mark.parametrize(("kind", "text"), [*OF_EACH_KIND, *SPELLINGS, *SCENES])
def test_finds_danger(detector: Detector, kind: str, text: str) -> None:
    danger = detector.detect(text)
    assert danger is not None
    assert kind == danger.kind


def test_every_kind_has_an_example() -> None:
    assert set(KINDS) == {kind for kind, _ in OF_EACH_KIND}


@pytest.mark.parametrize("text", [text for texts in NOT_DANGER.values() for text in texts])
def test_raises_no_alarm(detector: Detector, text: str) -> None:
    assert detector.detect(text) is None


def test_a_bare_question_about_a_fire_is_a_fire(detector: Detector) -> None:
    danger = detector.detect("着火了怎么办")
    assert danger is not None
    assert danger.kind == "fire"


def test_something_happening_now_overrules_a_question_of_knowledge(detector: Detector) -> None:
    assert detector.detect("溺水的急救步骤") is None
    assert detector.detect("有人溺水,急救步骤是什么,快点") is not None


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("fire", "cardiac", "着火了,我爸没呼吸了"),
        ("electric", "cardiac", "他触电了,没呼吸"),
        ("drowning", "cardiac", "溺水了,没有呼吸"),
        ("traffic", "bleeding", "撞车了,血流不止"),
        ("choking", "cardiac", "噎住了,脸紫了叫不醒"),
    ],
)
def test_the_deadlier_scene_comes_first_and_the_other_is_listed(
    detector: Detector, first: str, second: str, text: str
) -> None:
    danger = detector.detect(text)
    assert danger is not None
    assert first == danger.kind
    assert any(line.startswith(second) for line in danger.evidence)


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("infant", "8个月的宝宝噎住了"),
        ("smoke", "打开门全是烟"),
        ("taken_out", "溺水的孩子捞上来了没呼吸"),
        ("car", "车掉河里了"),
        ("silent", "我躲在衣柜里,他在外面"),
        ("co", "煤气中毒了"),
        ("swallowed", "宝宝吞了纽扣电池"),
        ("acting", "我割腕了"),
        ("someone", "我朋友要自杀"),
        ("paid", "刚转账发现被骗了"),
        ("elevator", "困在电梯里"),
        ("highway", "车抛锚停在高速行车道上"),
    ],
)
def test_finds_the_variant_whose_first_actions_differ(detector: Detector, variant: str, text: str) -> None:
    danger = detector.detect(text)
    assert danger is not None
    assert variant == danger.variant


def test_the_evidence_does_not_depend_on_the_hash_seed(detector: Detector) -> None:
    program = (
        "from pathlib import Path; from xiaoxiao.safety.detector import Detector;"
        f"print(Detector.load(Path({str(DATA / 'lexicon' / 'danger')!r}))"
        ".detect('着火了,门把手好烫,我爸没呼吸叫不醒'))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert str(detector.detect("着火了,门把手好烫,我爸没呼吸叫不醒")) == runs[0].stdout.decode().strip()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_never_raises_on_any_unicode(detector: Detector, text: str) -> None:
    detector.detect(text)


@pytest.mark.parametrize("text", ["火" * 2000, "着火了," * 700, "a" * 20_000, "\x00\ud800", "^$", "^^^", "$"])
def test_never_raises_on_hostile_text(detector: Detector, text: str) -> None:
    detector.detect(text)


def test_loads_neither_model_nor_database() -> None:
    program = (
        "import sys, xiaoxiao.safety.detector, xiaoxiao.safety.answers;"
        "print([m for m in ('rasa', 'sqlalchemy', 'numpy', 'tensorflow', 'jieba') if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert loaded.stdout.strip() == b"[]"
