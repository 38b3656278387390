"""Error codes and what to do about them."""

from __future__ import annotations

import pytest

from connectors.wechat.errors import (
    CallFailed,
    CryptoError,
    MediaTooLarge,
    MessageMalformed,
    Refused,
    Remedy,
    SignatureInvalid,
    TokenRefused,
    WeChatError,
    WeChatUncertain,
    WeChatUnreachable,
    remedy,
)


@pytest.mark.parametrize(
    ("expected", "codes"),
    [
        (Remedy.RETRY, [-1]),
        (Remedy.REFRESH_TOKEN, [40001, 40014, 42001]),
        (Remedy.HOLD, [45015, 45047]),
        (Remedy.SPLIT, [45002]),
        (Remedy.DROP, [40003, 43004, 43019, 43101]),
        (Remedy.FALL_BACK, [40200, 40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40012, 40137]),
        (Remedy.NO_RIGHT, [48001, 48004, 50001, 50002]),
        (Remedy.BACK_OFF, [45009, 45011]),
        (Remedy.CONFIGURE, [40002, 40013, 40125, 40164, 40243, 61004, 45035]),
        (Remedy.IGNORE, [45080, 45081]),
        (Remedy.BUG, [40033, 41001, 45008, 45072]),
    ],
)
def test_each_documented_code_has_its_remedy(expected: Remedy, codes: list[int]) -> None:
    assert dict.fromkeys(codes, expected) == {code: remedy(code) for code in codes}


def test_an_unknown_code_is_not_repeated() -> None:
    assert Remedy.BUG is remedy(99999)


def test_an_error_knows_its_remedy_and_shows_code_text_and_rid() -> None:
    error = WeChatError(45015, "response out of time limit", "66f-1")

    assert Remedy.HOLD is error.remedy
    assert "WeChat error 45015: response out of time limit (rid 66f-1)" == str(error)


def test_a_token_refused_for_a_wrong_secret_is_a_matter_of_configuration() -> None:
    assert Remedy.CONFIGURE is TokenRefused(40001).remedy
    assert Remedy.CONFIGURE is TokenRefused(40164).remedy
    assert Remedy.RETRY is TokenRefused(-1).remedy


@pytest.mark.parametrize("kind", [SignatureInvalid, CryptoError, MessageMalformed])
def test_what_comes_in_is_refused_with_one_family_of_errors(kind: type[Refused]) -> None:
    assert issubclass(kind, Refused)
    assert kind.__doc__ == str(kind())


@pytest.mark.parametrize("kind", [WeChatUnreachable, WeChatUncertain, MediaTooLarge])
def test_what_goes_out_fails_with_one_family_of_errors(kind: type[CallFailed]) -> None:
    assert issubclass(kind, CallFailed)
    assert kind.__doc__ == str(kind())
