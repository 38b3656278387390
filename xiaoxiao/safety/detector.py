"""Is somebody in danger? The trigger words speak first, scenes like the examples second; no server is asked.

Both must fail for a cry to go unheard, and both may be wrong: words that the scenes are sure mean nothing (a film,
a question of knowledge) are let go, and what no word told needs a clear likeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.judgement import KINDS, UNCLEAR, Danger, Heard, Hit, resembling, said
from xiaoxiao.safety.lexicon import Rule, Words, read_rules, read_words
from xiaoxiao.safety.spelling import spell
from xiaoxiao.safety.vocabulary import Occurrences, Pairs, Vocabulary

if TYPE_CHECKING:
    from xiaoxiao.safety.scenes import Scenes

__all__ = ["KINDS", "Danger", "Detector"]

GAP = 12  #: characters between the parts of a pattern joined by "+"
_SCENE = 5  #: characters of a message that can tell of a scene; 小孩呢 or 煤气 alone resembles everything
_MASK = "□"
#: Sections of not_danger.txt, explained there
_CONTEXTS = ("mask", "denial", "unreal", "over", "question", "now")


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
        if not heard.hits and sum(character.isalnum() for character in text) < _SCENE:
            return None
        reading = self._scenes.read(text) if self._scenes else None
        return said(heard, reading) if heard.hits else resembling(reading, heard.in_context)

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
