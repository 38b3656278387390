"""The queries put together: on the office's own records, on its back end, or some on each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from xiaoxiao.clock import Clock
from xiaoxiao.queries import local, remote
from xiaoxiao.queries.backend import Backend
from xiaoxiao.queries.offered import Queries
from xiaoxiao.queries.owner_check import Tries, Violations
from xiaoxiao.queries.records import Records
from xiaoxiao.queries.violations import ViolationSource


@dataclass(frozen=True)
class Sources:
    """The queries, with violations as a back end gives them: nobody has counted the tries yet."""

    queries: Queries
    violations: ViolationSource


def own(records: Records, tries: Tries, clock: Clock) -> Sources:
    """Everything from what the office has imported."""
    violations = local.LocalViolations(records, clock)
    queries = Queries(
        violations=Violations(violations, tries, clock),
        food_trace=local.LocalFoodTrace(records, clock),
        alerts=local.LocalAlerts(records, clock),
        quakes=local.LocalQuakes(records, clock),
        typhoons=local.LocalTyphoons(records, clock),
        shelters=local.LocalShelters(records, clock),
        places=local.LocalPlaces(records, clock),
        bureaus=local.LocalBureaus(records, clock),
        entries=local.LocalEntries(records, clock),
        suspensions=local.LocalSuspensions(records, clock),
        news=local.LocalNews(records, clock),
    )
    return Sources(queries, violations)


def with_backend(
    queries: Queries,
    backend: Backend,
    tries: Tries,
    clock: Clock,
    *,
    kinds: frozenset[str],
    keep: Mapping[str, timedelta],
    samples: bool,
) -> Queries:
    """`kinds` (all when empty) from the back end, the rest from `queries`. Places are always the office's own."""
    # at INFO it writes every address down, and with it what a citizen has asked
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asked = remote.Remote(backend, clock, keep, samples=samples)
    offered = {
        "violations": Violations(remote.RemoteViolations(asked), tries, clock),
        "food": remote.RemoteFoodTrace(asked),
        "alerts": remote.RemoteAlerts(asked),
        "quakes": remote.RemoteQuakes(asked),
        "typhoons": remote.RemoteTyphoons(asked),
        "shelters": remote.RemoteShelters(asked),
        "bureaus": remote.RemoteBureaus(asked),
        "entries": remote.RemoteEntries(asked),
        "suspensions": remote.RemoteSuspensions(asked),
        "news": remote.RemoteNews(asked),
    }
    chosen = {name: port for name, port in offered.items() if not kinds or name in kinds}
    if "food" in chosen:
        chosen["food_trace"] = chosen.pop("food")
    return replace(queries, **chosen)  # type: ignore[arg-type]
