"""Where files are kept, by the hash of what is in them: the same photo sent twice is one file.

A port with three doors: a folder, an S3 bucket (s3.py) and, for tests, memory. Blocking; call it on a thread.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from xiaoxiao.errors import NotFound, StorageUnavailable

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Storage(Protocol):
    """StorageUnavailable when it does not answer, is full, or gives back something else than was put in."""

    def put(self, content: bytes, content_type: str) -> str:
        """Keep it; its digest (SHA-256, 64 hex digits). Put again, nothing changes."""

    def get(self, digest: str) -> bytes:
        """NotFound when there is none."""

    def has(self, digest: str) -> bool: ...

    def delete(self, digest: str) -> None:
        """Gone afterwards, whether it was there or not."""


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checked(digest: str) -> str:
    """A digest becomes a path: nothing else may."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound("没有这个文件。")
    return digest


def unspoilt(content: bytes, digest: str) -> bytes:
    """Evidence that was changed is none."""
    if digest_of(content) != digest:
        raise StorageUnavailable(f"存储里的文件 {digest[:12]}… 和登记时不一样,可能已损坏或被改动。")
    return content


class FolderStorage:
    """ab/cd/abcd…: readable by this system's user only, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes, content_type: str) -> str:
        digest = digest_of(content)
        path = self._path(digest)
        if not self.has(digest):
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(path, content)
            except OSError as problem:
                raise StorageUnavailable(f"写不进 {self._folder}:{problem.strerror}。") from problem
        return digest

    def get(self, digest: str) -> bytes:
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound("没有这个文件。") from None
        except OSError as problem:
            raise StorageUnavailable(f"读不了 {self._folder}:{problem.strerror}。") from problem
        return unspoilt(content, digest)

    def has(self, digest: str) -> bool:
        return self._path(digest).is_file()

    def delete(self, digest: str) -> None:
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as problem:
            raise StorageUnavailable(f"删不掉 {self._folder} 里的文件:{problem.strerror}。") from problem

    def _path(self, digest: str) -> Path:
        name = checked(digest)
        return self._folder / name[:2] / name[2:4] / name


class MemoryStorage:
    """The twin for tests."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def put(self, content: bytes, content_type: str) -> str:
        digest = digest_of(content)
        self._files[digest] = content
        return digest

    def get(self, digest: str) -> bytes:
        if checked(digest) not in self._files:
            raise NotFound("没有这个文件。")
        return unspoilt(self._files[digest], digest)

    def has(self, digest: str) -> bool:
        return checked(digest) in self._files

    def delete(self, digest: str) -> None:
        self._files.pop(checked(digest), None)


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)  # for us alone (0600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
