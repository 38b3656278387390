"""The JSON of the contract with an office's back end (docs/reference/backends.yaml) ↔ findings."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from xiaoxiao.queries.columns import BadRow, Column, Problem, read_row, to_json
from xiaoxiao.queries.findings import Findings, Origin
from xiaoxiao.queries.food_trace import FoodBatch, Recall, TraceStep
from xiaoxiao.queries.kept import (
    CODE,
    PLATE,
    PLATE_TYPE,
    PRODUCT,
    RECALL_COLUMNS,
    STEP_COLUMNS,
    VIOLATION_COLUMNS,
)
from xiaoxiao.queries.kinds import Kind
from xiaoxiao.queries.values import moment, text, yes_or_no
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord

log = logging.getLogger(__name__)
R = TypeVar("R")

ITEMS_MAX = 500
_ORIGIN = (
    Column("source", ("来源",), text(80)),
    Column("as_of", ("数据时间",), moment),
    Column("is_sample", ("示例数据",), yes_or_no, required=False, default=False),
)


def write_findings(found: Findings[Any], **also: Any) -> dict[str, Any]:
    return {**also, **write_origin(found.origin), "items": [to_json(item) for item in found.items]}


def write_batch(batch: FoodBatch) -> dict[str, Any]:
    flat = to_json(batch)
    del flat["origin"]
    return {**flat, **write_origin(batch.origin)}


def write_origin(origin: Origin) -> dict[str, Any]:
    return dict(to_json(origin))


def read_findings(kind: Kind[R], answer: Any) -> Findings[R]:
    """Unreadable records are left out and said to be missing; if nothing is readable: BadRow."""
    origin, rows = read_origin(answer), _rows(answer, "items")
    items: list[R] = []
    for row in rows:
        try:
            items.append(kind.read(row, lenient=True))
        except BadRow as problem:
            log.warning("unreadable record", extra={"kind": kind.name, "problem": str(problem)})
    if rows and not items:
        raise BadRow([Problem("items", "没有一条可读")])
    return Findings(tuple(items), origin, incomplete=len(items) < len(rows))


def read_violations(answer: Any, claim: OwnerClaim) -> Findings[ViolationRecord]:
    """All or nothing: half a list would read as fewer violations. Another vehicle's: BadRow."""
    vehicle = read_row((PLATE, PLATE_TYPE), _mapping(answer))
    if (vehicle["plate"], vehicle["plate_type"]) != (claim.plate.number, claim.plate_type):
        raise BadRow([Problem("plate", "不是所查的车")])
    records = [ViolationRecord(**read_row(VIOLATION_COLUMNS, row)) for row in _rows(answer, "items")]
    records.sort(key=lambda record: record.at, reverse=True)
    return Findings(tuple(records), read_origin(answer))


def read_batch(answer: Any, code: str) -> FoodBatch:
    """All or nothing: a step left out would be a gap in the way. Another batch's: BadRow."""
    batch = read_row((CODE, PRODUCT), _mapping(answer))
    if batch["code"] != code:
        raise BadRow([Problem("code", "不是所查的追溯码")])
    steps = tuple(TraceStep(**read_row(STEP_COLUMNS, row)) for row in _rows(answer, "steps"))
    recalls = tuple(Recall(**read_row(RECALL_COLUMNS, row)) for row in _rows(answer, "recalls"))
    return FoodBatch(code, batch["product"], steps, recalls, read_origin(answer))


def read_origin(answer: Any) -> Origin:
    return Origin(**read_row(_ORIGIN, _mapping(answer)))


def _rows(answer: Any, name: str) -> Sequence[Mapping[str, Any]]:
    rows = _mapping(answer).get(name)
    if not isinstance(rows, list):
        raise BadRow([Problem(name, "应为列表")])
    if len(rows) > ITEMS_MAX:
        raise BadRow([Problem(name, f"太多(最多 {ITEMS_MAX} 条)")])
    return [_mapping(row) for row in rows]


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRow([Problem("回答", "应为对象")])
    return value
