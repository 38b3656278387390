"""What a message tells of a report: what happened, where, when, whom to call."""

from __future__ import annotations

import re

from xiaoxiao.forms.evidence import LOOSE, with_voice
from xiaoxiao.forms.form import Misread, Values
from xiaoxiao.forms.happened import find_when
from xiaoxiao.forms.happened import read_when as when_told
from xiaoxiao.forms.kinds import with_kind
from xiaoxiao.forms.reaching import find_reach
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.whereabouts import find_place, fits_place, put_right
from xiaoxiao.forms.words import Words, bare
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.places import Places
from xiaoxiao.queries.positions import Position

_SHORTEST = 4  #: characters that say what happened
_SHORTEST_PLACE = 2
_VERB = re.compile(r"举报|爆料|报料|投诉|检举|告发|反映|反应|上报|报告|登记|建议|意见")
#: said to announce a report; what is left says what it is about
_ANNOUNCED = re.compile(
    r"我?(?:要|想|来|得)*(?:实名|匿名)?(?:举报|爆料|报料|爆个料|投诉|检举|告发|反映|反应|上报|报告|提个?建议|提个?意见|登记)"
    r"(?:一?下|一?个)?(?:安全)?(?:隐患|问题|情况|线索|险情|事情?)?|你好|您好|喂|在吗|怎么|可以吗|吗|吧|啊|呢"
    r"|(?:发现|有)了?一?个?(?:安全)?(?:隐患|险情)|有(?:个)?(?:情况|线索|问题)|我有话说|网络问政|(?:我|你们)?(?:对)?(?:服务|态度)?不?满意|我"
)


def announces(said: Said) -> bool:
    return bool(_VERB.search(said.plain))


def kind(values: Values) -> str:
    return str(values.get("evidence_kind", "image"))


async def more(said: Said, values: Values) -> Values | None:
    what = announced_what(said)
    return {"what": _together(values, what), **with_kind(said, values)} if what else None


async def alarmed(said: Said, values: Values) -> Values | None:
    """What was answered as danger is part of what she reports."""
    if not said.text:
        return None
    return with_voice(said, values, {"what": _together(values, said.text), **_circumstances(said, values)})


async def nothing(said: Said, values: Values) -> None:
    return None


async def loose(said: Said, values: Values) -> Values | None:
    """The form was opened by a photo alone."""
    return {"loose": True, "evidence_kind": said.kind} if said.kind in LOOSE and not said.text else None


def announced_what(said: Said) -> str | None:
    """Her words, if they say more than that she wants to report something."""
    rest = bare(_ANNOUNCED.sub("", said.plain))
    return said.text if len(rest) >= _SHORTEST else None


async def opening_what(said: Said, values: Values) -> Values | None:
    what = announced_what(said) if said.text else None
    return with_voice(said, values, {"what": what, **with_kind(said, values)}) if what else None


async def read_what(said: Said, values: Values) -> Values | Misread | None:
    if not said.text:
        return None
    told = announced_what(said) is not None
    if not told and not values.get("what"):
        return Misread("report_what_misread")
    what = _together(values, said.text if told else "")  # she may have told of danger meanwhile
    found = {"what": what, **with_kind(said, values), **_circumstances(said, values)}
    return with_voice(said, values, found)


def _together(values: Values, what: str) -> str:
    return f"{values.get('what') or ''}\n{what}".strip()


def _circumstances(said: Said, values: Values) -> Values:
    """Where and when, if the words tell it and it is not known yet."""
    found = {"where": find_place(said.plain), "when": find_when(said.plain)}
    return {name: told for name, told in found.items() if told and name not in values}


async def sent_place(said: Said, values: Values) -> Values | None:
    if said.position is None:
        return None
    place = {"latitude": said.position.latitude, "longitude": said.position.longitude}
    told = str(values.get("where") or "") or said.label
    evidence = list(dict.fromkeys([*values.get("evidence", ()), said.message_id]))
    places = list(dict.fromkeys([*values.get("places", ()), said.message_id]))
    return {"where": told or None, **place, "sent": True, "evidence": evidence, "places": places}


async def read_where(words: Words, said: Said, values: Values) -> Values | Misread | None:
    if (sent := await sent_place(said, values)) is not None:
        return sent
    if not said.text:
        return None
    only_word = words.yes(said.plain) is not None
    if len(bare(said.text)) < _SHORTEST_PLACE or bare(said.text).isdecimal() or only_word:
        return Misread("report_where_misread")
    return with_voice(said, values, {"where": said.text})


async def opening_where(places: Places, said: Said, values: Values) -> Values | None:
    if (sent := await sent_place(said, values)) is not None or not said.text:
        return sent
    if place := find_place(said.plain):
        return {"where": place}
    try:
        named = (await places.named(said.text)).items
    except NoData:
        return None
    particular = [place for place in named if place.kind.value != "district"]
    return {"where": particular[0].name} if particular else None


def sent_at(values: Values) -> str:
    """The location that was sent, as a button carries it; "" without one."""
    if values.get("latitude") is None or values.get("longitude") is None:
        return ""
    return Position(values["latitude"], values["longitude"]).written


async def corrected_where(said: Said, values: Values) -> Values | None:
    place = fits_place(said.plain)
    return {"where": put_right(str(values.get("where") or ""), place)} if place else None


async def opening_when(said: Said, values: Values) -> Values | None:
    when = find_when(said.plain) if said.text else None
    return {"when": when} if when else None


async def read_when(said: Said, values: Values) -> Values | None:
    when = when_told(said.plain) if said.text else None
    return {"when": when} if when else None


async def recognise_reach(said: Said, values: Values) -> Values | None:
    return find_reach(said) if said.text else None
