"""What she says of danger while a form is open: it has its fixed answer already, and is the form's to keep.

The answer to danger waits for nothing, so the form is not at hand when it is given. The words are in the store;
the next message that finds the form open finds them, too: after a crash, and on whatever worker.
"""

from __future__ import annotations

from dataclasses import replace

from xiaoxiao.blocking import Blocking
from xiaoxiao.forms.dialogue import Forms
from xiaoxiao.forms.form import Misread, Reader
from xiaoxiao.forms.said import Said, said
from xiaoxiao.forms.words import bare
from xiaoxiao.store.conversation import Message
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import ConversationStore

#: messages of hers that are looked through
_LOOKED_BACK = 50
#: among the values: the last message answered as danger that the form has taken up
_TAKEN_UP = "alarms"
#: characters that say anything
_SHORTEST = 2


async def open_form(
    store: ConversationStore, blocking: Blocking, forms: Forms, message: Message
) -> FormState:
    """The form of this conversation as `message` finds it."""
    state = await blocking.call(store.form, message.conversation_id)
    form = forms.book.get(state.form)
    if form is None or form.alarmed is None:
        return state
    lately = await blocking.call(store.messages, message.conversation_id, limit=_LOOKED_BACK)
    for before in lately:
        if before.id < message.id and before.received_at >= state.since and _tells(before):
            told = said(before.incoming, before.id, before.received_at)
            state = await _with_alarm(form.alarmed, state, told)
    return state


async def _with_alarm(alarmed: Reader, state: FormState, told: Said) -> FormState:
    """With what she said of danger while it was open; each message is taken up once."""
    if told.message_id <= state.values.get(_TAKEN_UP, 0):
        return state
    found = await alarmed(told, state.values)
    taken = {} if found is None or isinstance(found, Misread) else found
    return replace(state, values={**state.values, **taken, _TAKEN_UP: told.message_id})


def _tells(message: Message) -> bool:
    """Not the number of an option of ours."""
    text = bare(message.incoming.text)
    return message.danger is not None and len(text) >= _SHORTEST and not text.isdecimal()
