"""`xiaoxiao cases`: reports, complaints, suggestions and requests, as staff work them until there is a desk."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from xiaoxiao.commands.actor import actor, add_by
from xiaoxiao.commands.case_print import TYPES, case_json, dossier_json, dossier_text, line
from xiaoxiao.commands.words import one_of, whole
from xiaoxiao.desk.case_numbers import read_number
from xiaoxiao.desk.case_states import NAMES
from xiaoxiao.desk.dossier import listing
from xiaoxiao.desk.due import Urgency, urgencies
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.services import Services, build_services
from xiaoxiao.store.case import Case, CaseState, CaseType

#: what `advance --to` takes, and which act of casework it is
STEPS = {
    "accepted": "受理",
    "in_progress": "开始办理(核查)",
    "closed": "办结",
    "rejected": "不予受理(要 --note 写明原因,市民会看到)",
    "reopened": "重新办理",
}
_STATES = {state.value: name for state, name in NAMES.items()}
_TYPES = {type.value: name for type, name in TYPES.items()}
_NUMBER = "编号,如 YJ20261123-0042;可以省掉 YJ 和前面的 0"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    _add_list(actions.add_parser("list", help="要办的事项,最先到期的在前"))
    show = actions.add_parser("show", help="看一件:内容、同一件事的其他人、照片、经过(查看会留痕)")
    show.add_argument("--json", action="store_true")
    assign = actions.add_parser("assign", help="转给一个人或部门")
    advance = actions.add_parser("advance", help="往前走一步:" + "、".join(STEPS))
    answer = actions.add_parser("answer", help="答复市民;再答一次是更正")
    extend = actions.add_parser("extend", help="延长一次答复期限,原因会告诉市民")
    note = actions.add_parser("note", help="给同事的备注,市民看不到")
    merge = actions.add_parser("merge", help="和另一件是同一件事,并过去一起办")
    split = actions.add_parser("split", help="并错了,分出来单独办")
    dismiss = actions.add_parser("dismiss", help="系统说和另一件相似,其实不是")
    media = actions.add_parser("media", help="取出一张照片、一段语音或视频(会留痕)")
    for each in (show, assign, advance, answer, extend, note, merge, split, dismiss):
        each.add_argument("number", metavar="编号", help=_NUMBER)
        add_by(each)
    add_by(media)
    media.add_argument("medium", metavar="文件号", help="show 里「文件」一行的号")
    media.add_argument("--out", required=True, metavar="路径", help="写到哪个文件")
    assign.add_argument("to", metavar="给谁")
    assign.add_argument("--note", default="", help="备注,市民看不到")
    advance.add_argument("--to", required=True, metavar="状态", help=_listed(STEPS))
    advance.add_argument("--note", default="", help="备注;rejected 时是告诉市民的原因")
    answer.add_argument("text", metavar="答复")
    extend.add_argument("reason", metavar="原因")
    note.add_argument("text", metavar="备注")
    merge.add_argument("--into", required=True, metavar="编号", help="并到哪一件")


def _add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", metavar="状态", help=_listed(_STATES))
    parser.add_argument("--type", metavar="类型", help=_listed(_TYPES))
    parser.add_argument("--assignee", metavar="给谁", help="只看转给他的")
    parser.add_argument("--overdue", action="store_true", help="只看已经超期的")
    parser.add_argument("--limit", default="50", metavar="几件")
    parser.add_argument("--json", action="store_true")


def _listed(words: Mapping[str, str]) -> str:
    return "、".join(f"{word} {meaning}" for word, meaning in words.items())


def execute(options: argparse.Namespace) -> int:
    services = build_services()
    if options.action == "list":
        return _list(services, options)
    by = actor(options.by)
    if options.action == "media":
        return _media(services, options, by)
    number = number_of(options.number)
    if options.action == "show":
        dossier = services.casework.show(number, by)
        print(
            json.dumps(dossier_json(dossier), ensure_ascii=False, indent=2)
            if options.json
            else dossier_text(dossier)
        )
        return 0
    print(f"  {line(*_marked(services, [_act(services, options, number, by)])[0])}")
    return 0


def number_of(typed: str) -> str:
    """As the office writes it. InvalidRequest for what is none."""
    number = read_number(typed)
    if number is None:
        raise InvalidRequest(f"「{typed[:40]}」不是编号;编号像 YJ20261123-0042。")
    return number


def _act(services: Services, options: argparse.Namespace, number: str, by: str) -> Case:
    work = services.casework
    match options.action:
        case "assign":
            return work.assign(number, by, options.to, options.note)
        case "advance":
            return _advance(services, options, number, by)
        case "answer":
            return work.answer(number, by, options.text)
        case "extend":
            return work.extend(number, by, options.reason)
        case "note":
            return work.note(number, by, options.text)
        case "merge":
            return work.merge(number, number_of(options.into), by)
        case "split":
            return work.split(number, by)
        case _:
            return work.dismiss(number, by)


def _advance(services: Services, options: argparse.Namespace, number: str, by: str) -> Case:
    work, to = services.casework, one_of(options.to, STEPS, "--to")
    if to == "rejected":
        if not options.note.strip():
            raise InvalidRequest("不予受理要用 --note 写明原因和该找谁,市民会看到。")
        return work.reject(number, by, options.note)
    steps = {
        "accepted": work.accept,
        "in_progress": work.start,
        "closed": work.close,
        "reopened": work.reopen,
    }
    return steps[to](number, by, options.note)


def _show(services: Services, options: argparse.Namespace, number: str, by: str) -> int:
    dossier = services.casework.show(number, by)
    if options.json:
        print(json.dumps(dossier_json(dossier), ensure_ascii=False, indent=2))
    else:
        print(dossier_text(dossier))
    return 0


def _list(services: Services, options: argparse.Namespace) -> int:
    now = services.clock.now()
    found = listing(
        services.store,
        state=CaseState(one_of(options.state, _STATES, "--state")) if options.state else None,
        type=CaseType(one_of(options.type, _TYPES, "--type")) if options.type else None,
        assignee=options.assignee,
        due_until=now if options.overdue else None,
        limit=whole(options.limit, "--limit"),
    )
    marked = _marked(services, found)
    if options.json:
        cases = [{**case_json(case), "urgency": urgency and urgency.value} for case, urgency in marked]
        print(json.dumps(cases, ensure_ascii=False, indent=2))
        return 0
    for case, urgency in marked:
        print(line(case, urgency))
    print(f"共 {len(found)} 件。")
    return 0


def _marked(services: Services, cases: Sequence[Case]) -> list[tuple[Case, Urgency | None]]:
    with services.store.work(only_reads=True) as work:
        found = urgencies(work, cases, services.clock.now())
    return [(case, found.get(case.id)) for case in cases]


def _media(services: Services, options: argparse.Namespace, by: str) -> int:
    shown = services.library.show(whole(options.medium, "文件号"), by)
    try:
        Path(options.out).write_bytes(shown.content)
    except OSError as problem:
        raise InvalidRequest(f"写不了 {options.out}:{problem.strerror}。") from problem
    print(f"  {options.out}:{shown.medium.content_type},{len(shown.content)} 字节")
    return 0
