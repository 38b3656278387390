from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from xiaoxiao.delivery.composition import LIMIT, chosen, first_part, menu_id, pack, render, split
from xiaoxiao.delivery.cutting import size
from xiaoxiao.store.conversation import Answer, Author, Button, Delivery, Outgoing

NOW = datetime(2026, 7, 1, tzinfo=timezone.utc)
YES, NO = Button("要", "/affirm"), Button("不用了", "/deny")
HINT = "(回复任意字,看下文)"

said = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.sampled_from(
            ["先开窗。", "再关阀门,", "\n", '<a href="https://example.org/x">全文</a>', "👨‍👩‍👧"]
        ),
        st.integers(1, 400).map(lambda n: "燃气" * n),
    ),
    max_size=12,
).map("".join)
buttons = st.lists(st.builds(Button, st.text(min_size=1, max_size=30), st.just("/x")), max_size=30)
answers = st.builds(Answer, said, buttons.map(tuple), st.sampled_from([None, "https://example.org/card"]))


def row(row_id: int, answer: Answer | str, carried: int = 0) -> Outgoing:
    answer = Answer(answer) if isinstance(answer, str) else answer
    made = Outgoing(row_id, 1, 1, Author.BOT, answer, Delivery.QUEUED, NOW)
    return replace(made, carried=carried)


def test_rows_that_fit_share_a_reply() -> None:
    packed = pack([row(1, "先开窗。"), row(2, "再关阀。")], hint=HINT)
    assert ("先开窗。\n\n再关阀。", (1, 2), {}) == (packed.text, packed.carried, packed.remaining)


def test_buttons_are_numbered_links_through_the_whole_reply() -> None:
    packed = pack([row(1, Answer("要看吗?", (YES, NO))), row(2, Answer("还有", (YES,)))])
    assert (YES, NO, YES) == packed.choices
    first = f'<a href="weixin://bizmsgmenu?msgmenucontent=要&msgmenuid={menu_id(YES)}">1. 要</a>'
    assert first in packed.text
    assert ">2. 不用了</a>" in packed.text
    assert ">3. 要</a>" in packed.text


def test_a_title_cannot_break_out_of_its_link() -> None:
    text = render(Answer("?", (Button('a"><b>&c\n', "/x"),)))
    assert 1 == text.count("<a ")
    assert 2 == text.count('"')
    assert 1 == text.count("&")


def test_the_rest_stays_with_the_hint() -> None:
    text = "先开窗通风。" * 200
    packed = pack([row(1, text), row(2, "later")], hint=HINT)
    assert packed.text.endswith(HINT)
    assert () == packed.carried
    assert [1] == list(packed.remaining)
    assert "。" == text[packed.remaining[1] - 1]


def test_a_second_row_is_cut_between_sentences_or_waits() -> None:
    first = "先" * 600
    assert {} == pack([row(1, first), row(2, "没有句号" * 100)]).remaining
    packed = pack([row(1, first), row(2, "快跑。" + "没有句号" * 100)])
    assert ((1,), {2: 3}) == (packed.carried, packed.remaining)


def test_buttons_go_with_the_end_of_the_text() -> None:
    text = "好。" * 300
    packed = pack([row(1, Answer(text, (YES, NO) * 4))])
    assert {1: len(text)} == packed.remaining
    assert () == packed.choices
    rest = pack([row(1, Answer(text, (YES, NO) * 4), carried=len(text))])
    assert (1,) == rest.carried
    assert 8 == len(rest.choices)


def test_too_many_buttons_are_left_to_be_typed() -> None:
    many = tuple(Button(f"选项{n}" + "很长" * 9, "/x") for n in range(20))
    text = render(Answer("请选:", many))
    assert "<a " not in text
    assert text.startswith("请选:\n1. 选项0")


@given(st.lists(answers, min_size=1, max_size=4), st.sampled_from(["", HINT]))
def test_replies_fit_and_lose_nothing(given_answers: list[Answer], hint: str) -> None:
    waiting = [row(number, answer) for number, answer in enumerate(given_answers)]
    spoken = {number: "" for number in range(len(waiting))}
    for _ in range(200):
        packed = pack(waiting, hint=hint)
        assert size(packed.text) <= LIMIT
        for carried in waiting:
            if carried.id in packed.carried:
                spoken[carried.id] += carried.rest.text
            elif carried.id in packed.remaining:
                spoken[carried.id] += carried.answer.text[carried.carried : packed.remaining[carried.id]]
        left = [r for r in waiting if r.id not in packed.carried]
        waiting = [replace(r, carried=packed.remaining.get(r.id, r.carried)) for r in left]
        if not waiting:
            break
    assert [answer.text for answer in given_answers] == list(spoken.values())


@given(answers)
def test_the_messages_of_an_answer_fit_and_are_the_answer(answer: Answer) -> None:
    parts = split(answer)
    assert answer.text == "".join(part.text for part in parts)
    assert (answer.buttons, answer.link) == (parts[-1].buttons, parts[-1].link)
    assert all(size(render(part)) <= LIMIT for part in parts)


def test_a_short_answer_is_one_message() -> None:
    answer = Answer("好", (YES,), "https://example.org/card")
    part = first_part(answer)
    assert (answer, 1, True) == (part.answer, part.taken, part.last)


def test_a_choice_is_tapped_typed_as_number_or_as_title() -> None:
    choices = (YES, NO)
    assert NO == chosen(choices, "不用了", menu_id(NO))
    for typed in ("2", "2", " 2. ", "2。", "2、", "不用了"):
        assert NO == chosen(choices, typed)


def test_what_was_not_offered_is_no_choice() -> None:
    for typed in ("0", "3", "12345678901234567890", "119", "好", ""):
        assert None is chosen((YES, NO), typed)
    assert None is chosen((YES, NO), "要", menu_id(Button("要", "/other")))
