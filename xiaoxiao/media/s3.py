"""Files in an S3 bucket, or in anything that speaks its API (阿里云 OSS, 腾讯云 COS, MinIO)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xiaoxiao.errors import NotFound, StorageUnavailable
from xiaoxiao.media.storage import checked, digest_of, unspoilt

_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Storage:
    """Keys are prefix/ab/abcd…; the bucket must exist and be private. Data must stay in the country (PIPL 36)."""

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: str = "",
    ) -> None:
        """Without keys, those of the machine's role or ~/.aws are used. Connects to nothing yet."""
        self._bucket = bucket
        self._prefix = prefix.strip("/")
        self._client = _client(endpoint, region, access_key, secret_key)

    def put(self, content: bytes, content_type: str) -> str:
        digest = digest_of(content)
        if not self.has(digest):
            with _translated():
                self._client.put_object(**self._object(digest), Body=content, ContentType=content_type)
        return digest

    def get(self, digest: str) -> bytes:
        try:
            with _translated():
                content: bytes = self._client.get_object(**self._object(digest))["Body"].read()
        except _Absent:
            raise NotFound("没有这个文件。") from None
        return unspoilt(content, digest)

    def has(self, digest: str) -> bool:
        try:
            with _translated():
                self._client.head_object(**self._object(digest))
        except _Absent:
            return False
        return True

    def delete(self, digest: str) -> None:
        with _translated():
            self._client.delete_object(**self._object(digest))

    def _object(self, digest: str) -> dict[str, str]:
        name = checked(digest)
        parts = [self._prefix, name[:2], name] if self._prefix else [name[:2], name]
        return {"Bucket": self._bucket, "Key": "/".join(parts)}


class _Absent(Exception):
    pass


def _client(endpoint: str, region: str, access_key: str, secret_key: str) -> Any:
    import boto3  # half a second, and only offices with a bucket need it
    from botocore.config import Config

    patience = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 2})
    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or None,
        aws_access_key_id=access_key or None,
        aws_secret_access_key=secret_key or None,
        config=patience,
    )


@contextmanager
def _translated() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as problem:
        code = str(problem.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            raise _Absent from problem
        raise StorageUnavailable(
            f"对象存储拒绝了请求({code});检查 MEDIA_STORAGE 和 S3_ 开头的设置。"
        ) from problem
    except BotoCoreError as problem:
        raise StorageUnavailable(f"对象存储没有回应:{type(problem).__name__}。") from problem
