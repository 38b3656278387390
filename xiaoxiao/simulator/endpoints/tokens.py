"""access_token: /token and /stable_token, whose tokens are valid side by side."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from xiaoxiao.simulator.endpoints.call import ApiError, Call, text

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

LIFETIME = timedelta(seconds=7_200)
OVERLAP = timedelta(minutes=5)  #: how long a replaced token still works
FORCED_PER_DAY = 20
FORCED_APART = timedelta(seconds=30)

_INVALID = (
    "invalid credential, access_token is invalid or not latest, could get access_token by "
    "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
)


@dataclass
class Tokens:
    expiry: dict[str, datetime] = field(default_factory=dict)  #: every token ever issued
    classic: str = ""
    stable: str = ""
    forced: list[datetime] = field(default_factory=list)

    def check(self, token: str | None, *, now: datetime) -> None:
        """Raises ApiError 41001, 40001, 42001."""
        if not token:
            raise ApiError(41001, "access_token missing")
        if token not in self.expiry:
            raise ApiError(40001, _INVALID)
        if now >= self.expiry[token]:
            raise ApiError(42001, "access_token expired")

    def issue(self, *, now: datetime) -> str:
        """A new classic token; the former one works five minutes more."""
        self._shorten(self.classic, now + OVERLAP)
        self.classic = self._new(now)
        return self.classic

    def issue_stable(self, *, force: bool, now: datetime) -> str:
        """The present token, until it nears its end. Raises ApiError when force is used too often."""
        if force:
            self._count_forced(now)
            self._shorten(self.stable, now)
        elif self.stable and self.expiry[self.stable] - now > OVERLAP:
            return self.stable
        self.stable = self._new(now)
        return self.stable

    def revoke(self) -> None:
        """Make every token invalid at once (a leak, or another process with the same AppID)."""
        self.expiry.clear()
        self.classic = self.stable = ""

    def _new(self, now: datetime) -> str:
        token = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(112)}"
        self.expiry[token] = now + LIFETIME
        return token

    def _shorten(self, token: str, until: datetime) -> None:
        if token in self.expiry:
            self.expiry[token] = min(self.expiry[token], until)

    def _count_forced(self, now: datetime) -> None:
        self.forced = [at for at in self.forced if now - at < timedelta(days=1)]
        if self.forced and now - self.forced[-1] < FORCED_APART:
            raise ApiError(45011, "api minute-quota reach limit, must slower retry next minute")
        if len(self.forced) >= FORCED_PER_DAY:
            raise ApiError(45009, "reach max api daily quota limit")
        self.forced.append(now)


def token(platform: Platform, call: Call) -> dict[str, Any]:
    _check_account(platform, dict(call.query))
    now = platform.clock.now()
    return _answer(platform, platform.api.tokens.issue(now=now))


def stable_token(platform: Platform, call: Call) -> dict[str, Any]:
    data = call.json()
    _check_account(platform, data)
    force = data.get("force_refresh") is True
    return _answer(platform, platform.api.tokens.issue_stable(force=force, now=platform.clock.now()))


def _check_account(platform: Platform, data: dict[str, Any]) -> None:
    if data.get("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    if not text(data, "appid"):
        raise ApiError(41002, "appid missing")
    if text(data, "appid") != platform.account.app_id:
        raise ApiError(40013, "invalid appid")
    if not text(data, "secret"):
        raise ApiError(41004, "appsecret missing")
    if text(data, "secret") != platform.account.secret:
        raise ApiError(40125, "invalid appsecret")


def _answer(platform: Platform, issued: str) -> dict[str, Any]:
    left = platform.api.tokens.expiry[issued] - platform.clock.now()
    return {"access_token": issued, "expires_in": int(left.total_seconds())}
