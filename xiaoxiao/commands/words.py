"""What was typed behind an option, read with a sentence for what it cannot be."""

from __future__ import annotations

from collections.abc import Mapping

from xiaoxiao.errors import InvalidRequest


def one_of(typed: str, known: Mapping[str, str], option: str) -> str:
    """One of the words of `known` ({word: what it means}). InvalidRequest lists them."""
    if typed not in known:
        able = "、".join(f"{word}({meaning})" if meaning else word for word, meaning in known.items())
        raise InvalidRequest(f"{option} 不能是「{typed[:40]}」;可以是:{able}。")
    return typed


def whole(typed: str, option: str, *, least: int = 1, most: int = 1_000_000) -> int:
    plain = typed.strip()
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 9 or not least <= int(plain) <= most:
        raise InvalidRequest(f"{option} 应为 {least} 到 {most} 的整数,现在是「{typed[:40]}」。")
    return int(plain)
