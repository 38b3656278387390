"""The Official Account that the simulated platform hosts: credentials, kind and rights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from xiaoxiao.errors import ConfigurationError


class Mode(str, Enum):
    """How pushed messages travel (公众号后台「消息加解密方式」)."""

    PLAIN = "plain"  #: 明文模式
    COMPATIBLE = "compatible"  #: 兼容模式: plaintext and ciphertext side by side
    SAFE = "safe"  #: 安全模式: ciphertext only


class Kind(str, Enum):
    SERVICE = "service"  #: 服务号
    SUBSCRIPTION = "subscription"  #: 订阅号 (公众号)
    TEST = "test"  #: 公众平台测试号


@dataclass(frozen=True)
class Account:
    app_id: str = "wx5a1b2c3d4e5f6071"
    secret: str = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of an account that does not exist
    token: str = "xiaoxiao"  # noqa: S105 - likewise
    aes_key: str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"  #: EncodingAESKey; "" in plain mode
    gh_id: str = "gh_0123456789ab"  #: the account's own id (ToUserName of what comes in)
    mode: Mode = Mode.SAFE
    customer_service: bool = True  #: the right to send customer-service messages (verified accounts)
    kind: Kind = Kind.SERVICE
    name: str = "小小"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", self.token):
            raise ConfigurationError("模拟公众号的 Token 应为 3–32 位英文字母或数字。")
        if self.mode is not Mode.PLAIN and not re.fullmatch(r"[A-Za-z0-9]{43}", self.aes_key):
            raise ConfigurationError("模拟公众号的 EncodingAESKey 应为 43 位英文字母或数字。")
