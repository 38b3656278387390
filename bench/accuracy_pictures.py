"""Three pictures of a result: is the confidence honest, what would a threshold do, what is mixed up with what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.accuracy_page import group_name

_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "SimHei",
    "PingFang SC",
)
_BLUE, _RED, _GREY = "#1c7ed6", "#d9480f", "#868e96"
_ENGLISH = {
    "把握": "confidence",
    "答对的比例": "accuracy",
    "考题数": "questions",
    "比例": "share",
    "门槛(把握至少多少才答)": "threshold (confidence needed to answer)",
    "该答的话,答了": "answerable: answered",
    "答了的,答对": "answered: right",
    "不归小小管的,没有误答": "out of scope: not answered",
    "现在": "now",
    "听成": "understood as",
    "该是": "meant",
}


def draw(results: Mapping[str, Any], folder: Path) -> None:
    """Write reliability.png, threshold.png and confusion.png; in English where no Chinese font is installed."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plot

    font = chinese_font()
    plot.rcParams["font.family"] = [font, "sans-serif"] if font else ["sans-serif"]
    plot.rcParams["axes.unicode_minus"] = False
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"reliability": _reliability, "threshold": _threshold, "confusion": _confusion}
    for name, picture in pictures.items():
        figure = picture(plot, results, bool(font))
        figure.savefig(folder / f"{name}.png", dpi=110, bbox_inches="tight")
        plot.close(figure)


def chinese_font() -> str | None:
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in installed), None)


def _reliability(plot: Any, results: Mapping[str, Any], chinese: bool) -> Any:
    bins = results["reliability"]
    figure, (above, below) = plot.subplots(
        2, 1, figsize=(5, 5.6), gridspec_kw={"height_ratios": (3, 1)}, sharex=True, layout="constrained"
    )
    above.plot([0, 1], [0, 1], "--", color=_GREY, linewidth=1)
    above.plot([b["confidence"] for b in bins], [b["accuracy"] for b in bins], "o-", color=_BLUE)
    above.set_ylabel(_said("答对的比例", chinese))
    above.set_title(f"ECE = {100 * results['calibration_error']:.1f} %", fontsize=10)
    below.bar([b["confidence"] for b in bins], [b["count"] for b in bins], width=0.06, color=_BLUE)
    below.set_ylabel(_said("考题数", chinese))
    below.set_xlabel(_said("把握", chinese))
    for axis in (above, below):
        _plain(axis)
    return figure


def _threshold(plot: Any, results: Mapping[str, Any], chinese: bool) -> Any:
    points = results["against_threshold"]
    figure, axis = plot.subplots(figsize=(6.5, 4), layout="constrained")
    lines = (
        ("answered", "该答的话,答了", _BLUE),
        ("accuracy", "答了的,答对", "#2b8a3e"),
        ("strangers_below", "不归小小管的,没有误答", _RED),
    )
    for key, name, colour in lines:
        some = [p for p in points if key != "accuracy" or p["answered"]]  # of none nobody knows a share
        axis.plot(
            [p["threshold"] for p in some], [p[key] for p in some], color=colour, label=_said(name, chinese)
        )
    axis.axvline(results["thresholds"]["answer"], linestyle=":", color=_GREY, label=_said("现在", chinese))
    axis.set_xlabel(_said("门槛(把握至少多少才答)", chinese))
    axis.set_ylabel(_said("比例", chinese))
    axis.set_ylim(0, 1.02)
    axis.legend(frameon=False, fontsize=9)
    _plain(axis)
    return figure


def _confusion(plot: Any, results: Mapping[str, Any], chinese: bool) -> Any:
    """Shares of a row, in %; the right card of another card's category is still a mistake within its square."""
    names, counts = results["matrix"]["names"], results["matrix"]["counts"]
    shares = [[100 * count / max(1, sum(row)) for count in row] for row in counts]
    titles = [group_name(name) if chinese else name for name in names]
    figure, axis = plot.subplots(figsize=(8.5, 7.5), layout="constrained")
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    axis.set_xticks(range(len(names)), titles, rotation=40, ha="right")
    axis.set_yticks(range(len(names)), titles)
    axis.set_xlabel(_said("听成", chinese))
    axis.set_ylabel(_said("该是", chinese))
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            if share >= 0.5:
                axis.text(
                    j, i, f"{share:.0f}", ha="center", va="center", color="white" if share > 55 else "black"
                )
    axis.spines[:].set_visible(False)
    return figure


def _plain(axis: Any) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color="#e9ecef")
    axis.set_axisbelow(True)


def _said(text: str, chinese: bool) -> str:
    return text if chinese else _ENGLISH[text]
