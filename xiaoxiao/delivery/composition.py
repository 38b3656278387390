"""Packing answers into what WeChat carries: texts of at most 2,000 bytes of UTF-8, buttons as numbered links.

The limit is not documented; 2,047 bytes went through and 2,048 did not, by the community's measurements.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from xiaoxiao.delivery.cutting import cut, size
from xiaoxiao.store.conversation import Answer, Button, Outgoing

LIMIT = 2000
_BETWEEN = "\n\n"
#: what would end the link or its query early is said full-width, which people read the same
_HARMLESS = str.maketrans(
    {'"': "”", "'": "’", "<": "＜", ">": "＞", "&": "＆", "#": "＃", "%": "％", "+": "＋", "\n": " "}
)


@dataclass(frozen=True)
class Packed:
    """What one passive reply carries; a Composition of the store."""

    text: str = ""
    carried: tuple[int, ...] = ()
    remaining: Mapping[int, int] = field(default_factory=dict)
    choices: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Part:
    """A beginning of an answer that fits one message."""

    answer: Answer
    taken: int  #: characters of the whole answer's text
    last: bool


def pack(rows: Sequence[Outgoing], *, hint: str = "", limit: int = LIMIT) -> Packed:
    """One passive reply from as many rows as fit, in their order; the first that does not fit is cut.

    `hint` ends the reply when something remains ("回复任意字继续"); "" when the rest follows by itself. A row is
    cut within a sentence only if the reply would be empty otherwise.
    """
    packed = _fill(rows, limit)
    if len(packed.carried) == len(rows) or not hint:
        return packed
    shorter = _fill(rows, limit - size(_BETWEEN + hint))
    return replace(shorter, text=f"{shorter.text}{_BETWEEN}{hint}") if shorter.text else shorter


def first_part(answer: Answer, *, limit: int = LIMIT) -> Part:
    """The beginning of an answer for a customer-service message; buttons and link go with the last part."""
    if size(render(answer, limit=limit)) <= limit:
        return Part(answer, len(answer.text), last=True)
    taken = cut(answer.text, limit)
    return Part(Answer(answer.text[:taken]), taken, last=False)


def split(answer: Answer, *, limit: int = LIMIT) -> list[Answer]:
    """All the messages an answer needs; their texts together are its text."""
    part = first_part(answer, limit=limit)
    if part.last:
        return [part.answer]
    return [part.answer, *split(replace(answer, text=answer.text[part.taken :]), limit=limit)]


def render(answer: Answer, *, first: int = 1, limit: int = LIMIT) -> str:
    """As text: what is said, the link, the buttons numbered from `first`.

    Buttons too many for any message lose their links (the numbers can still be typed), then the last of them.
    """
    tail = _tail(answer, first, limit)
    return "\n".join(line for line in (answer.text.strip(), *tail) if line)


def _tail(answer: Answer, first: int, limit: int) -> list[str]:
    """The lines below the text; together never more than `limit` bytes."""
    link = [answer.link] if answer.link else []
    numbered = list(enumerate(answer.buttons, first))
    linked = [*link, *(menu_link(button, number) for number, button in numbered)]
    if size("\n".join(linked)) <= limit:
        return linked
    plain = [*link, *(f"{number}. {_clean(button.title)}" for number, button in numbered)]
    while plain and size("\n".join(plain)) > limit:
        plain.pop()
    return plain


def menu_link(button: Button, number: int) -> str:
    """A tap says the title in her name and brings menu_id(button) along (`bizmsgmenuid`)."""
    title = _clean(button.title)
    href = f"weixin://bizmsgmenu?msgmenucontent={title}&msgmenuid={menu_id(button)}"
    return f'<a href="{href}">{number}. {title}</a>'


def menu_id(button: Button) -> str:
    """The same wherever and whenever the button is shown: an old tap is never taken for a new option."""
    return hashlib.sha256(f"{button.title}\n{button.payload}".encode()).hexdigest()[:8]


def chosen(choices: Sequence[Button], said: str, tapped: str | None = None) -> Button | None:
    """The offered option meant by a tap (its menu id), a typed number or the typed title; None: none of them."""
    if tapped:
        return next((button for button in choices if menu_id(button) == tapped), None)
    plain = unicodedata.normalize("NFKC", said).strip().rstrip(".。、,)")
    if plain.isdecimal() and plain.isascii() and len(plain) < 4:
        number = int(plain)
        return choices[number - 1] if 1 <= number <= len(choices) else None
    return next((button for button in choices if said.strip() in (button.title, _clean(button.title))), None)


def _fill(rows: Sequence[Outgoing], limit: int) -> Packed:
    texts: list[str] = []
    carried: list[int] = []
    choices: list[Button] = []
    for row in rows:
        room = limit - (size(_BETWEEN.join(texts) + _BETWEEN) if texts else 0)
        whole = render(row.rest, first=len(choices) + 1, limit=limit)
        if size(whole) > room:
            start = _beginning(row, room, alone=not texts)
            texts += [start[1]] if start[0] else []
            remaining = {row.id: start[0] + row.carried} if start[0] else {}
            return Packed(_BETWEEN.join(texts), tuple(carried), remaining, tuple(choices))
        texts += [whole] if whole else []
        carried.append(row.id)
        choices += row.rest.buttons
    return Packed(_BETWEEN.join(texts), tuple(carried), {}, tuple(choices))


def _beginning(row: Outgoing, room: int, *, alone: bool) -> tuple[int, str]:
    text = row.rest.text
    taken = cut(text, room, whole_sentences=not alone) if room > 0 else 0
    return taken, text[:taken].strip()


def _clean(title: str) -> str:
    return title.translate(_HARMLESS).strip()
