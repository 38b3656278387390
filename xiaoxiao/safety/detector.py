"""Is somebody in danger? The trigger words speak first, scenes like the examples second; no server is asked.

Both must fail for a cry to go unheard, and both may be wrong: words that the scenes are sure mean nothing (a film,
a question of knowledge) are let go, and what no word told needs a clear likeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.lexicon import Rule, Words, read_rules, read_words
from xiaoxiao.safety.spelling import spell
from xiaoxiao.safety.vocabulary import Occurrences, Pairs, Vocabulary

if TYPE_CHECKING:
    from xiaoxiao.safety.scenes import Reading, Scenes

#: All kinds, in order of precedence: when a message holds several, the scene that would also kill the helper
#: comes first (fire before the unconscious man in it), then the specific (choking) before the general.
KINDS = (
    *("fire", "gas", "electric", "drowning", "suicide", "minor_crisis", "violence", "poisoning"),
    *("traffic", "choking", "bleeding", "trapped", "other", "cardiac", "missing_child", "fraud_in_progress"),
)

GAP = 12  #: characters between the parts of a pattern joined by "+"
#: How clearly a message must look like danger (Reading.danger, −1 to 1) when no trigger word was found, …
THRESHOLD = 0.2
#: … when it is likely despair or a child in need, to whom a needless kind word does no harm, …
THRESHOLD_OF_DESPAIR = 0.05
#: … when it is over, unreal or a question of knowledge, …
_SCENE = 5  #: characters of a message that can tell of a scene; 小孩呢 or 煤气 alone resembles everything
THRESHOLD_IN_CONTEXT = 0.4
#: … and below which trigger words are let go, unless they are strong ("!") or tell of now.
#: All from `python -m bench.danger_validation`; what they cost is in docs/architecture.md.
LET_GO = -0.6
#: Probability from which the kind of a scene is said; below, the answer asks what has happened.
SURE = 0.5
DESPAIR = frozenset({"suicide", "minor_crisis"})
UNCLEAR = ("other", "unclear")  #: what a scene is taken for: the answer asks what has happened
_MASK = "□"
#: Sections of not_danger.txt, explained there
_CONTEXTS = ("mask", "denial", "unreal", "over", "question", "now")


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


class Detector:
    """Load once, ask for every message. Knows no model and no database."""

    def __init__(self, rules: Iterable[Rule], contexts: Mapping[str, Words]) -> None:
        self._contexts = {name: contexts.get(name, frozenset()) for name in _CONTEXTS}
        self._scenes: Scenes | None = None
        self._denials = tuple(self._contexts["denial"])
        self._masks = Vocabulary(self._contexts["mask"])
        self._anchored: dict[str, list[Rule]] = {}
        self.variants: set[tuple[str, str]] = {UNCLEAR}  #: every (kind, variant) that may be found
        vocabulary: set[str] = set().union(*self._contexts.values())
        for rule in rules:
            vocabulary.update(rule.unless, *rule.parts)
            for word in rule.parts[0]:
                self._anchored.setdefault(word, []).append(rule)
            self.variants.add((rule.kind, rule.variant))
        self._anchors = frozenset(self._anchored)
        self._vocabulary = Vocabulary(vocabulary)

    @classmethod
    def load(cls, folder: Path, cache: Path | None = None) -> Detector:
        """Read `<kind>.txt`, `words.txt`, `not_danger.txt` and, if there, `examples.jsonl`.

        The first start after the examples changed fits them, some ten seconds; the result is kept in the folder
        `cache`. Raises ConfigurationError in a sentence.
        """
        detector = cls.load_words(folder)
        detector._scenes = _scenes(folder / "examples.jsonl", cache)
        return detector

    @classmethod
    def load_words(cls, folder: Path) -> Detector:
        """The trigger words alone."""
        lists = read_words(folder / "words.txt")
        contexts = read_words(folder / "not_danger.txt")
        unknown = sorted(set(contexts) - set(_CONTEXTS))
        if unknown:
            raise ConfigurationError(
                f"not_danger.txt 里没有 [{unknown[0]}] 这种小节,只有:{'、'.join(_CONTEXTS)}。"
            )
        rules = [rule for kind in KINDS for rule in read_rules(folder / f"{kind}.txt", lists)]
        return cls(rules, contexts)

    def detect(self, text: str) -> Danger | None:
        """The most lethal danger the message speaks of, or None. Never raises, whatever the text is."""
        heard = self.hear(text)
        said = sum(character.isalnum() for character in text)
        reading = self._scenes.read(text) if self._scenes and said else None
        if heard.hits:
            return _said(heard, reading)
        return _resembling(reading, heard.in_context) if said >= _SCENE else None

    def hear(self, text: str) -> Heard:
        """What the trigger words find."""
        plain = spell(text).strip(",。")
        spelled = f"^{plain}$"
        pairs = Pairs(spelled)
        spelled = self._mask(spelled, pairs)
        found = self._vocabulary.find(spelled, pairs)
        unreal, weak = self._speaks_of("unreal", found), self._counts_only_strong(found)
        heard = [] if unreal else list(self._hits(spelled, found, weak))
        hits = sorted((hit for hit in heard if not hit.denied), key=lambda hit: hit.order)
        return Heard(hits, unreal or weak or bool(heard), self._speaks_of("now", found))

    def _mask(self, text: str, pairs: Pairs) -> str:
        """Blot out words that only sound like danger (打火机, 跳楼价), longest first."""
        for word in sorted(self._masks.find(text, pairs).words, key=len, reverse=True):
            text = text.replace(word, _MASK * len(word))
        return text

    def _speaks_of(self, context: str, found: Occurrences) -> bool:
        return not self._contexts[context].isdisjoint(found.words)

    def _counts_only_strong(self, found: Occurrences) -> bool:
        """Over and done, or a question of knowledge, the past, a joke: unless something happens now."""
        if self._speaks_of("over", found):
            return True
        return self._speaks_of("question", found) and not self._speaks_of("now", found)

    def _hits(self, text: str, found: Occurrences, only_strong: bool) -> Iterator[Hit]:
        done: set[int] = set()  # one hit a rule is enough
        for anchor in sorted(found.words & self._anchors):
            for rule in self._anchored[anchor]:
                if (
                    id(rule) in done
                    or (only_strong and not rule.strong)
                    or not _is_possible(rule, found.words)
                ):
                    continue
                matches = [replace(h, denied=self._is_denied(text, h)) for h in _match(rule, anchor, found)]
                if matches:
                    best = min(matches, key=lambda hit: hit.denied)
                    if not best.denied:
                        done.add(id(rule))
                    yield best

    def _is_denied(self, text: str, hit: Hit) -> bool:
        """没有着火, 不是煤气漏了: a denial stands immediately before; 是不是着火了 is no denial."""
        before = text[max(0, hit.start - 4) : hit.start]
        return before.endswith(self._denials) and "是不是" not in before


def _said(heard: Heard, reading: Reading | None) -> Danger | None:
    """What the trigger words tell, unless the scenes are sure that nobody is in danger."""
    if reading is not None and is_let_go(heard, reading):
        return None
    first = heard.hits[0].rule
    return Danger(first.kind, first.variant, tuple(dict.fromkeys(map(str, heard.hits))))


def is_let_go(heard: Heard, reading: Reading) -> bool:
    return reading.danger < LET_GO and not heard.now and not any(hit.rule.strong for hit in heard.hits)


def _resembling(reading: Reading | None, in_context: bool) -> Danger | None:
    if reading is None or reading.danger < threshold(reading, in_context):
        return None
    likely = f"resembles examples ({reading.danger:.2f}), {reading.kind} {reading.share:.0%}"
    kind, variant = (reading.kind, "") if reading.share >= SURE and reading.kind != "other" else UNCLEAR
    return Danger(kind, variant, (f"{kind}/{variant}: {likely}" if variant else f"{kind}: {likely}",))


def threshold(reading: Reading, in_context: bool) -> float:
    if in_context:
        return THRESHOLD_IN_CONTEXT
    despair = reading.kind in DESPAIR and reading.share >= SURE
    return THRESHOLD_OF_DESPAIR if despair else THRESHOLD


def _is_possible(rule: Rule, words: Words) -> bool:
    return not any(part.isdisjoint(words) for part in rule.parts[1:]) and rule.unless.isdisjoint(words)


def _match(rule: Rule, anchor: str, found: Occurrences) -> Iterator[Hit]:
    choices = [sorted(part & found.words) for part in rule.parts[1:]]
    for place in found.places(anchor):
        words = [anchor]
        for choice, near in zip(choices, rule.near, strict=True):
            end = place + len(anchor)
            word = next((w for w in choice if not near or found.near(w, place, end, GAP)), None)
            if word is None:
                break
            words.append(word)
        else:
            yield Hit(rule, place, "+".join(words).strip("^$"))


def _scenes(path: Path, cache: Path | None) -> Scenes | None:
    if not path.exists():
        return None
    from xiaoxiao.language.encoder import shared_encoder  # numpy and 150 MB: only for those who ask
    from xiaoxiao.safety.scenes import Scenes

    return Scenes.load(path, shared_encoder("use"), cache)
