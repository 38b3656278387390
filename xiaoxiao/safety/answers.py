"""The fixed answers to danger: texts from data/safety/, served without model, database or network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.detector import KINDS, Danger
from xiaoxiao.store.conversation import Answer, Button


@dataclass(frozen=True)
class FixedAnswer:
    kind: str
    variant: str
    card: str  #: id of the knowledge card that tells more
    hotlines: tuple[str, ...]  #: keys of the hotline table, the first to dial first
    handover: bool  #: a person must take the conversation over
    body: str
    question: str
    buttons: tuple[Button, ...]
    sources: tuple[str, ...]
    reviewed_by: str | None  #: who signed the text off; None: nobody yet


class Answers:
    """One text for each kind and variant; a variant without a text of its own gets that of its kind."""

    def __init__(
        self,
        answers: Mapping[tuple[str, str], FixedAnswer],
        local: Mapping[str, str],
        cards: Mapping[str, Button],
        person: tuple[Button, ...],
    ) -> None:
        self.all = answers
        self._local = local
        self._cards = cards
        self._person = person

    @classmethod
    def load(
        cls,
        folder: Path,
        local: Mapping[str, str] | None = None,
        cards: Mapping[str, Button] | None = None,
        person: tuple[Button, ...] = (),
    ) -> Answers:
        """Read every `<kind>[_<variant>].md`. Raises ConfigurationError naming the file.

        `local`: what to show for hotline keys that are no national number, such as
        {"gas_company": "燃气公司抢修 88881234"}; a key left out or empty is not shown.
        `cards`: the button that opens each knowledge card; `person`: what asks for a person. Both stand below
        the question: the conversation goes on with the card that tells more, or with somebody.
        """
        answers: dict[tuple[str, str], FixedAnswer] = {}
        for path in sorted(folder.glob("*.md")):
            fixed = read_answer(path)
            answers[fixed.kind, fixed.variant] = fixed
        missing = [kind for kind in KINDS if (kind, "") not in answers]
        if missing:
            raise ConfigurationError(f"{folder} 里缺固定答复:{'、'.join(f'{kind}.md' for kind in missing)}。")
        return cls(answers, local or {}, cards or {}, person)

    def fixed(self, danger: Danger) -> FixedAnswer:
        return self.all.get((danger.kind, danger.variant)) or self.all[danger.kind, ""]

    def answer(self, danger: Danger) -> Answer:
        """Number and first actions, then the short question with its buttons (plain text to be said)."""
        fixed = self.fixed(danger)
        numbers = [self._local[key] for key in fixed.hotlines if self._local.get(key)]
        return Answer("\n".join([fixed.body, *numbers, fixed.question]), self._buttons(fixed))

    def _buttons(self, fixed: FixedAnswer) -> tuple[Button, ...]:
        card = self._cards.get(fixed.card)
        person = () if fixed.handover else self._person  # one is on the way already
        return (*fixed.buttons, *((card,) if card else ()), *person)

    def handover(self, danger: Danger) -> bool:
        """Must a person take over now (suicide, a child in need, sexual violence)?"""
        return self.fixed(danger).handover


def read_answer(path: Path) -> FixedAnswer:
    """Raises ConfigurationError when the file is unreadable, lacks a field or has the wrong name."""
    try:
        post = frontmatter.load(str(path))
        fixed = _fixed(post.metadata, post.content.strip())
    except KeyError as error:
        raise ConfigurationError(f"固定答复 {path.name} 缺少 {error.args[0]}。") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"固定答复 {path.name} 写得不对:{error}") from error
    except Exception as error:  # PyYAML's own errors have no common base outside it
        raise ConfigurationError(f"固定答复 {path.name} 的开头(--- 之间)写得不对:{error}") from error
    _check(fixed, path)
    return fixed


def _fixed(fields: Mapping[str, Any], body: str) -> FixedAnswer:
    question = fields["question"]
    return FixedAnswer(
        kind=str(fields["kind"]),
        variant=str(fields.get("variant") or ""),
        card=str(fields["card"]),
        hotlines=tuple(str(key) for key in fields["hotlines"]),
        handover=bool(fields.get("handover", False)),
        body=body,
        question=str(question["text"]),
        buttons=tuple(Button(str(b["title"]), str(b["say"])) for b in question["buttons"]),
        sources=tuple(str(source["name"]) for source in fields["sources"]),
        reviewed_by=fields["reviewed"]["by"],
    )


def _check(fixed: FixedAnswer, path: Path) -> None:
    name = f"{fixed.kind}_{fixed.variant}" if fixed.variant else fixed.kind
    if fixed.kind not in KINDS:
        raise ConfigurationError(f"固定答复 {path.name} 的 kind 不在危险种类里:{fixed.kind}。")
    if path.stem != name:
        raise ConfigurationError(f"固定答复 {path.name} 应该叫 {name}.md(kind 和 variant 如此)。")
    shown = set(re.findall(r"\d+", fixed.body))
    missing = [key for key in fixed.hotlines if key.isdigit() and key not in shown]
    if missing or not fixed.hotlines:
        raise ConfigurationError(f"固定答复 {path.name} 的正文里没有它的号码 {'、'.join(missing)}。")
