"""What one message leads to: answers, what was understood, and the form as it is from now on."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.engine import Reply
from xiaoxiao.forms.progress import Step
from xiaoxiao.store.conversation import Answer, Author
from xiaoxiao.store.form_state import FormState


@dataclass(frozen=True)
class Outcome:
    """What one message leads to."""

    answers: tuple[tuple[Author, Answer], ...] = ()
    intent: str | None = None
    confidence: float | None = None
    topic: str | None = None
    danger: str | None = None
    understood: bool | None = None
    form: FormState | None = None  #: as it is from now on; None: as it was


def stepped(step: Step) -> Outcome:
    answers = tuple((Author.BOT, answer) for answer in step.answers)
    return Outcome(answers, step.intent, understood=step.understood, form=step.state)


def answered(reply: Reply, step: Step | None) -> Outcome:
    """The engine's answer with what a form makes of it."""
    answers = step.answers if step else reply.answers
    return Outcome(
        tuple((Author.BOT, answer) for answer in answers),
        reply.intent,
        reply.confidence,
        reply.topic,
        understood=reply.understood,
        form=step.state if step else None,
    )
