"""Words that alone mean several things (中毒, 被咬了): what to offer when nothing else is said, edited by trainers.

data/lexicon/ambiguous.csv has a word a line, and two or three labels (faq/<card> or an intent) to choose from.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.normal_form import normalise

_COLUMNS = ["word", "labels"]
_LEAST, _MOST = 2, 3
_LONGEST = 20  #: characters; 我家里突然进水了怎么办? has 12
_MARKS = re.compile(r"[\s,.!?;:~]+")
#: What is said around a bare word without making it clearer: 我家…了怎么办. Not 呢 and 吗: 狗呢
#: leans on what was said, 地震了吗 is a question.
_BEFORE = re.compile(r"^(?:请问|你好|您好|如果|要是|我家里?|家里|我们?|有人|突然)+")
_AFTER = re.compile(r"(?:怎么办|咋办|怎么处理|怎么弄|咋整|咋弄|怎么搞|怎么样|是什么|了|啊|呀|啦|吧|的)+$")


@dataclass(frozen=True)
class Ambiguous:
    choices: Mapping[str, tuple[str, ...]]  #: labels by bare word

    @classmethod
    def read(cls, text: str, known: Collection[str] = (), name: str = "ambiguous.csv") -> Ambiguous:
        """`known`: every label; empty means that they are not checked. Raises ConfigurationError naming the line."""
        reader = csv.reader(text.lstrip("\ufeff").splitlines())
        if next(reader, None) != _COLUMNS:
            raise ConfigurationError(f"{name} 的表头应为:{','.join(_COLUMNS)}。")
        choices: dict[str, tuple[str, ...]] = {}
        for row in filter(any, reader):
            where = f"{name} 第 {reader.line_num} 行"
            word, labels = _row(row, where)
            if word in choices:
                raise ConfigurationError(f"{where}:「{row[0]}」前面已经有了。")
            if unknown := [label for label in labels if known and label not in known]:
                raise ConfigurationError(f"{where}:没有 {'、'.join(unknown)} 这张卡片或任务。")
            choices[word] = labels
        return cls(choices)

    def offered(self, text: str) -> tuple[str, ...]:
        """The labels to choose from; () when the text says more than one of the words."""
        return self.choices.get(bare(text), ()) if len(text) <= _LONGEST else ()


def bare(text: str) -> str:
    """The word without what is said around it: "我家里进水了怎么办?" → "进水"."""
    plain = _MARKS.sub("", normalise(text).text)
    return _AFTER.sub("", _BEFORE.sub("", plain)) or plain


def _row(row: list[str], where: str) -> tuple[str, tuple[str, ...]]:
    if len(row) != len(_COLUMNS) or not row[0].strip():
        raise ConfigurationError(f"{where}:应有两列,都不能空。")
    labels = tuple(dict.fromkeys(label.strip() for label in row[1].split("|") if label.strip()))
    if not _LEAST <= len(labels) <= _MOST:
        raise ConfigurationError(f"{where}:「{row[0]}」要有 {_LEAST} 到 {_MOST} 个选项,用 | 隔开。")
    return bare(row[0]), labels
