"""Plates in what a back end answers: masked, wherever they stand, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from xiaoxiao.queries.findings import Origin
from xiaoxiao.queries.food_trace import FoodBatch, Stage, TraceStep
from xiaoxiao.queries.news import NewsItem
from xiaoxiao.queries.plate_masking import without_near_plates, without_plates

AT = datetime(2026, 11, 24, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("寻找沪B54321的车主", "寻找沪B·**321的车主"),
        ("沪b·54321、粤BD12345", "沪B·**321、粤B·***345"),
        ("沪Ｂ５４３２１冲卡", "沪B·**321冲卡"),
        ("沿苏S226省道封闭", "沿苏S226省道封闭"),
        ("执行标准 GB14881", "执行标准 GB14881"),
        ("沪A1234 号摊", "沪A1234 号摊"),
        ("没有车牌", "没有车牌"),
        ("沪A1234挂与京AF12345", "沪A·**34挂与京A·***345"),
        ("京 B - 1 2 3 4 5,", "京B·**345,"),
        ("粤B1234567890", "粤B1234567890"),
    ],
)
def test_whole_plates_are_masked_and_roads_and_standards_stay(words: str, shown: str) -> None:
    assert shown == without_plates(words)


@pytest.mark.parametrize("written", ["沪A1234", "沪A123456789", "AB12345", "使123456", "123456领"])
def test_what_is_nearly_a_plate_is_gone_from_the_records_of_a_vehicle(written: str) -> None:
    assert "与***并排" == without_near_plates(f"与{written}并排")


def test_every_text_of_a_record_is_looked_at_but_addresses_stay() -> None:
    item = NewsItem("沪B54321", "沪B54321", "沪B54321", AT, None, "https://example.gov.cn/沪B54321")
    shown = without_plates(item)
    assert ("沪B54321", "沪B·**321", "沪B·**321", "https://example.gov.cn/沪B54321") == (
        *(shown.id, shown.title, shown.issuer, shown.link),
    )


def test_records_within_records_too() -> None:
    step = TraceStep(Stage.FARM, "沪B54321", None, None, None, None, None)
    batch = FoodBatch("3" * 20, "猪肉", (step,), (), Origin("沪B54321", AT))
    shown = without_plates(batch)
    assert ("沪B·**321", "沪B·**321") == (shown.steps[0].name, shown.origin.source)
