"""The public list of rewards, as it may be hung out: nobody can be recognised by it but she herself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from xiaoxiao.clock import CHINA
from xiaoxiao.desk.case_notices import yuan
from xiaoxiao.desk.rewards import Awarded
from xiaoxiao.store.case import RewardState

COLUMNS = ("序号", "发放月份", "举报人", "奖励金额(元)")
FORMATS = ("md", "csv", "json")


def winners(awarded: Iterable[Awarded]) -> list[Mapping[str, str]]:
    """The paid ones: month, the end of the case number (the rest only she knows), amount.

    No name, place, matter or day: who was reported must not guess who reported it. In the order of paying.
    """
    paid = sorted(
        (each.reward.paid_at, each)
        for each in awarded
        if each.reward.state is RewardState.PAID and each.reward.paid_at is not None
    )
    return [
        {
            COLUMNS[0]: str(count),
            COLUMNS[1]: f"{paid_at.astimezone(CHINA):%Y年%m月}",
            COLUMNS[2]: f"编号尾号 {each.case.number[-2:]} 的市民",
            COLUMNS[3]: yuan(each.reward.amount or 0).replace(",", ""),
        }
        for count, (paid_at, each) in enumerate(paid, 1)
    ]


def written(rows: Sequence[Mapping[str, str]], form: str, *, office: str) -> str:
    """As Markdown, CSV (with a byte order mark, so that Excel reads it) or JSON."""
    if form == "json":
        return json.dumps({"office": office, "rewards": rows}, ensure_ascii=False, indent=2) + "\n"
    return _csv(rows) if form == "csv" else _markdown(rows, office)


def _csv(rows: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def _markdown(rows: Sequence[Mapping[str, str]], office: str) -> str:
    lines = [" | ".join(row[column] for column in COLUMNS) for row in rows]
    head = [" | ".join(COLUMNS), " | ".join("---" for _ in COLUMNS)]
    table = "\n".join(f"| {line} |" for line in (*head, *lines))
    return f"# {office}举报奖励公示\n\n{table}\n\n举报人信息依法保密。共 {len(rows)} 人次。\n"
