"""Open forms in the database: at most one of a conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from xiaoxiao.store.form_state import NO_FORM, FormState
from xiaoxiao.store.prepared import Prepared
from xiaoxiao.store.tables import forms

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_OPEN = Prepared(
    select(forms.c.form, forms.c["values"], forms.c.asked, forms.c.since, forms.c.touched_at, forms.c.misread)
    .add_columns(forms.c.reminded)
    .where(forms.c.conversation_id == bindparam("wanted"))
)


def load(connection: Connection, conversation_id: int) -> FormState:
    row = _OPEN.first(connection, {"wanted": conversation_id})
    return NO_FORM if row is None else FormState(*row)


def keep(connection: Connection, conversation_id: int, state: FormState) -> None:
    if not state.is_open:
        connection.execute(delete(forms).where(forms.c.conversation_id == conversation_id))
        return
    values = {
        "form": state.form,
        "values": dict(state.values),
        "asked": state.asked,
        "since": state.since,
        "touched_at": state.touched_at,
        "misread": state.misread,
        "reminded": state.reminded,
    }
    row = _INSERTS[connection.dialect.name](forms).values(conversation_id=conversation_id, **values)
    connection.execute(row.on_conflict_do_update(index_elements=[forms.c.conversation_id], set_=values))


def forget(connection: Connection, before: datetime) -> int:
    return int(connection.execute(delete(forms).where(forms.c.touched_at < before)).rowcount)
