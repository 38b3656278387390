from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """The address of a running simulated office, one for each test module."""
    with running_office(free_port()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["TEST_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def running_office(port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.browser.simulated_office", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield _answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(30)


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    """Ask until it answers; a server that ended fails at once."""
    while process.poll() is None:
        try:
            httpx.get(f"{address}/simulator/state", trust_env=False)
            return address
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"the simulated office ended with {process.returncode}")
