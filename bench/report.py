"""The result: docs/performance.md with a picture for people, bench/results/*.json with every number."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESULTS = Path("bench/results")
PAGE = Path("docs/performance.md")
PICTURE = Path("docs/images/performance.png")

Row = tuple[str, str, str, str, str]


def machine() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False
    )
    return {
        "processor": _cpu_name(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1),
        "commit": (commit.stdout.strip() or "?") + ("+" if changed.stdout.strip() else ""),
    }


def write(results: dict[str, Any]) -> None:
    table = "\n".join(_lines(results))
    print(f"\n{table}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = results["at"][:19].replace(":", "").replace("-", "")
    (RESULTS / f"{name}.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    if results["quick"] or "stock" not in results:
        print("\n(没有改写 docs/performance.md:只有完整的一次对照才写进去)")
        return
    PAGE.write_text(_page(results, table), encoding="utf-8")
    _draw(results)


def _lines(results: dict[str, Any]) -> list[str]:
    rows = _rows(results["ours"], results.get("stock") or {})
    head = ["| 指标 | 原版 Rasa | 小小 | 倍数 | 目标 |", "| --- | ---: | ---: | ---: | --- |"]
    return head + [f"| {' | '.join(row)} |" for row in rows]


def _rows(ours: dict[str, Any], stock: dict[str, Any]) -> list[Row]:
    def row(what: str, path: str, unit: str, target: str, *, more: bool = False) -> Row:
        own, peer = _get(ours, path), _get(stock, path)
        ratio = (own / peer if more else peer / own) if own and peer else None
        return what, _number(peer, unit), _number(own, unit), f"{ratio:.1f} ×" if ratio else "–", target

    two = _get(ours, "two_workers.different.messages_per_second")
    one = _get(stock, "different.messages_per_second")
    rows = [
        row("每秒消息数,16 个连接,句句不同", "different.messages_per_second", "", "≥ 5 ×", more=True),
        row("每秒消息数,16 个连接,像真实高峰那样有重复", "repeated.messages_per_second", "", "", more=True),
        (
            "每秒消息数,两个对话进程",
            "–",
            _number(two, ""),
            f"{two / one:.1f} ×" if two and one else "–",
            "≥ 10 ×",
        ),
        row("每条消息用的处理器时间", "different.cpu_ms", "ms", ""),
        row("逐条回答,中位数", "single.p50_ms", "ms", "≤ 12 ms"),
        row("逐条回答,第 95 百分位", "single.p95_ms", "ms", "≤ 25 ms"),
        row("启动到第一次回答", "start_seconds", "s", "≤ 10 s"),
        row("从零训练", "training_seconds", "s", "≤ 90 s"),
        row("训练例句数", "examples", "", "≥ 8000"),
        row("对话进程内存", "memory_mb", "MB", "≤ 700 MB"),
    ]
    return rows + _session_rows(ours, stock) + _burst_rows(ours, stock)


def _session_rows(ours: dict[str, Any], stock: dict[str, Any]) -> list[Row]:
    def by_length(side: dict[str, Any]) -> dict[int, float]:
        return {entry["messages_before"]: entry["ratio"] for entry in side.get("sessions", ())}

    own, peer = by_length(ours), by_length(stock)
    return [
        (
            f"同一会话第 {length} 条比第 1 条慢几倍",
            _number(peer.get(length), "×"),
            _number(own.get(length), "×"),
            f"{peer[length] / own[length]:.1f} ×" if length in own and length in peer else "–",
            "≤ 1.2 ×",
        )
        for length in sorted(own | peer)
    ]


def _burst_rows(ours: dict[str, Any], stock: dict[str, Any]) -> list[Row]:
    def said(side: dict[str, Any]) -> str:
        burst = side.get("burst")
        return f"{burst['within_five_seconds']} / {burst['sent']}" if burst else "–"

    slowest = (_number(_get(side, "burst.slowest_seconds"), "s") for side in (stock, ours))
    return [
        ("10 秒内不同市民的消息,5 秒内答完", said(stock), said(ours), "–", "全部"),
        ("其中最慢的一条", *slowest, "–", "≤ 5 s"),  # type: ignore[list-item]
    ]


def _get(side: dict[str, Any], path: str) -> float | None:
    value: Any = side
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    text = f"{value:.0f}" if value >= 100 else f"{value:.1f}"
    return f"{text} {unit}".strip()


def _page(results: dict[str, Any], table: str) -> str:
    at, place = results["at"], results["machine"]
    ours, stock = results["ours"], results["stock"]
    return f"""# 速度:小小与原版 Rasa

由 `make bench` 生成,{at}。两边在同一台机器上、同一次运行里,由另一个进程发同样的话;看倍数,绝对值随机器而变。

{table}

![对照图](images/performance.png)

- 机器:{place["processor"]},{place["cores"]} 核,{place["system"]},Python {place["python"]};
  开始时系统负载 {place["load"]}。
- 版本:{place["commit"]}。
- 原版:Rasa 3.6.21,JiebaTokenizer、RegexFeaturizer、LexicalSyntacticFeaturizer、
  CountVectorsFeaturizer(词,字 1–4)、DIETClassifier 与 ResponseSelector(各 100 轮)、FallbackClassifier 0.3;
  MemoizationPolicy、RulePolicy、TEDPolicy;
  动作走 HTTP,会话记录在内存里,消息是不加签名的 JSON。用 {stock["examples"]} 条例句训练。
- 小小:每条消息都是带签名的微信 XML,先存库再回答,会话记录在 SQLite 里。用 {ours["examples"]} 条例句训练。
- 处理器时间包括动作服务器。内存是对话进程的(PSS,共用的只算一次);原版的动作服务器另算。
- “第 N 条比第 1 条”:一位市民先说 N 句,然后她的下一句与别人的第一句交替各 40 次,
  取两边中位数之比。
- 高峰:在 10 秒里的随机时刻,由 {ours.get("burst", {}).get("sent", 0)} 位市民各发一条;微信 5 秒没有回答就断开。
- 每个数字都在 `bench/results/` 的 JSON 里。
"""


def _draw(results: dict[str, Any]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plot

    ours, stock = results["ours"], results["stock"]
    panels: list[tuple[str, Callable[[dict[str, Any]], float | None]]] = [
        ("messages a second", lambda side: _get(side, "different.messages_per_second")),
        ("time to answer, p50, ms", lambda side: _get(side, "single.p50_ms")),
        ("start, s", lambda side: _get(side, "start_seconds")),
        ("memory, MB", lambda side: _get(side, "memory_mb")),
        ("550th message over the first, ×", _ratio_at_550),
    ]
    figure, axes = plot.subplots(1, len(panels), figsize=(14, 3.2))
    for axis, (title, value) in zip(axes, panels, strict=True):
        bars = axis.bar(
            ["Rasa 3.6", "Xiaoxiao"], [value(stock) or 0, value(ours) or 0], color=["#9aa5b1", "#d9480f"]
        )
        axis.bar_label(bars, fmt="%.3g")
        axis.set_title(title, fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
        axis.margins(y=0.15)
    figure.tight_layout()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=110)


def _ratio_at_550(side: dict[str, Any]) -> float | None:
    return next((s["ratio"] for s in side.get("sessions", ()) if s["messages_before"] == 550), None)


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
