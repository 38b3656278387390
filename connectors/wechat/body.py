"""The body of a push, XML or JSON, as nested dictionaries of text: nothing a stranger sends gets further.

Values are text, dictionaries, or lists (of an element that occurs more than once). Attributes and loose text
between elements (WeChat Web leaves a version mark there) are dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn
from xml.parsers import expat

from connectors.wechat.characters import keep_legal
from connectors.wechat.errors import MessageMalformed

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
_BOM = "\ufeff"


def read_fields(body: bytes) -> dict[str, Any]:
    """Every element of a push, also of an encrypted envelope (`Encrypt`), else MessageMalformed."""
    if len(body) > MAX_BYTES:
        raise MessageMalformed(f"The body is larger than {MAX_BYTES} bytes.")
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise MessageMalformed("The body is not UTF-8.") from None
    text = keep_legal(text).lstrip(_BOM + " \t\r\n")
    if text.startswith("<"):
        return _read_xml(text)
    if text.startswith("{"):
        return _read_json(text)
    raise MessageMalformed("The body is neither XML nor JSON.")


# --- XML -------------------------------------------------------------------------------------------


class _Element:
    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text: list[str] = []
        self.children: dict[str, Any] = {}

    def add(self, name: str, value: Any) -> None:
        present = self.children.get(name)
        if present is None:
            self.children[name] = value
        elif isinstance(present, list):
            present.append(value)
        else:
            self.children[name] = [present, value]

    def value(self) -> Any:
        return self.children or "".join(self.text)


class _TreeBuilder:
    """Builds the dictionaries while expat reads; refuses what WeChat never sends."""

    def __init__(self) -> None:
        self.top = _Element("")
        self._open = [self.top]

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._open) > MAX_DEPTH:
            raise MessageMalformed("The elements are nested too deeply.")
        self._open.append(_Element(name))

    def end(self, _name: str) -> None:
        element = self._open.pop()
        self._open[-1].add(element.name, element.value())

    def data(self, text: str) -> None:
        self._open[-1].text.append(text)

    def doctype(self, *_declaration: object) -> NoReturn:
        raise MessageMalformed("A document type declaration is not part of the protocol.")


def _read_xml(text: str) -> dict[str, Any]:
    builder = _TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise MessageMalformed(f"The body is not well-formed XML: {expat.ErrorString(error.code)}.") from None
    fields = builder.top.children.get("xml")
    if not isinstance(fields, dict):
        raise MessageMalformed("The body has no <xml> element with content.")
    return fields


# --- JSON ------------------------------------------------------------------------------------------


def _read_json(text: str) -> dict[str, Any]:
    try:
        # numbers stay the text they are, so that both formats give the same fields
        fields = json.loads(
            text,
            strict=False,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except (ValueError, RecursionError):
        raise MessageMalformed("The body is not well-formed JSON.") from None
    plain = _plain(fields, 0)
    if not isinstance(plain, dict):  # it began with "{"
        raise MessageMalformed()
    return plain


def _refuse_constant(name: str) -> NoReturn:
    raise MessageMalformed(f"{name} is not a number.")


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise MessageMalformed("A field occurs twice.")
        found[name] = value
    return found


def _plain(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise MessageMalformed("The fields are nested too deeply.")
    if isinstance(value, dict):
        return {keep_legal(name): _plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else keep_legal(value)
