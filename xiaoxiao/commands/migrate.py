"""`xiaoxiao migrate`: bring the database to the tables of this version."""

from __future__ import annotations

import argparse

from xiaoxiao.settings import Settings
from xiaoxiao.store.migration import migrate


def execute(options: argparse.Namespace) -> int:
    migrate(Settings.read().database_url.reveal())
    print("  数据库已是当前版本")
    return 0
