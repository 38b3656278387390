"""Whether she reports, complains or suggests, in plain words: 我要投诉, 这是举报, 建议……"""

from __future__ import annotations

import re

from xiaoxiao.forms.form import GONE, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.words import bare
from xiaoxiao.store.case import CaseType

_WORDS = {
    CaseType.COMPLAINT: r"投诉|诉求",
    CaseType.SUGGESTION: r"(?:提个?|有个?)?(?:建议|意见)|网络问政",
    CaseType.REPORT: r"(?:实名|匿名)?(?:举报|爆个?料|报料|检举|告发|隐患)",
}
_SAID = "|".join(f"(?P<{kind.value}>{words})" for kind, words in _WORDS.items())
#: 不是举报,是投诉: the last one is meant
_RATHER = re.compile(rf"(?:{'|'.join(_WORDS.values())})(?:而|应该|就)*(?:是|算)(?:{_SAID})$")
#: at the beginning, so that 投诉过好几次没人管 is told of a report, too
_FIRST = re.compile(
    r"^(?:你好|您好|喂|在吗|[\W_])*(?:我们?|这|那|它|其实|应该|就|件事?)*(?:是要|是想|要|想|来|是|算|属于)*(?:一?个|一下|类)?"
    rf"(?:{_SAID})(?!过|电话|热线|无门|没|不|中心)"
)
#: characters of an answer that names the kind and nothing else
_BRIEF = 10
#: characters beside the kind that tell what happened
_TELLS = 4


def told_kind(plain: str) -> CaseType | None:
    """The kind a sentence begins with."""
    found = _FIRST.match(plain)
    return CaseType(found.lastgroup) if found and found.lastgroup else None


def with_kind(said: Said, values: Values) -> Values:
    """The kind her words begin with, unless she has said it before."""
    kind = told_kind(said.plain)
    return {"type": kind.value} if kind and "type" not in values else {}


async def recognise_kind(said: Said, values: Values) -> Values | None:
    """Nothing but the kind: 这是投诉."""
    if rather := _rather(bare(said.plain)):
        return _is(rather)
    found = _FIRST.match(said.plain)
    if found is None or len(bare(said.plain[found.end() :])) >= _TELLS or len(bare(said.plain)) > _BRIEF:
        return None
    return _is(CaseType(found.lastgroup))


async def read_kind(said: Said, values: Values) -> Values | None:
    """The answer to the question which it is."""
    words = bare(said.plain)
    if rather := _rather(words):
        return _is(rather)
    kinds = [kind for kind, told in _WORDS.items() if re.search(told, words)]
    return _is(kinds[0]) if len(kinds) == 1 and len(words) <= _BRIEF else None


def _rather(words: str) -> CaseType | None:
    found = _RATHER.search(words) if len(words) <= _BRIEF else None
    return CaseType(found.lastgroup) if found else None


def _is(kind: CaseType) -> Values:
    return {"type": kind.value, "retype": GONE}
