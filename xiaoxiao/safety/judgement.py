"""What is made of a message: the trigger words' hits against the scenes' reading.

All thresholds are from `python -m bench.danger_validation`; what they cost is in docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaoxiao.safety.lexicon import Rule

if TYPE_CHECKING:
    from xiaoxiao.safety.scenes import Reading

#: All kinds, in order of precedence: when a message holds several, the scene that would also kill the helper
#: comes first (fire before the unconscious man in it), then the specific (choking) before the general.
KINDS = (
    *("fire", "gas", "electric", "drowning", "suicide", "minor_crisis", "violence", "poisoning"),
    *("traffic", "choking", "bleeding", "trapped", "other", "cardiac", "missing_child", "fraud_in_progress"),
)

#: How clearly a message must look like danger (Reading.danger, −1 to 1) when no trigger word was found: little when
#: one kind stands out (SURE), …
THRESHOLD = 0.1
#: … less when that is despair or a child in need, to whom a needless kind word does no harm, …
THRESHOLD_OF_DESPAIR = -0.05
#: … more when it resembles a bit of every kind, as told hazards and ailments do, …
THRESHOLD_UNSURE = 0.3
#: … when it is over, unreal or a question of knowledge, …
THRESHOLD_IN_CONTEXT = 0.4
#: … and below which trigger words are let go, unless they are strong ("!") or tell of now.
LET_GO = -0.6
SURE = 0.5  #: probability from which one kind stands out
#: Probability from which the kind of a scene is said; below, the answer asks what has happened.
SAID = 0.35
#: Probability from which the scenes' kind is believed rather than that of the words …
OVERRULES = 0.7
#: … unless the words tell of what would also kill the helper.
DEADLY_TO_HELPERS = frozenset({"fire", "gas", "electric", "drowning"})
DESPAIR = frozenset({"suicide", "minor_crisis"})
UNCLEAR = ("other", "unclear")  #: what a scene is taken for: the answer asks what has happened


@dataclass(frozen=True)
class Danger:
    kind: str
    variant: str  #: "" or a variant of the kind: which fixed answer fits
    evidence: tuple[str, ...]  #: "kind/variant: words", the reason first, then all else that was found


@dataclass(frozen=True)
class Hit:
    rule: Rule
    start: int
    words: str
    denied: bool = False  #: 没有着火

    @property
    def order(self) -> tuple[int, int, str]:
        is_bare_cry = (self.rule.kind, self.rule.variant) == ("other", "")  # 救命 says nothing of the scene
        return len(KINDS) if is_bare_cry else KINDS.index(self.rule.kind), self.rule.rank, self.words

    def __str__(self) -> str:
        name = f"{self.rule.kind}/{self.rule.variant}" if self.rule.variant else self.rule.kind
        return f"{name}: {self.words}"


@dataclass(frozen=True)
class Heard:
    """What the trigger words tell."""

    hits: list[Hit]  #: the deadliest first
    in_context: bool  #: denied, over, unreal or a question of knowledge
    now: bool  #: something is happening now: the words count, whatever the scenes say


def said(heard: Heard, reading: Reading | None) -> Danger | None:
    """What the trigger words tell, unless the scenes are sure that nobody is in danger."""
    if reading is not None and is_let_go(heard, reading):
        return None
    kind, variant, reason = _likeliest(heard.hits, reading)
    return Danger(kind, variant, tuple(dict.fromkeys([*reason, *map(str, heard.hits)])))


def _likeliest(hits: Sequence[Hit], reading: Reading | None) -> tuple[str, str, list[str]]:
    """(kind, variant, reason if it is no word): what the words say or, where the scenes know better, those."""
    first = hits[0].rule
    if reading is None or not overrules(reading, first):
        return first.kind, first.variant, []
    named = next((hit for hit in hits if hit.rule.kind == reading.kind), None)
    if named is not None:
        return reading.kind, named.rule.variant, [str(named)]
    return reading.kind, "", [f"{reading.kind}: {_likeness(reading)}"]


def overrules(reading: Reading, first: Rule) -> bool:
    """脸紫了 speaks of the heart, 吃年糕脸紫了 of choking; 救命 alone says nothing of the scene."""
    if (first.kind, first.variant) == ("other", ""):
        return reading.share >= SURE and reading.kind != "other"
    if first.kind in DEADLY_TO_HELPERS and reading.kind not in DEADLY_TO_HELPERS:
        return False
    return reading.share >= OVERRULES and reading.kind != first.kind


def is_let_go(heard: Heard, reading: Reading) -> bool:
    return reading.danger < LET_GO and not heard.now and not any(hit.rule.strong for hit in heard.hits)


def resembling(reading: Reading | None, in_context: bool) -> Danger | None:
    if reading is None or reading.danger < threshold(reading, in_context):
        return None
    kind, variant = (reading.kind, "") if reading.share >= SAID and reading.kind != "other" else UNCLEAR
    name = f"{kind}/{variant}" if variant else kind
    return Danger(kind, variant, (f"{name}: {_likeness(reading)}",))


def _likeness(reading: Reading) -> str:
    return f"resembles examples ({reading.danger:.2f}), {reading.kind} {reading.share:.0%}"


def threshold(reading: Reading, in_context: bool) -> float:
    if in_context:
        return THRESHOLD_IN_CONTEXT
    if reading.share < SURE:
        return THRESHOLD_UNSURE
    return THRESHOLD_OF_DESPAIR if reading.kind in DESPAIR else THRESHOLD
