from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.forms.commands import Command, Commands
from xiaoxiao.forms.said import clean, said
from xiaoxiao.forms.words import Words
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.store.conversation import Incoming

LEXICON = Path(__file__).parents[3] / "data/lexicon"
COMMANDS = Commands.load(LEXICON / "form_commands.csv")
WORDS = Words.load(LEXICON / "form_answers.csv")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("取消", Command.STOP),
        ("算了吧", Command.STOP),
        ("那就算了", Command.STOP),
        ("我不查了!", Command.STOP),
        ("不查啦", Command.STOP),
        ("上一步", Command.BACK),
        ("返回", Command.BACK),
        ("跳过吧", Command.SKIP),
        ("没有。", Command.SKIP),
        ("不想说", Command.SKIP),
        ("重新开始", Command.RESTART),
        ("继续", Command.CONTINUE),
        ("取消预警了吗", None),
        ("没有人管", None),
        ("停电了", None),
        ("吧", None),
        ("", None),
    ],
)
def test_a_command_is_the_whole_text(text: str, command: Command | None) -> None:
    assert command is COMMANDS.read(normalise(text).text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不对,车牌是沪B12345", "车牌是沪B12345"),
        ("改成沪B12345", "沪B12345"),
        ("错了", ""),
        ("沪B12345", None),
    ],
)
def test_a_correction_begins_by_saying_so(text: str, rest: str | None) -> None:
    assert rest == COMMANDS.correction(normalise(text).text)


@pytest.mark.parametrize(
    "content", ["", "command,word\nfly,飞\n", "command,word\nstop\n", "command,word\nstop,停\n"]
)
def test_a_broken_table_stops_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "commands.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError):
        Commands.load(tmp_path / "commands.csv")


def test_yes_and_no_are_whole_texts() -> None:
    assert [True, False, None] == [WORDS.yes(text) for text in ("是的。", "不是", "是不是")]


def test_of_two_choices_named_the_longer_name_counts() -> None:
    assert "08" == WORDS.within("轻便摩托车", ("07", "08"))
    assert None is WORDS.brief("我想问一下摩托车驾照怎么考", ("07", "08"))


def test_hidden_and_control_characters_are_taken_out() -> None:
    assert "沪A 1\n2" == clean("\u202e\u200b沪A\t1\n2\x07\x00")


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"Location_X": "31.5", "Location_Y": "121.5", "Label": "广场"}, True),
        ({"Location_X": "91", "Location_Y": "121.5"}, False),
        ({"Location_X": "nan", "Location_Y": "1"}, False),
        ({"Location_X": "x"}, False),
        ({}, False),
    ],
)
def test_a_position_is_one_on_earth(fields: dict[str, str], known: bool) -> None:
    from datetime import datetime, timezone

    now = datetime.now(timezone.utc)
    read = said(Incoming("wechat", "wx", "o", "1", "location", now, fields=fields), 1, now)
    assert known is (read.position is not None)
