"""One contract for every storage: memory, a folder, an S3 bucket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiaoxiao.errors import NotFound, StorageUnavailable
from xiaoxiao.media.s3 import S3Storage
from xiaoxiao.media.storage import FolderStorage, MemoryStorage, Storage, digest_of

KEYS = {"region": "us-east-1", "access_key": "key", "secret_key": "secret"}


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    import boto3

    made = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    made.create_bucket(Bucket="evidence")
    yield endpoint
    server.stop()


@pytest.fixture(params=["memory", "folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "memory":
        return MemoryStorage()
    if request.param == "folder":
        return FolderStorage(tmp_path / "var" / "media")
    endpoint = request.getfixturevalue("s3_endpoint")
    return S3Storage("evidence", "/photos/", endpoint=endpoint, **KEYS)


def test_what_is_put_in_comes_out(storage: Storage) -> None:
    content = bytes(range(256)) * 100
    digest = storage.put(content, "image/jpeg")
    assert digest_of(content) == digest
    assert content == storage.get(digest)
    assert storage.has(digest)


def test_the_same_content_is_one_file(storage: Storage) -> None:
    assert storage.put(b"once", "image/jpeg") == storage.put(b"once", "image/png")


def test_what_is_deleted_is_gone_and_may_be_deleted_again(storage: Storage) -> None:
    digest = storage.put(b"private", "image/jpeg")
    storage.delete(digest)
    storage.delete(digest)
    assert not storage.has(digest)
    with pytest.raises(NotFound):
        storage.get(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_only_a_digest_names_a_file(storage: Storage, digest: str) -> None:
    for act in (storage.get, storage.has, storage.delete):
        with pytest.raises(NotFound):
            act(digest)


def test_a_file_that_was_changed_is_not_given_out(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    digest = storage.put(b"evidence", "image/jpeg")
    (tmp_path / digest[:2] / digest[2:4] / digest).write_bytes(b"forged")
    with pytest.raises(StorageUnavailable):
        storage.get(digest)


def test_files_are_for_this_user_only_and_nothing_unfinished_stays(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "media")
    storage.put(b"evidence", "image/jpeg")
    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert [0o600] == [path.stat().st_mode & 0o777 for path in files]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        FolderStorage(tmp_path / "file").put(b"x", "image/jpeg")


def test_a_bucket_that_is_missing_or_away_says_so(s3_endpoint: str) -> None:
    with pytest.raises(StorageUnavailable):
        S3Storage("nobodys", endpoint=s3_endpoint, **KEYS).put(b"x", "image/jpeg")
    with pytest.raises(StorageUnavailable):
        S3Storage("evidence", endpoint="http://127.0.0.1:9", **KEYS).get("a" * 64)
