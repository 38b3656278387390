"""The `xiaoxiao` command: which words it knows. What each does stands in `xiaoxiao/commands/`."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module

from xiaoxiao.errors import XiaoxiaoError

#: (name, module in xiaoxiao.commands, one line of help)
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("run", "run", "建库、按需训练并启动(make run 用的就是它)"),
    ("serve", "run", "只启动,用现有的模型"),
    ("train", "train", "训练;数据没变就跳过"),
    ("chat", "chat", "在终端里和小小对话;--jsonl 逐行读写 JSON"),
    ("parse", "parse", '从标准输入逐行读 {"text": …},写出理解的结果'),
    (
        "conversations",
        "conversations",
        "会话:list 列出、show 查看、reply 回复、take 接手、release 交还、resolve 办结",
    ),
    (
        "cases",
        "cases",
        "事项(爆料、投诉、建议、求助):list 列出、show 查看、assign 转办、advance 推进、answer 答复、merge 并案……",
    ),
    (
        "rewards",
        "rewards",
        "举报奖励:list 列出、propose 定金额、approve 批准、claim 领取、pay 发放、publish 公示……",
    ),
    ("menu", "menu", "公众号菜单:push 推送、show 查看、delete 删除"),
    (
        "knowledge",
        "knowledge",
        "知识卡片:check 检查、list 列出、show 查看、disable 停用、enable 恢复、disabled 看停用了哪些",
    ),
    ("emergency", "emergency", "应急状态:on 进入、off 解除、status 查看"),
    (
        "import",
        "imports",
        "导入单位的数据:违章、食品追溯、预警、避难场所……;template 表头、sample 示例、status 现有",
    ),
    ("backend", "backend", "数据后端:serve 按约定提供已导入的数据,check 检查单位自己的后端"),
    ("migrate", "migrate", "把数据库升级到当前版本"),
    ("settings", "settings", "列出全部设置及其现值(密钥不显示)"),
)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xiaoxiao", description="小小:应急管理部门的公众号助手")
    words = parser.add_subparsers(dest="command", metavar="命令", required=True)
    for name, module, summary in COMMANDS:
        word = words.add_parser(name, help=summary, description=summary)
        word.set_defaults(module=module)
        command = import_module(f"xiaoxiao.commands.{module}")
        add_arguments: Callable[[argparse.ArgumentParser], None] | None = getattr(
            command, "add_arguments", None
        )
        if add_arguments is not None:
            add_arguments(word)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    _quieten()
    options = build_parser().parse_args(arguments)
    execute: Callable[[argparse.Namespace], int] = import_module(
        f"xiaoxiao.commands.{options.module}"
    ).execute
    try:
        status = execute(options)
    except XiaoxiaoError as problem:
        print(f"✗ {problem}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        sys.stderr.close()
        status = 0
    sys.exit(status)


def _quieten() -> None:
    """What old libraries say to programmers is nothing for an operator; python -W brings it back."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not sys.warnoptions:
        # a filter would not do: some of them set filters of their own when they are imported
        warnings.showwarning = lambda *_, **__: None
