"""Server processes of the benchmark: started on loopback, watched, stopped by their own id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    started_at: float  #: time.perf_counter()

    def memory_mb(self) -> int:
        """Memory of the process and its children; what they share counts once (PSS)."""
        return sum(_memory_kb(pid) for pid in _family(self.process.pid)) // 1024

    def cpu_seconds(self) -> float:
        """Processor time used so far: tells little of what else the machine does."""
        return sum(_cpu_ticks(pid) for pid in _family(self.process.pid)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        for pid in reversed(_family(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)


def start(command: Sequence[str], *, port: int, cwd: Path, log: Path, env: Mapping[str, str]) -> Server:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **env}, stdout=output, stderr=subprocess.STDOUT
        )
    return Server(process, port, time.perf_counter())


def wait_until(ready: Callable[[], bool], server: Server, *, limit_seconds: float) -> float:
    """Seconds from start to the first time `ready` is true. Raises RuntimeError when it never is."""
    while time.perf_counter() - server.started_at < limit_seconds:
        if server.process.poll() is not None:
            raise RuntimeError(f"The server on port {server.port} ended at once; see its log in var/bench/.")
        with suppress(OSError):
            if ready():
                return time.perf_counter() - server.started_at
        time.sleep(0.1)
    raise RuntimeError(f"The server on port {server.port} does not answer within {limit_seconds:.0f} s.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(
    command: Sequence[str], *, cwd: Path, log: Path, env: Mapping[str, str], limit_seconds: float
) -> float:
    """Run to the end; the seconds it took. Raises RuntimeError with the end of its log when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    with log.open("wb") as output:
        finished = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=limit_seconds,
            check=False,
        )
    if finished.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{log.read_text(errors='replace')[-2000:]}")
    return time.perf_counter() - began


def _family(pid: int) -> list[int]:
    members = [pid]
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in children:
            members += _family(int(child))
    return members


def _memory_kb(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _cpu_ticks(pid: int) -> int:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])  # utime, stime
    return 0
