"""What a true report may be worth, by the rules for safety at work (安全生产领域举报奖励办法, 2018).

小小 never names an amount to a citizen before two people have agreed on it; the city's own rules come first.
Amounts in 分.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.store.case import RewardBasis

YUAN = 100
#: of the penalty imposed, for a major hazard or an offence
SHARE_PERCENT = 15
LEAST, MOST = 3_000 * YUAN, 300_000 * YUAN
#: for each person an accident hid, by its grade
PER_PERSON = {
    "一般": 30_000 * YUAN,
    "较大": 40_000 * YUAN,
    "重大": 50_000 * YUAN,
    "特别重大": 60_000 * YUAN,
}


@dataclass(frozen=True)
class Reckoning:
    amount: int
    words: str  #: how it came about


def for_hazard(penalty: int) -> Reckoning:
    """15 % of the penalty, at least 3,000 and at most 300,000 yuan. `penalty` in 分; InvalidRequest below 0."""
    if penalty < 0:
        raise InvalidRequest("罚款金额不能是负数。")
    amount = min(MOST, max(LEAST, penalty * SHARE_PERCENT // 100 // YUAN * YUAN))
    return Reckoning(amount, f"罚款 {_yuan(penalty)} 元的 {SHARE_PERCENT}%,最低 3000 元、最高 30 万元")


def for_concealed(grade: str, persons: int) -> Reckoning:
    """By grade (一般, 较大, 重大, 特别重大) for each person found, at most 300,000 yuan. InvalidRequest."""
    if grade not in PER_PERSON:
        raise InvalidRequest(f"事故等级应为 {'、'.join(PER_PERSON)} 之一,现在是「{grade}」。")
    if not 1 <= persons <= 10_000:
        raise InvalidRequest("查实的瞒报、谎报人数应为 1 到 10000。")
    amount = min(MOST, PER_PERSON[grade] * persons)
    words = f"瞒报谎报{grade}事故,每查实 1 人 {_yuan(PER_PERSON[grade])} 元,{persons} 人,最高 30 万元"
    return Reckoning(amount, words)


def by_local_rules(amount: int, why: str) -> Reckoning:
    """What the city's own rules give; they must be named. InvalidRequest."""
    if not why.strip():
        raise InvalidRequest("按地方办法奖励,要写明依据:--reason 哪个办法第几条。")
    if not 0 < amount <= MOST:
        raise InvalidRequest("奖励金额应大于 0,不超过 30 万元。")
    return Reckoning(amount, why.strip())


BASES = {
    RewardBasis.HAZARD: "隐患、违法行为",
    RewardBasis.CONCEALED: "瞒报谎报事故",
    RewardBasis.LOCAL: "地方办法",
}


def _yuan(amount: int) -> str:
    whole, rest = divmod(amount, YUAN)
    return f"{whole}.{rest:02}" if rest else str(whole)
