"""The scripted office with the sample district's data."""

from __future__ import annotations

from tests.acceptance.scripted_office import ROOT, START, Office
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.queries.sample import load_sample
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.port import ConversationStore

GAS = "家里煤气漏了,很大的味"
ELSEWHERE = "请走官方入口"


def opens(form: str, intent: str) -> Reply:
    """What the engine says when a response opens a form."""
    return Reply((Answer(ELSEWHERE),), intent, 0.95, form=form)


VIOLATION = opens("violation", "query_violation")


def sampled_office(store: ConversationStore, **environ: str) -> Office:
    office = Office(
        store,
        SettableClock(START),
        WECHAT_API_BASE="http://127.0.0.1:5005/simulator/api",
        **environ,
    )
    restart(office)
    return office


def restart(office: Office) -> None:
    """A new process on the same database, the sample data in it."""
    services = office.start().services
    load_sample(ROOT / "sample", services.records, now=office.clock.now())
