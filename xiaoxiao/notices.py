"""Notices: what 小小 says on her own, without the dialogue engine (data/notices.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import Any

import yaml

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.store.conversation import Answer, Button

CASE_STATES = (
    *("received", "accepted", "assigned", "in_progress", "answered"),
    *("closed", "rejected", "merged", "reopened", "withdrawn"),
)
CASE_TYPES = ("report", "complaint", "suggestion", "service")
#: case_<state> tells of a change; received and withdrawn are answers to her own act
CASE_NAMES = (
    *("filed", "filed_attached", "filed_repeated", "added", "extended", "not_found"),
    *("progress", "progress_line", "progress_none"),
    *(state for state in CASE_STATES if state != "received"),
)

#: Every notice the code asks for; each must exist in data/notices.yml.
NAMES = frozenset(
    {
        "welcome",
        "person_has_it",
        "image_kept",
        "video_kept",
        "location_kept",
        "voice_kept",
        "link_kept",
        "unknown_kept",
        "blank",
        "busy",
        "engine_down",
        "too_fast",
        "not_on_menu",
        "more",
        "nothing_more",
        "danger_goes_on",
        "topic_closed",
        "emergency",
        "emergency_noted",
        "emergency_unnoted",
        *(f"case_{name}" for name in CASE_NAMES),
        *(f"state_{name}" for name in CASE_STATES),
        *(f"type_{name}" for name in CASE_TYPES),
        *(f"reward_{name}" for name in ("approved", "paid", "expired")),
        *(f"reward_line_{name}" for name in ("approved", "claimed", "paid", "expired")),
        *("useful_ask", "useful_thanks", "useless_sorry", "rated_thanks", "rated_sorry", "rated_reopened"),
        *("my_data", "my_data_none", "my_data_expired", "my_data_erased"),
        *(f"kept_{name}" for name in ("open_cases", "case_files", "rewards", "trail")),
    }
)
#: What the code fills in itself.
FACTS = (
    *("place", "title", "hotlines", "banner", "note"),
    *("number", "type", "state", "due", "answer", "what", "list", "amount", "claim_by"),
    *("messages", "answers", "media", "cases", "ratings", "events", "kept", "token", "topic"),
)


_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z]\w*)\}")


class Notices:
    def __init__(self, answers: Mapping[str, Answer], facts: Mapping[str, str]) -> None:
        self._answers = answers
        self._facts = facts

    @classmethod
    def load(cls, path: Path, facts: Mapping[str, str]) -> Notices:
        """Read the file and those of the folder beside it (notices/*.yml, for forms and queries).

        `facts` fill the braces. Raises ConfigurationError naming what is missing.
        """
        answers: dict[str, Answer] = {}
        known = set(FACTS)
        for part in (path, *sorted(path.with_suffix("").glob("*.yml"))):
            found, own = _read(part)
            if twice := answers.keys() & found:
                raise ConfigurationError(f"{part} 里又有一次:{'、'.join(sorted(twice))}")
            answers |= found
            known |= own
        if missing := NAMES - answers.keys():
            raise ConfigurationError(f"{path} 缺少:{'、'.join(sorted(missing))}")
        notices = cls(answers, facts)
        for name in answers:  # a wrong brace must stop the start, not a citizen's answer
            notices.answer(name, **dict.fromkeys(known, ""))
        return notices

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._answers)

    def filled(self, name: str, /, **facts: str) -> Answer:
        """As `answer`, but what is not known takes its line with it."""
        found = self._answers[name]
        known = {**self._facts, **facts}
        lines = [
            line
            for line in found.text.split("\n")
            if all(known.get(word) for word in _PLACEHOLDER.findall(line))
        ]
        kept = replace(found, text="\n".join(lines))
        return _fill(name, kept, known, facts)

    def answer(self, name: str, /, **facts: str) -> Answer:
        """`facts` stand for {name} in the text and for $name in what a button says."""
        return _fill(name, self._answers[name], {**self._facts, **facts}, facts)

    def text(self, name: str) -> str:
        return self.answer(name).text


def _fill(name: str, found: Answer, words: Mapping[str, str], facts: Mapping[str, str]) -> Answer:
    try:
        text = found.text.format_map(words)
        buttons = tuple(Button(b.title, Template(b.payload).safe_substitute(facts)) for b in found.buttons)
        return Answer(text, buttons, found.link)
    except KeyError as problem:
        raise ConfigurationError(f"提示语 {name} 用了没有的 {problem}") from problem
    except (ValueError, IndexError, AttributeError, TypeError) as problem:
        raise ConfigurationError(f"提示语 {name} 里花括号写得不对:{problem}") from problem


def _read(path: Path) -> tuple[dict[str, Answer], set[str]]:
    """The notices of a file, and the words the code fills in for them."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        answers = {name: _answer(entry) for name, entry in content["notices"].items()}
        return answers, set(content.get("facts", ()))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as problem:
        raise ConfigurationError(f"{path}:{problem}") from problem


def _answer(entry: Mapping[str, Any]) -> Answer:
    buttons = tuple(Button(b["title"], b["say"]) for b in entry.get("buttons", ()))
    return Answer(str(entry["text"]).strip(), buttons, entry.get("link"))
