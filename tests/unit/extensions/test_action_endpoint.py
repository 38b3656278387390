"""Actions in process: the same outcome as over HTTP, without HTTP."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from extensions.action_endpoint import InProcessActions, action_endpoint

CONFIGURED = EndpointConfig("http://127.0.0.1:1/webhook", in_process="tests.fixtures.toy_actions")


def call(action: str, **slots: Any) -> dict[str, Any]:
    tracker = {"sender_id": "wang", "slots": slots, "events": [], "latest_message": {}}
    return {"next_action": action, "sender_id": "wang", "tracker": tracker, "domain": {}}


@pytest.fixture(scope="module")
def endpoint() -> EndpointConfig:
    endpoint = action_endpoint(CONFIGURED)
    assert isinstance(endpoint, InProcessActions)
    return endpoint


async def test_an_action_returns_its_events_and_messages(endpoint: EndpointConfig) -> None:
    result = await endpoint.request(json=call("action_count", count=2))
    assert [event["value"] for event in result["events"]] == [3]
    assert [message["text"] for message in result["responses"]] == ["第3次"]


async def test_a_rejection_is_the_400_that_rasa_understands(endpoint: EndpointConfig) -> None:
    with pytest.raises(ClientResponseError) as raised:
        await endpoint.request(json=call("action_refuse"))
    assert raised.value.status == 400
    assert '"action_name": "action_refuse"' in raised.value.text


async def test_an_unknown_action_is_named(endpoint: EndpointConfig) -> None:
    with pytest.raises(ClientResponseError, match="action_nowhere"):
        await endpoint.request(json=call("action_nowhere"))


async def test_a_slot_changed_in_place_does_not_leak(endpoint: EndpointConfig) -> None:
    given: list[str] = []
    await endpoint.request(json=call("action_remember", list=given))
    assert given == []


async def test_an_event_that_cannot_be_stored_is_refused_at_once(endpoint: EndpointConfig) -> None:
    with pytest.raises(TypeError, match="action_unstorable"):
        await endpoint.request(json=call("action_unstorable"))


def test_a_result_of_ours_is_not_checked_against_the_schema(endpoint: EndpointConfig) -> None:
    assert RemoteAction("action_count", endpoint)._validate_action_result({"events": "wrong"})


def test_a_result_that_came_over_http_still_is(endpoint: EndpointConfig) -> None:
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_count", EndpointConfig("http://x"))._validate_action_result({"events": "wrong"})


def test_without_in_process_the_url_is_called() -> None:
    plain = EndpointConfig("http://127.0.0.1:5055/webhook")
    assert plain is action_endpoint(plain)
    assert action_endpoint(None) is None
