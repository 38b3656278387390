"""Notices: what 小小 says on her own, without the dialogue engine (data/notices.yml)."""

from __future__ import annotations

from collections.abc import Mapping
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
        "topic_closed",
        "emergency",
        "emergency_noted",
        "emergency_unnoted",
        *(f"case_{name}" for name in CASE_NAMES),
        *(f"state_{name}" for name in CASE_STATES),
        *(f"type_{name}" for name in CASE_TYPES),
        *(f"reward_{name}" for name in ("approved", "paid", "expired")),
        *("useful_thanks", "useless_sorry", "rated_thanks", "rated_sorry", "rated_reopened"),
        *("my_data", "my_data_none", "my_data_expired", "my_data_erased"),
        *(f"kept_{name}" for name in ("open_cases", "case_files", "rewards", "trail")),
    }
)
#: What the code fills in itself.
FACTS = (
    *("place", "title", "hotlines", "banner", "note"),
    *("number", "type", "state", "due", "answer", "what", "list", "amount", "claim_by"),
    *("messages", "answers", "media", "cases", "ratings", "events", "kept", "token"),
)


class Notices:
    def __init__(self, answers: Mapping[str, Answer], facts: Mapping[str, str]) -> None:
        self._answers = answers
        self._facts = facts

    @classmethod
    def load(cls, path: Path, facts: Mapping[str, str]) -> Notices:
        """Read the file; `facts` fill the braces. Raises ConfigurationError naming what is missing."""
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf-8"))["notices"]
            answers = {name: _answer(entry) for name, entry in entries.items()}
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as problem:
            raise ConfigurationError(f"{path}:{problem}") from problem
        if missing := NAMES - answers.keys():
            raise ConfigurationError(f"{path} 缺少:{'、'.join(sorted(missing))}")
        notices = cls(answers, facts)
        for name in answers:  # a wrong brace must stop the start, not a citizen's answer
            notices.answer(name, **dict.fromkeys(FACTS, ""))
        return notices

    def answer(self, name: str, **facts: str) -> Answer:
        """`facts` stand for {name} in the text and for $name in what a button says."""
        found = self._answers[name]
        try:
            text = found.text.format_map({**self._facts, **facts})
            buttons = tuple(
                Button(b.title, Template(b.payload).safe_substitute(facts)) for b in found.buttons
            )
            return Answer(text, buttons, found.link)
        except KeyError as problem:
            raise ConfigurationError(f"notices.yml 的 {name} 用了 persona.yml 没有的 {problem}") from problem
        except (ValueError, IndexError, AttributeError, TypeError) as problem:
            raise ConfigurationError(f"notices.yml 的 {name} 里花括号写得不对:{problem}") from problem

    def text(self, name: str) -> str:
        return self.answer(name).text


def _answer(entry: Mapping[str, Any]) -> Answer:
    buttons = tuple(Button(b["title"], b["say"]) for b in entry.get("buttons", ()))
    return Answer(str(entry["text"]).strip(), buttons, entry.get("link"))
