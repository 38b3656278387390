"""Which characters may stand in WeChat's XML (XML 1.0 §2.2), and how the others are taken out."""

from __future__ import annotations

import re

#: C0 controls except TAB, LF, CR (WeChat really delivers U+0010, U+001D); lone surrogates; U+FFFE, U+FFFF.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def keep_legal(text: str) -> str:
    """Text without XML-illegal characters; surrogate pairs become the character they stand for."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _ILLEGAL.sub("", text)


def cdata(text: str) -> str:
    """A CDATA section holding any text: illegal characters dropped, `]]>` split over two sections."""
    return "<![CDATA[" + keep_legal(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"
