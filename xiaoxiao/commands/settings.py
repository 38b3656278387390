"""`xiaoxiao settings`: what can be set, and to what it is set now."""

from __future__ import annotations

import argparse
import os

from xiaoxiao.settings import SETTINGS, Settings


def execute(options: argparse.Namespace) -> int:
    Settings.read()  # a wrong value is named before anything is listed
    for setting in SETTINGS:
        value = os.environ.get(setting.name, "") or setting.default
        shown = "(已设置,不显示)" if setting.secret and os.environ.get(setting.name) else value or "(未设置)"
        print(f"{setting.name}={shown}\n    {setting.help}")
    return 0
