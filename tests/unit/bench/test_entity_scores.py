from __future__ import annotations

from bench.entity_scores import EntityScore, entity_scores, mistakes
from bench.examination import Entity, Question, Reading


def graded(meant: tuple[Entity, ...], found: tuple[Entity, ...]) -> tuple[Question, Reading]:
    return Question("tasks", "?", "direct", entities=meant), Reading("x", (), entities=found)


PLATE, OTHER = ("plate", "沪A12345"), ("plate", "沪A12346")


def test_one_wrong_character_is_one_missed_and_one_too_many() -> None:
    assert entity_scores([graded((PLATE,), (OTHER,))])["plate"] == EntityScore(1, 0, 1)


def test_a_value_said_twice_must_be_found_twice() -> None:
    score = entity_scores([graded((PLATE, PLATE), (PLATE,))])["plate"]
    assert score == EntityScore(2, 1, 0)
    assert (score.recall, score.precision) == (0.5, 1.0)


def test_messages_are_not_mixed() -> None:
    assert entity_scores([graded((PLATE,), ()), graded((), (PLATE,))])["plate"] == EntityScore(1, 0, 1)


def test_what_only_was_found_is_listed_too() -> None:
    assert entity_scores([graded((), (("place", "宁波"),))]) == {"place": EntityScore(0, 0, 1)}


def test_the_mistakes_of_one_name() -> None:
    some = [graded((PLATE,), (OTHER,)), graded((OTHER,), (OTHER, ("place", "沪")))]
    assert mistakes(some, "plate") == [("?", ["沪A12345"], ["沪A12346"])]
