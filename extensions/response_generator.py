"""Rasa's templated answers with the city's own words: {name}, {office}, {link_complaint}, {hotline_gas_company} …

A line that needs something this city has not got (a link, a local number) is left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from xiaoxiao.knowledge.hotlines import Hotlines, load_hotlines
from xiaoxiao.persona import Persona, load_persona

_PLACEHOLDER = re.compile(r"\{([a-z]\w*)\}")


class PersonaResponseGenerator(TemplatedNaturalLanguageGenerator):
    """endpoints.yml: `nlg: {type: extensions.response_generator.PersonaResponseGenerator}`."""

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        persona = load_persona(Path("persona.yml"))
        self._words = placeholders(persona, load_hotlines(Path("data/hotlines.csv"), persona))
        super().__init__(domain.responses)

    @property
    def responses(self) -> dict[str, list[dict[str, Any]]]:
        return self._responses

    @responses.setter
    def responses(self, responses: dict[str, list[dict[str, Any]]]) -> None:
        """Rasa sets them again with every model; filled once here, not at every message."""
        self._responses = fill_responses(responses, self._words)


def placeholders(persona: Persona, hotlines: Hotlines) -> dict[str, str]:
    """Every word a response may use, "" for what this city has not got."""
    numbers = {f"hotline_{key}": h.number if h.shown else "" for key, h in hotlines.items()}
    return {**persona.placeholders(), **numbers}


def fill_responses(
    responses: dict[str, list[dict[str, Any]]], words: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    return {name: [_fill(variation, words) for variation in group] for name, group in responses.items()}


def _fill(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        return fill_text(value, words)
    if isinstance(value, dict):
        return {key: item if key == "payload" else _fill(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, words) for item in value]
    return value


def fill_text(text: str, words: dict[str, str]) -> str:
    """Unknown placeholders are slots: they stay for Rasa to fill."""
    lines = [line for line in text.split("\n") if all(words.get(w, w) for w in _PLACEHOLDER.findall(line))]
    return _PLACEHOLDER.sub(lambda m: words.get(m.group(1), m.group()), "\n".join(lines)).strip()
