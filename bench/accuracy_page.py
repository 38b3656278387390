"""The page on accuracy that people read: written between two marks, the rest of docs/accuracy.md stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xiaoxiao.knowledge.cards import CATEGORIES
from xiaoxiao.knowledge.topics import load_titles

BEGIN, END = "<!-- make evaluate: begin -->", "<!-- make evaluate: end -->"
STYLES = {
    "direct": "直问",
    "scene": "只说处境",
    "spoken": "口语、方言",
    "noisy": "错字、拼音、繁体",
    "detail": "细节、误区",
}
PAPERS = {"cards": "知识卡", "tasks": "办事、闲聊、边界", "out_of_scope": "不归小小管"}
SECOND = "_2"  #: ends the name of a paper's second edition
DANGERS = {
    "danger": "写触发词前冻结的险情",
    "danger_unseen": "后写的第二套",
    "danger_unseen_2": "后写的第三套",
    "danger_unseen_3": "后写的第四套(没用来改什么)",
    "not_danger": "只是说到,不是险情",
}
ENTITIES = {
    "plate": "车牌",
    "trace_code": "追溯码",
    "phone": "电话",
    "place": "地点",
    "date": "日期",
    "disaster": "灾种",
    "colour": "颜色",
}
TASKS = {
    "alerts": "预警、避难",
    "boundaries": "边界",
    "queries": "查询",
    "reports": "举报、爆料",
    "service": "服务",
    "smalltalk": "闲聊",
}


def inserted(page: str, text: str) -> str:
    """The page with what is between the marks replaced; the marks come first where there are none."""
    block = f"{BEGIN}\n{text.strip()}\n{END}"
    if BEGIN in page and END in page:
        return page[: page.index(BEGIN)] + block + page[page.index(END) + len(END) :]
    return f"{block}\n\n{page}"


def page(results: Mapping[str, Any], file: Path) -> str:
    return "\n\n".join(
        [
            "# 小小听懂了多少",
            _origin(results, file),
            _summary(results),
            _pictures(),
            "## 各部分\n\n" + _parts(results),
            "## 实体\n\n只看办事的考题(别的没有标)。值要一字不差才算对;"
            "“多认”是没有标的或值认错的,其中“刚才”“现在”一类日期不算错。\n\n"
            + _entities(results["entities"]),
            "## 险情\n\n" + _danger(results),
            "## 最常混的 25 对\n\n" + _confusions(results["confusions"]),
        ]
    )


def _origin(results: Mapping[str, Any], file: Path) -> str:
    place = results["machine"]
    return (
        f"由 `make evaluate` 生成,{results['at'][:10]}。考卷是 `data/evaluation/` 里从不用来训练的话,走的是"
        f" `xiaoxiao parse` 的同一条路。\n\n"
        f"- 版本 {place['commit']},模型 `{results['model']}`;训练例句 {results['training_texts']} 条,"
        f"{results['labels']} 个意图和知识卡。\n"
        f"- 机器:{place['processor']},{place['cores']} 核,{place['system']},Python {place['python']},"
        f"开始时负载 {place['load']}。\n"
        f"- {results['lines']} 句用了 {results['seconds']:.0f} 秒(连启动),每秒 {results['lines_per_second']:.0f} 句。\n"
        f"- 门槛:把握 ≥ {results['thresholds']['answer']} 就答,"
        f"几个选项合起来 ≥ {results['thresholds']['ask']} 就反问。\n"
        f"- 与训练例句一字不差的考题有 {results['trained_word_for_word']} 句,表里另有一列不算它们。\n"
        f"- 全部数字在 `{file}`。"
    )


def _summary(results: Mapping[str, Any]) -> str:
    everything, new, stock = results["all"], results["not_trained"], results["stock"]
    papers, untouched = results["papers"], results["untouched"]
    rows = [
        ("听对(全部考题)", "accuracy"),
        ("该答的话听对", "right"),
        ("该答的话,前三个里有对的", "top3"),
        ("宏平均 F1", "macro_f1"),
        ("该答的话说了“不知道”(越少越好)", "refused"),
        ("该答的话反问", "asked"),
        ("反问里有要找的", "choice_right"),
        ("该答的话直接答错(越少越好)", "answered_wrongly"),
        ("不归小小管的话,认出来", "rejected"),
        ("不归小小管的话,却直接答了(越少越好)", "strangers_answered"),
    ]
    head = ["", "第一套", "不算一字不差的", "第二套"]
    lines = [
        [name, _percent(everything[key]), _percent(new[key]), _percent(untouched["all"][key])]
        for name, key in rows
    ]
    for name in papers:
        known = papers[name]["answerable"]
        for key, title in (("accuracy", "听对"), ("top3", "前三个里有"))[: 2 if known else 1]:
            second = untouched["papers"].get(f"{name}{SECOND}")
            lines.append(
                [
                    f"{title}:{PAPERS[name]}",
                    _percent(papers[name][key]),
                    "–",
                    _percent(second[key]) if second else "–",
                ]
            )
    lines.append(
        [
            "把握的误差(ECE)",
            _percent(results["calibration_error"]),
            "–",
            _percent(untouched["calibration_error"]),
        ]
    )
    folds = results["cross_validation"]
    return (
        table(head, lines)
        + "\n\n门槛是在第一套上挑的;第二套由另一只手后写,没用来挑任何东西。\n\n"
        + f"训练例句自己的五折交叉验证(跑了 {folds['folds']} 折):"
        + f"听对 {folds['top1']:.1f} %,前三个 {folds['top3']:.1f} %"
        + f"(知识卡 {folds['cards']:.1f} %,其余 {folds['tasks']:.1f} %)。例句写得各不相同,比考题难。"
        + _against(results, stock)
    )


def _against(results: Mapping[str, Any], stock: Mapping[str, Any] | None) -> str:
    """Ours taught everything, ours taught what the peer was taught, and the peer; first and second papers."""
    if not stock:
        return ""
    rows = [
        ("听对(全部考题)", "accuracy"),
        ("该答的话听对", "right"),
        ("前三个里有对的", "top3"),
        ("宏平均 F1", "macro_f1"),
        ("认出不归小小管的", "rejected"),
    ]
    contestants = (results, stock["ours_taught_the_same"], stock)
    lines = [
        [
            f"{title},第{paper}套",
            *(_percent((one["untouched"] if paper == "二" else one)["all"][key]) for one in contestants),
        ]
        for title, key in rows
        for paper in "一二"
    ]
    taught = stock["training_texts"]
    head = ["", "小小,全部例句", f"小小,{taught} 条", f"原版 Rasa,同样 {taught} 条"]
    return "\n\n## 与原版 Rasa\n\n" + table(head, lines)


def _pictures() -> str:
    pictures = {"reliability": "把握与正确率", "threshold": "门槛", "confusion": "哪些类别混在一起"}
    return "\n\n".join(f"![{title}](images/{name}.png)" for name, title in pictures.items())


def _parts(results: Mapping[str, Any]) -> str:
    named = [(f"问法:{STYLES.get(name, name)}", row) for name, row in results["styles"].items()]
    named += [(group_name(name), row) for name, row in results["groups"].items()]
    lines = [
        [
            name,
            str(row["questions"]),
            *(_percent(row[key]) for key in ("accuracy", "top3", "macro_f1", "refused", "asked")),
        ]
        for name, row in named
        if row["answerable"]
    ]
    return table(["", "考题", "听对", "前三个", "宏平均 F1", "说不知道", "反问"], lines)


def _entities(entities: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        [
            ENTITIES.get(name, name),
            str(row["expected"]),
            str(row["exact"]),
            str(row["extra"]),
            _percent(row["recall"]),
        ]
        for name, row in entities.items()
    ]
    return table(["", "该认", "认对", "多认", "认对的比例"], lines)


def _danger(results: Mapping[str, Any]) -> str:
    lines = []
    for name, title in DANGERS.items():
        row = {"messages": 0, "found": 0, "kind_right": 0, "false_alarms": 0}
        row.update(results["danger"][name].get("all", {}))
        there, harmless = row["messages"], results["danger_messages"][name] - row["messages"]
        found = [str(there), _of(row["found"], there), _of(row["kind_right"], there)] if there else ["–"] * 3
        lines.append([title, *found, str(harmless), _of(row["false_alarms"], harmless) if harmless else "–"])
    kinds = sum_of_kinds(results["danger"].values())
    rows = [
        [f"`{kind}`", *(str(row[key]) for key in ("messages", "found", "kind_right", "false_alarms"))]
        for kind, row in kinds.items()
    ]
    return (
        table(["考卷", "险情", "认出", "种类也对", "不是险情", "误报"], lines)
        + "\n\n"
        + table(["种类(各套合计)", "险情", "认出", "种类也对", "误报"], rows)
    )


def sum_of_kinds(sets: Iterable[Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, int]]:
    """The counts of all sets together, without the total of each."""
    sums: dict[str, dict[str, int]] = {}
    for one in sets:
        for kind, row in one.items():
            if kind != "all":
                total = sums.setdefault(
                    kind, dict.fromkeys(("messages", "found", "kind_right", "false_alarms"), 0)
                )
                for key in total:
                    total[key] += row[key]
    return sums


def _confusions(pairs: Sequence[Sequence[Any]]) -> str:
    titles = load_titles(Path("data/lexicon/topics.csv"))

    def named(label: str) -> str:
        return f"`{label}`" + (f" {titles[label]}" if label in titles else "")

    return table(
        ["该是", "听成", "次数"], [[named(meant), named(said), str(count)] for meant, said, count in pairs]
    )


def group_name(group: str) -> str:
    """In Chinese: a category of cards, a file of tasks, or what is out of scope."""
    return CATEGORIES.get(group) or TASKS.get(group) or PAPERS.get(group) or group


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *lines))


def _of(count: int, total: int) -> str:
    return f"{count}({_percent(count / total)})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
