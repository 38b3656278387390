"""What citizens read about their cases: number, what happens next, by when, and never a promise of money."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from xiaoxiao.delivery.cutting import size
from xiaoxiao.desk.case_notices import CaseNotices, moment, yuan
from xiaoxiao.desk.draft import Filed
from xiaoxiao.desk.outcomes import Erased, Stored
from xiaoxiao.notices import Notices
from xiaoxiao.persona import load_persona
from xiaoxiao.store.case import Case, CaseState, CaseType, Reward, RewardState
from xiaoxiao.store.conversation import Answer, Button

ROOT = Path(__file__).parents[3]
DUE = datetime(2026, 11, 25, 8, tzinfo=timezone.utc)
NUMBER = "YJ20261123-0042"


@pytest.fixture(scope="module")
def notices() -> CaseNotices:
    persona = load_persona(ROOT / "persona.yml")
    return CaseNotices(Notices.load(ROOT / "data/notices.yml", persona.placeholders()))


def case(state: CaseState = CaseState.RECEIVED, **more: object) -> Case:
    what = more.pop("what", "井盖丢了")
    return Case(NUMBER, CaseType.REPORT, state, 1, str(what), DUE, DUE, DUE, **more)  # type: ignore[arg-type]


def test_filing_tells_number_next_step_time_and_that_it_is_no_emergency_call(notices: CaseNotices) -> None:
    for filed in (Filed(case()), Filed(case(), attached=True)):
        text = notices.filed(filed).text
        assert all(word in text for word in (NUMBER, "11月25日(周三)16:00", "我的进度", "119", "120", "110"))


def test_every_state_but_her_own_acts_is_told_with_the_number(notices: CaseNotices) -> None:
    for state in CaseState:
        told = notices.changed(case(state, answer="修好了"))
        assert (told is None) == (state in (CaseState.RECEIVED, CaseState.WITHDRAWN))
        assert told is None or NUMBER in told.text


def test_an_answer_may_be_marked_with_one_tap(notices: CaseNotices) -> None:
    told = notices.changed(case(CaseState.ANSWERED, answer="修好了"))
    assert told is not None
    marks = [button.payload for button in told.buttons]  # a typed 5 is five points
    assert [f'/rate_case{{"number": "YJ20261123-0042", "score": "{n}"}}' for n in range(1, 6)] == marks


def test_braces_and_dollars_in_an_answer_are_only_text(notices: CaseNotices) -> None:
    told = notices.changed(case(CaseState.ANSWERED, answer="{number} $number {0} <a href='x'>"))
    assert told is not None
    assert "{number} $number {0} <a href='x'>" in told.text


def test_progress_shows_each_in_its_state_and_no_markup(notices: CaseNotices) -> None:
    shown = notices.progress(
        [
            case(CaseState.IN_PROGRESS, what="<a href='http://evil'>领奖</a>\n" + "很长" * 100),
            case(CaseState.CLOSED),
        ]
    ).text
    assert "正在办理。11月25日(周三)16:00 前答复。" in shown
    assert "已办结" in shown
    assert "<" not in shown
    assert len(shown) < 200


@pytest.mark.parametrize("state", list(RewardState))
def test_progress_tells_of_money_only_when_two_people_have_agreed(
    notices: CaseNotices, state: RewardState
) -> None:
    reward = Reward(7, state, DUE, DUE, amount=750_000, claim_by=DUE)
    shown = notices.progress([case(id=7), case(id=8)], [reward]).text
    agreed = state not in (RewardState.VERIFIED, RewardState.AMOUNT)
    assert (1 if agreed else 0) == shown.count("奖励")


def test_usefulness_is_asked_below_the_answers_own_buttons(notices: CaseNotices) -> None:
    asked = notices.asking(Answer("关阀开窗", (Button("还有什么", "/help"),)), "gas_leak")
    assert ["还有什么", "有用", "没用"] == [button.title for button in asked.buttons]
    assert '/rate_answer{"topic": "gas_leak", "useful": "no"}' == asked.buttons[-1].payload


def test_progress_of_nothing_says_how_to_begin(notices: CaseNotices) -> None:
    assert "还没有登记" in notices.progress([]).text


def test_what_she_typed_as_a_number_is_cut_and_harmless(notices: CaseNotices) -> None:
    text = notices.not_found("<a href=x>" + "9" * 10_000).text
    assert "<" not in text
    assert len(text) < 200


def test_what_is_stored_is_counted_and_erased_only_after_a_tap(notices: CaseNotices) -> None:
    asked = notices.stored(Stored(messages=12, answers=11, media=3, cases=2), "abc")
    assert all(f" {count} " in asked.text for count in (12, 11, 3, 2))
    assert ['/erase_my_data{"token": "abc"}', "/keep_my_data"] == [button.payload for button in asked.buttons]
    assert () == notices.stored(Stored(messages=1), "abc").buttons


def test_what_is_kept_is_said_with_its_reason(notices: CaseNotices) -> None:
    text = notices.erased(Erased(Stored(messages=12, cases=2, open_cases=1), ("open_cases", "trail"))).text
    assert "1 件" in text
    assert "网络安全法" in text


def test_all_fit_one_message(notices: CaseNotices) -> None:
    longest = notices.erased(
        Erased(Stored(10**6, 10**6, 10**6, 10**6, 10**6), ("open_cases", "case_files", "rewards", "trail"))
    )
    assert size(longest.text) < 2000


def test_moments_and_amounts_are_written_as_people_write_them() -> None:
    assert ["", "11月25日(周三)16:00"] == [moment(None), moment(DUE)]
    assert ["0", "3,000", "123.45", "0.05"] == [yuan(0), yuan(300_000), yuan(12_345), yuan(5)]
