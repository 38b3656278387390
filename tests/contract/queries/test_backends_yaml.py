"""The served data keep the contract that offices are given; so does the document itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, settings

from tests.contract.queries.conftest import NOW
from tests.contract.queries.served import TOKEN, served
from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own
from xiaoxiao.queries.examination import KINDS
from xiaoxiao.queries.kept import RECALL_COLUMNS, STEP_COLUMNS, VIOLATION_COLUMNS
from xiaoxiao.queries.plate_types import PlateType
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.tries import MemoryTries

CONTRACT = Path(__file__).parents[3] / "docs/reference/backends.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
SHAPES = {
    "Alert": KINDS["alerts"].columns,
    "Suspension": KINDS["suspensions"].columns,
    "Quake": KINDS["quakes"].columns,
    "Typhoon": KINDS["typhoons"].columns,
    "Shelter": KINDS["shelters"].columns,
    "Bureau": KINDS["bureaus"].columns,
    "Entry": KINDS["entries"].columns,
    "NewsItem": KINDS["news"].columns,
    "Violation": VIOLATION_COLUMNS,
    "TraceStep": STEP_COLUMNS,
    "Recall": RECALL_COLUMNS,
}


@pytest.fixture(scope="session")
def backend(sample: MemoryRecords) -> Iterator[str]:
    with served(own(sample, MemoryTries(), SettableClock(NOW))) as url:
        yield url


@pytest.mark.parametrize("name", SHAPES)
def test_the_document_has_the_columns_that_are_read(name: str) -> None:
    columns = {column.name: column.required for column in SHAPES[name]}
    schema = SCHEMAS[name]
    assert list(columns) == list(schema["properties"])
    # an imported row may leave the id out, a back end knows it
    assert {c for c, required in columns.items() if required} == {*schema["required"]} - {"id"}


def test_the_document_knows_every_plate_type() -> None:
    assert [kind.value for kind in PlateType] == SCHEMAS["PlateType"]["enum"]


schema = schemathesis.openapi.from_dict(DOCUMENT)


@schema.parametrize()
@settings(
    max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
def test_every_answer_keeps_the_contract(case: schemathesis.Case, backend: str) -> None:
    case.call_and_validate(base_url=backend, headers={"Authorization": f"Bearer {TOKEN}"})
