"""The load says what it claims to say: nothing twice, bursts spread, samples fair."""

from __future__ import annotations

from pathlib import Path

from bench.load import signed_message, spread
from bench.messages import all_different, questions, repeated
from bench.peer_project import sample

TEXTS = ["地震了怎么办", "煤气漏了", "被蛇咬了"]


def test_no_two_messages_are_alike() -> None:
    messages = all_different(TEXTS, 500)
    assert len(set(messages)) == len(messages) == 500


def test_messages_are_the_same_every_time() -> None:
    assert all_different(TEXTS, 20) == all_different(TEXTS, 20)


def test_a_real_burst_repeats_itself_but_not_only() -> None:
    messages = repeated([str(number) for number in range(300)], 1000)
    assert 50 < len(set(messages)) < 300


def test_a_burst_is_spread_over_its_window() -> None:
    moments = spread(1000, 10.0)
    assert moments == sorted(moments)
    assert all(50 < sum(second <= moment < second + 1 for moment in moments) < 150 for second in range(10))


def test_held_out_questions_go_before_training_examples(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text('{"text": "家里进水了"}\n\n', encoding="utf-8")
    assert questions(tmp_path, TEXTS) == ["家里进水了"]
    assert questions(tmp_path / "nothing", TEXTS) == TEXTS


def test_every_intent_keeps_its_share_of_a_sample() -> None:
    examples = [{"intent": name} for name in ["big"] * 80 + ["small"] * 20]
    kept = [example["intent"] for example in sample(examples, 50)]
    assert (kept.count("big"), kept.count("small")) == (40, 10)


def test_a_message_is_signed_over_token_time_and_nonce() -> None:
    query, body = signed_message("openid", "你好", "7")
    assert len(query["signature"]) == 40
    assert "<MsgId>7</MsgId>" in body
