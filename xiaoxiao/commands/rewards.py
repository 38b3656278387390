"""`xiaoxiao rewards`: from a report found true to the money paid, and the list that is hung out."""

from __future__ import annotations

import argparse
import json
import re
from decimal import Decimal
from pathlib import Path

from xiaoxiao.commands.actor import actor, add_by
from xiaoxiao.commands.cases import number_of
from xiaoxiao.commands.words import one_of, whole
from xiaoxiao.desk import reward_rules
from xiaoxiao.desk.case_notices import moment, yuan
from xiaoxiao.desk.reward_rules import Reckoning
from xiaoxiao.desk.rewards import NAMES, Awarded, Rewards
from xiaoxiao.desk.winners import FORMATS, winners, written
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.services import Services, build_services
from xiaoxiao.store.case import RewardBasis, RewardState

_STATES = {state.value: name for state, name in NAMES.items()}
#: money: digits, at most two behind the point
_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    listing = actions.add_parser("list", help="全部奖励,或某一种状态的")
    listing.add_argument("--state", metavar="状态", help="、".join(f"{k} {v}" for k, v in _STATES.items()))
    listing.add_argument("--json", action="store_true")
    verify = actions.add_parser("verify", help="查实了,奖给最先的有效举报人;金额以后再定")
    propose = actions.add_parser("propose", help="按办法算出金额,等另一个人批准")
    approve = actions.add_parser("approve", help="批准(不能是提出金额的人),并通知举报人来领")
    claim = actions.add_parser("claim", help="举报人来领,身份证件和编号已核对")
    pay = actions.add_parser("pay", help="已发放")
    extend = actions.add_parser("extend", help="有正当理由没来领的,再给一次领取期限")
    for each in (verify, propose, approve, claim, pay, extend):
        each.add_argument("number", metavar="编号", help="这件事的任一编号")
        add_by(each)
    verify.add_argument("--note", default="", help="怎么查实的")
    extend.add_argument("reason", metavar="理由")
    _add_amounts(propose)
    publish = actions.add_parser("publish", help="公示已发放的奖励,看不出是谁")
    publish.add_argument("--format", default="md", metavar="格式", help="md、csv、json")
    publish.add_argument("--out", metavar="路径", help="写到文件;不写就打印")


def _add_amounts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--penalty", metavar="元", help="重大隐患、违法行为:罚款多少元(奖 15%%,3000 元到 30 万元)"
    )
    parser.add_argument("--concealed", metavar="等级", help="瞒报谎报事故:一般、较大、重大、特别重大")
    parser.add_argument("--local", metavar="元", help="按地方办法:多少元")
    parser.add_argument("--persons", default="1", metavar="人数", help="瞒报谎报查实几人")
    parser.add_argument("--reason", default="", metavar="依据", help="地方办法的名称和条款")


def execute(options: argparse.Namespace) -> int:
    services = build_services()
    if options.action == "list":
        return _list(services, options)
    if options.action == "publish":
        return _publish(services, options)
    awarded = _act(services.rewards, options, number_of(options.number), actor(options.by))
    print(f"  {_line(awarded)}")
    if options.action == "propose":
        print(
            f"  {awarded.reward.reckoning}。请另一位用 xiaoxiao rewards approve {awarded.case.number} --by 姓名 批准。"
        )
    return 0


def _act(rewards: Rewards, options: argparse.Namespace, number: str, by: str) -> Awarded:
    match options.action:
        case "verify":
            return rewards.verify(number, by, options.note)
        case "propose":
            basis, reckoning = _reckoning(options)
            return rewards.propose(number, by, basis, reckoning)
        case "approve":
            return rewards.approve(number, by)
        case "claim":
            return rewards.claim(number, by)
        case "pay":
            return rewards.pay(number, by)
        case _:
            return rewards.extend(number, by, options.reason)


def _reckoning(options: argparse.Namespace) -> tuple[RewardBasis, Reckoning]:
    if sum(way is not None for way in (options.penalty, options.concealed, options.local)) != 1:
        raise InvalidRequest("金额怎么来的,三选一:--penalty 罚款元、--concealed 等级、--local 元。")
    if options.penalty is not None:
        return RewardBasis.HAZARD, reward_rules.for_hazard(money(options.penalty))
    if options.concealed is not None:
        return RewardBasis.CONCEALED, reward_rules.for_concealed(
            options.concealed, whole(options.persons, "--persons", most=10_000)
        )
    return RewardBasis.LOCAL, reward_rules.by_local_rules(money(options.local), options.reason)


def money(typed: str) -> int:
    """Yuan as typed (50000, 50,000 or 50000.50) in 分. InvalidRequest."""
    plain = typed.replace(",", "").replace(",", "").removesuffix("元").strip()
    if not plain.isascii() or not _MONEY.fullmatch(plain):
        raise InvalidRequest(f"「{typed[:40]}」不是金额;写多少元,例如 50000。")
    return int(Decimal(plain) * 100)


def _list(services: Services, options: argparse.Namespace) -> int:
    found = services.rewards.listing(
        state=RewardState(one_of(options.state, _STATES, "--state")) if options.state else None
    )
    if options.json:
        print(json.dumps([_json(each) for each in found], ensure_ascii=False, indent=2))
        return 0
    for each in found:
        print(_line(each))
    print(f"共 {len(found)} 笔。")
    return 0


def _publish(services: Services, options: argparse.Namespace) -> int:
    one_of(options.format, dict.fromkeys(FORMATS, ""), "--format")
    text = written(winners(services.rewards.listing()), options.format, office=services.persona.office)
    if options.out is None:
        print(text, end="")
        return 0
    try:
        Path(options.out).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise InvalidRequest(f"写不了 {options.out}:{problem.strerror}。") from problem
    print(f"  已写到 {options.out}。")
    return 0


def _line(awarded: Awarded) -> str:
    reward = awarded.reward
    amount = f"  {yuan(reward.amount)} 元" if reward.amount is not None else ""
    until = f"  {moment(reward.claim_by)}前领" if reward.state is RewardState.APPROVED else ""
    anonymous = "  匿名" if awarded.case.anonymous else ""
    return f"{awarded.case.number}  {NAMES[reward.state]}{amount}{until}{anonymous}"


def _json(awarded: Awarded) -> dict[str, object]:
    reward = awarded.reward
    moments = {
        name: at.isoformat() if (at := getattr(reward, name)) else None
        for name in ("created_at", "approved_at", "claim_by", "claimed_at", "paid_at")
    }
    return {
        "number": awarded.case.number,
        "state": reward.state.value,
        "amount_yuan": reward.amount / 100 if reward.amount is not None else None,
        "basis": reward.basis.value if reward.basis else None,
        "reckoning": reward.reckoning,
        "proposed_by": reward.proposed_by,
        "approved_by": reward.approved_by,
        "paid_by": reward.paid_by,
        **moments,
    }
