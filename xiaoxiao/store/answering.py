"""Answers become rows of the outbox; a passive reply carries what it can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from xiaoxiao.errors import NotFound
from xiaoxiao.store import custody, form_keeping
from xiaoxiao.store.conversation import Answer, Author, Delivery, Outgoing
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import Composer, Composition
from xiaoxiao.store.prepared import Prepared
from xiaoxiao.store.rows import to_conversation, to_outgoing
from xiaoxiao.store.rules import (
    after_answering,
    after_posting,
    first_state,
    legible,
    passive_order,
    posted_state,
)
from xiaoxiao.store.tables import conversations, messages, outbox, waiting

# both are locked, so that both are read as the last transaction left them: after waiting for a lock
# PostgreSQL reads only the locked rows again
_WORK = Prepared(
    select(messages.c.handled_at, messages.c.reply, conversations)
    .join_from(messages, conversations)
    .where(messages.c.id == bindparam("wanted"))
    .with_for_update(of=(conversations, messages), key_share=True)
)
_ANSWERED = select(outbox.c.id).where(outbox.c.message_id == bindparam("wanted")).limit(1)
_MARK = Prepared(update(messages).where(messages.c.id == bindparam("wanted")))
_INSERT = Prepared(insert(outbox))
_UNSENT = Prepared(
    select(outbox).where(
        outbox.c.conversation_id == bindparam("wanted"),
        waiting(outbox),
        outbox.c.state != Delivery.SENDING.value,
    )
)
_CARRY = Prepared(update(outbox).where(outbox.c.id == bindparam("wanted")))


def answer(
    connection: Connection,
    message_id: int,
    answers: Sequence[tuple[Author, Answer]],
    *,
    now: datetime,
    findings: Mapping[str, Any],
    topic: str | None,
    understood: bool | None,
    handled: bool,
    form: FormState | None,
) -> list[Outgoing]:
    """`findings`: intent, confidence, danger; what is None leaves the message as it is."""
    work = _work(connection, message_id)
    if work["handled_at"] is not None:
        return []
    if not handled and connection.execute(_ANSWERED, {"wanted": message_id}).first():
        return []
    known = {name: value for name, value in findings.items() if value is not None}
    if handled:
        known["handled_at"] = now
    if known:
        _MARK.run(connection, {"wanted": message_id, **known})
    before = to_conversation(work["conversation"])
    after = after_answering(before, understood, topic)
    if after != before:
        custody.save(connection, after)
    if form is not None:
        form_keeping.keep(connection, before.id, form)
    return [
        _insert(connection, before.id, message_id, author, given, first_state(author, before.status), now)
        for author, given in answers
    ]


def post(
    connection: Connection, conversation_id: int, author: Author, given: Answer, actor: str, now: datetime
) -> Outgoing:
    before = custody.lock(connection, conversation_id)
    after = after_posting(before, author)
    if after != before:
        custody.save(connection, after)
    row = _insert(connection, conversation_id, None, author, given, posted_state(author, before), now)
    data = {"outgoing": row.id, "author": author.value}
    custody.add_event(connection, conversation_id, actor, "post", now, data)
    return row


def compose(connection: Connection, message_id: int, composer: Composer, now: datetime) -> str:
    work = _work(connection, message_id)
    if work["reply"] is not None:
        return str(work["reply"])
    conversation = to_conversation(work["conversation"])
    rows = [to_outgoing(row) for row in _UNSENT.all(connection, {"wanted": conversation.id})]
    if not rows:
        return ""
    made = composer(passive_order(rows, message_id))
    if not made.text:
        return ""
    _carry(connection, made, now)
    _MARK.run(connection, {"wanted": message_id, "reply": made.text})
    choices = tuple(made.choices)
    if choices != conversation.choices:
        custody.save(connection, replace(conversation, choices=choices))
    return made.text


def _carry(connection: Connection, made: Composition, now: datetime) -> None:
    sent = {"state": Delivery.SENT.value, "carrier": "passive", "sent_at": now, "error": None}
    for row_id in made.carried:
        _CARRY.run(connection, {"wanted": row_id, **sent})
    for row_id, carried in made.remaining.items():
        _CARRY.run(connection, {"wanted": row_id, "carried": carried})


def _work(connection: Connection, message_id: int) -> dict[str, Any]:
    row = _WORK.first(connection, {"wanted": message_id})
    if row is None:
        raise NotFound
    return {"handled_at": row[0], "reply": row[1], "conversation": row[2:]}


def _insert(
    connection: Connection,
    conversation_id: int,
    message_id: int | None,
    author: Author,
    given: Answer,
    state: Delivery,
    now: datetime,
) -> Outgoing:
    given = replace(given, text=legible(given.text))
    values = {
        "conversation_id": conversation_id,
        "message_id": message_id,
        "author": author.value,
        "answer": given.to_json(),
        "carried": 0,
        "state": state.value,
        "created_at": now,
        "attempts": 0,
    }
    row_id = _INSERT.insert(connection, values)
    return Outgoing(row_id, conversation_id, message_id, author, given, state, created_at=now)
