"""Custom actions inside the chat process: no HTTP, no JSON schema.

Rasa calls its action server over HTTP and validates every answer against a schema that it first validates
against the schema of schemas: 42 % of all time. Both exist because the server may be anybody's; ours is this
process. In endpoints.yml `action_endpoint: {url: …, in_process: actions}` names the package to run here; the
plain rasa command does not know `in_process` and calls the url (`rasa run actions`). Without it we call the
url as well.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

_IN_PROCESS = "in_process"


class InProcessActions(EndpointConfig):
    """An action endpoint whose requests are calls."""

    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__()
        self._executor = executor

    async def request(
        self, method: str = "post", subpath: str | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Run one action call as the action server would. Raises ClientResponseError as HTTP would."""
        call = dict(kwargs["json"])
        name = call["next_action"]
        # over HTTP an action gets its own copy of the slots; a list changed in place must not leak
        call["tracker"] = {**call["tracker"], "slots": copy.deepcopy(call["tracker"]["slots"])}
        try:
            result = await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = json.dumps({"error": str(rejection), "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", body) from rejection
        except ActionNotFoundException as missing:
            raise ClientResponseError(404, f"No action is called '{name}'.", "") from missing
        return _checked(name, result or {})


def _checked(action: str, result: dict[str, Any]) -> dict[str, Any]:
    """The result, if it could be stored: events are kept as JSON."""
    try:
        json.dumps(result)
    except TypeError as error:
        raise TypeError(f"'{action}' returned an event or message that is not JSON: {error}") from error
    return result


def action_endpoint(configured: EndpointConfig | None) -> EndpointConfig | None:
    """The endpoint to give to the agent for what endpoints.yml says."""
    package = configured.kwargs.get(_IN_PROCESS) if configured else None
    if not package:
        return configured
    executor = ActionExecutor()
    executor.register_package(package)
    trust_in_process_results()
    return InProcessActions(executor)


def trust_in_process_results() -> None:
    """Spare results of InProcessActions the schema check; those that came over HTTP keep it.

    RemoteAction offers no other way: it is built by name in several places of Rasa and checks after the
    request.
    """
    stock = RemoteAction._validate_action_result
    if getattr(stock, "spares_in_process", False):
        return

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        return isinstance(self.action_endpoint, InProcessActions) or stock(self, result)

    validate.spares_in_process = True  # type: ignore[attr-defined]
    RemoteAction._validate_action_result = validate
