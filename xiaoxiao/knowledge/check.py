"""What is wrong with the knowledge cards, in sentences for those who write them (`xiaoxiao knowledge check`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.cards import Card, CardError, Cards, card_files, load_card
from xiaoxiao.knowledge.hotlines import Hotlines
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.knowledge.render import LIMIT, render_text

QUESTIONS = 40  #: per card: below this, accuracy on unseen questions drops (docs/accuracy.md)
STEPS, DONTS = 5, 3
_NEAR = 0.9  #: share of common character pairs from which two questions count as the same
#: 3 digits or 5–6 as service numbers have them, or a telephone number; not within a longer number or a decimal
_NUMBER_LIKE = re.compile(
    r"(?<![\d.+-])(?:1[12]\d|999|9[56]\d{3,4}|12\d{3}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})(?![\d.])"
)
_DENIAL = re.compile(r"不要|切勿|请勿|^[别勿]")
_UNIT = re.compile(
    r"\s*(?:次|毫|厘|分米|米|公里|元|万|人|天|小时|分钟|秒|度|℃|%|~|–|克|斤|级|岁|毫升|升|伏|mm|cm|kg|g\b|ml)"
)


@dataclass(frozen=True)
class Finding:
    card: str  #: file or card id
    problem: str

    def __str__(self) -> str:
        return f"{self.card}:{self.problem}"


def check_folder(
    root: Path,
    hotlines: Hotlines,
    dangers: Collection[str] = (),
    *,
    tasks: Mapping[str, str] | None = None,
    questions: int = QUESTIONS,
) -> list[Finding]:
    """Everything wrong below data/knowledge.

    `dangers`: the known kinds, empty means they are not checked; `tasks`: examples of data/nlu and their intents,
    which no card may claim as its question.
    """
    cards, findings = _load(root)
    findings += list(claimed_by_tasks(cards.values(), tasks or {}))
    for card in cards.values():
        findings += [Finding(card.id, problem) for problem in _problems(card, hotlines, dangers, questions)]
    return findings + list(near_duplicates(cards.values()))


def _load(root: Path) -> tuple[Cards, list[Finding]]:
    cards: list[Card] = []
    findings: list[Finding] = []
    for path in card_files(root):
        try:
            cards.append(load_card(path))
        except (CardError, ConfigurationError) as error:
            findings.append(Finding(path.stem, str(error)))
    ids = [card.id for card in cards]
    findings += [Finding(i, "编号重复。") for i in sorted({i for i in ids if ids.count(i) > 1})]
    return Cards(cards), findings


def _problems(card: Card, hotlines: Hotlines, dangers: Collection[str], least: int) -> Iterator[str]:
    if len(set(card.questions)) < least:
        yield f"只有 {len(set(card.questions))} 个不同的问法,至少要 {least} 个(场景、口语、错别字都要有)。"
    if not card.steps:
        yield "没有编号的步骤。"
    if len(card.steps) > STEPS:
        yield f"有 {len(card.steps)} 步,最多 {STEPS} 步。"
    if len(card.donts) > DONTS:
        yield f"「千万不要」有 {len(card.donts)} 条,最多 {DONTS} 条。"
    for dont in card.donts:
        if _DENIAL.search(dont):  # read after 「千万不要:」 it would say the opposite
            yield f"「千万不要」里的「{dont}」又说了一遍不要,读起来意思反了。"
    if (length := len(render_text(card, hotlines))) > LIMIT:
        yield f"微信文字有 {length} 字,最多 {LIMIT} 字。"
    for key in card.hotlines:
        if key not in hotlines:
            yield f"热线 {key} 不在 data/hotlines.csv 里。"
        elif hotlines[key].callable == "no":
            yield f"热线 {key} 只发短信,不能拨打,不要列为热线。"
    if card.danger and dangers and card.danger not in dangers:
        yield f"危险种类 {card.danger} 不认识,可用:{'、'.join(dangers)}。"
    known = hotlines.numbers()
    for number in dict.fromkeys(numbers_in(" ".join((card.lead, *card.steps, *card.donts)))):
        if number not in known:
            yield f"正文里的 {number} 不在热线表里:号码请写进 data/hotlines.csv 再用。"


def numbers_in(text: str) -> Iterator[str]:
    """What looks like a number to dial; quantities (120次, 110厘米) are none."""
    for match in _NUMBER_LIKE.finditer(text):
        if not _UNIT.match(text, match.end()):
            yield match.group()


def near_duplicates(cards: Iterable[Card]) -> Iterator[Finding]:
    """Questions that stand in two cards, alike or nearly: the model cannot tell them apart."""
    listed = [(card.id, q, _pairs(q)) for card in cards for q in dict.fromkeys(card.questions)]
    by_pair: dict[str, list[int]] = {}
    for place, (_, _, pairs) in enumerate(listed):
        for pair in pairs:
            by_pair.setdefault(pair, []).append(place)
    for place, (card, question, pairs) in enumerate(listed):
        rarest = sorted(pairs, key=lambda pair: len(by_pair[pair]))[: max(1, len(pairs) // 4 + 1)]
        for other in sorted({o for pair in rarest for o in by_pair[pair] if o > place}):
            other_card, other_question, other_pairs = listed[other]
            if card != other_card and _alike(pairs, other_pairs):
                yield Finding(
                    card, f"「{question}」与 {other_card} 的「{other_question}」几乎一样,只能留在一张卡里。"
                )


def claimed_by_tasks(cards: Iterable[Card], tasks: Mapping[str, str]) -> Iterator[Finding]:
    """Questions that data/nlu teaches as a task: `rasa data validate` refuses them as well."""
    known = {_letters(text): intent for text, intent in tasks.items()}
    for card in cards:
        for question in card.questions:
            if intent := known.get(_letters(question)):
                yield Finding(card.id, f"「{question}」已是 data/nlu 里 {intent} 的例句,只能留一处。")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", normalise(text).text.lower())


def _pairs(text: str) -> frozenset[str]:
    letters = _letters(text)
    return frozenset(letters[i : i + 2] for i in range(max(1, len(letters) - 1)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _NEAR * len(one | other)
