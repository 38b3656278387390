"""Who gives a command: for the audit trail."""

from __future__ import annotations

import argparse
import getpass
import os


def add_by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", metavar="姓名", help="谁决定的;不写就记登录这台机器的用户")


def actor(by: str | None = None) -> str:
    """ "cli:li", or "王主任(cli:li)": who decided, and through whose login."""
    try:
        login = f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number that has no name
        login = f"cli:{os.getuid()}"
    return f"{by.strip()}({login})" if by and by.strip() else login
