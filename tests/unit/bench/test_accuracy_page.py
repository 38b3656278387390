from __future__ import annotations

from bench.accuracy_page import BEGIN, END, inserted, sum_of_kinds, table


def test_what_people_wrote_stays() -> None:
    page = f"前言\n\n{BEGIN}\n旧的\n{END}\n\n后记\n"
    assert inserted(page, "新的\n") == f"前言\n\n{BEGIN}\n新的\n{END}\n\n后记\n"


def test_a_page_without_marks_gets_them_at_the_top() -> None:
    assert inserted("手写的", "新的") == f"{BEGIN}\n新的\n{END}\n\n手写的"


def test_writing_twice_is_writing_once() -> None:
    once = inserted("手写的", "新的")
    assert inserted(once, "新的") == once


def test_a_table() -> None:
    assert table(["甲", "乙"], [["1", "2"]]) == "| 甲 | 乙 |\n| --- | ---: |\n| 1 | 2 |"


def test_kinds_of_all_sets_together() -> None:
    row = {"messages": 2, "found": 1, "kind_right": 1, "false_alarms": 0}
    assert sum_of_kinds([{"all": row, "fire": row}, {"fire": row}]) == {
        "fire": {"messages": 4, "found": 2, "kind_right": 2, "false_alarms": 0}
    }
