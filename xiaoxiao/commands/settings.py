"""`xiaoxiao settings`: what can be set, and to what it is set now."""

from __future__ import annotations

import argparse

from xiaoxiao.settings import SETTINGS, present


def execute(options: argparse.Namespace) -> int:
    values = present()  # a wrong value is named before anything is listed
    for setting in SETTINGS:
        value = values[setting.name]
        hidden = setting.secret and value != setting.default
        shown = "(已设置,不显示)" if hidden else value or "(未设置)"
        print(f"{setting.name}={shown}\n    {setting.help}")
    return 0
