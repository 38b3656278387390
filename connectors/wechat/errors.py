"""What can go wrong between us and WeChat, and what to do about it.

No message here ever carries an AppSecret, an access_token or a Token: they end up in logs.
"""

from __future__ import annotations

from enum import Enum


class Refused(Exception):
    """Something that came in is not to be trusted or not to be understood."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SignatureInvalid(Refused):
    """The signature is not WeChat's."""


class CryptoError(Refused):
    """The encrypted message cannot be opened, or the keys are not usable."""


class MessageMalformed(Refused):
    """The body is not a message of the WeChat protocol."""


class CallFailed(Exception):
    """A call of the WeChat API did not succeed."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class WeChatUnreachable(CallFailed):
    """The request never reached WeChat: it may be repeated."""


class WeChatUncertain(CallFailed):
    """The call broke off after the request left: nobody knows whether it took effect."""


class MediaTooLarge(CallFailed):
    """The file is larger than we are willing to read."""


class Remedy(Enum):
    """What the caller does about an error code."""

    RETRY = "retry"  #: the platform is busy: again, after a moment
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  #: the client has done it once already, in vain
    HOLD = "hold"  #: window closed or quota used up: keep it for the citizen's next message, never retry
    SPLIT = "split"  #: content too long: send it in parts
    DROP = "drop"  #: this person does not receive it: not following, black-listed, refused, unknown openid
    FALL_BACK = "fall_back"  #: this kind of message or file will not do: send plain text instead
    NO_RIGHT = "no_right"  #: the account may not use this API: remember it, tell the operator
    BACK_OFF = "back_off"  #: daily or per-minute limit of the API: much later
    CONFIGURE = "configure"  #: app id, secret, IP allow-list or template id: only the operator can help
    IGNORE = "ignore"  #: of no consequence (typing indicator not wanted right now)
    BUG = "bug"  #: our request was wrong, or the code is unknown to us: log it, do not repeat


#: Official pages: 全局返回码, 客服消息, 获取稳定版接口调用凭据.
_REMEDIES: dict[Remedy, tuple[int, ...]] = {
    Remedy.RETRY: (-1,),
    Remedy.REFRESH_TOKEN: (40001, 40014, 42001),
    Remedy.HOLD: (45015, 45047),
    Remedy.SPLIT: (45002,),
    Remedy.DROP: (40003, 43004, 43019, 43101, 48002),
    Remedy.FALL_BACK: (40200, 40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40012, 40137, 45001),
    Remedy.NO_RIGHT: (48001, 48004, 50001, 50002),
    Remedy.BACK_OFF: (45009, 45011),
    Remedy.CONFIGURE: (40002, 40013, 40037, 40125, 40164, 40243, 41002, 41004, 45035, 61004),
    Remedy.IGNORE: (45080, 45081),
}
_BY_CODE: dict[int, Remedy] = {code: kind for kind, codes in _REMEDIES.items() for code in codes}


def remedy(errcode: int) -> Remedy:
    """What to do about an errcode; BUG for one we do not know."""
    return _BY_CODE.get(errcode, Remedy.BUG)


class WeChatError(CallFailed):
    """WeChat refused a call. Match `errcode` only: the wording of errmsg changes."""

    def __init__(self, errcode: int, errmsg: str = "", rid: str = "") -> None:
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid  #: number of the request at WeChat, for their support
        super().__init__(f"WeChat error {errcode}: {errmsg}" + (f" (rid {rid})" if rid else ""))

    @property
    def remedy(self) -> Remedy:
        return remedy(self.errcode)


class TokenRefused(WeChatError):
    """WeChat gave no access_token. 40001 means a wrong AppSecret here, which no refresh can mend."""

    @property
    def remedy(self) -> Remedy:
        found = remedy(self.errcode)
        return Remedy.CONFIGURE if found is Remedy.REFRESH_TOKEN else found
