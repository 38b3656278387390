"""A scripted server of an Official Account: what the simulated platform talks to in tests."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Awaitable, Callable, Mapping

from xiaoxiao.simulator import envelope
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.push import Field, cdata, render
from xiaoxiao.simulator.webhook import Response

#: fields of the push → the passive reply's own fields, a ready Response, or None for "success"
Script = Callable[[dict[str, str]], Awaitable["list[Field] | Response | None"]]


class Office:
    """Checks the signature, decrypts, asks the script, encrypts the answer. Keeps all it received."""

    def __init__(self, account: Account, script: Script) -> None:
        self.account = account
        self.script = script
        self.received: list[dict[str, str]] = []
        self.queries: list[Mapping[str, str]] = []
        self.bodies: list[bytes] = []

    async def verify(self, query: Mapping[str, str], body: bytes) -> Response:
        expected = envelope.sign(self.account.token, query["timestamp"], query["nonce"])
        return (
            Response(200, query["echostr"].encode()) if query["signature"] == expected else Response(403, b"")
        )

    async def __call__(self, query: Mapping[str, str], body: bytes) -> Response:
        self.queries.append(query)
        self.bodies.append(body)
        fields = self._open(query, body)
        self.received.append(fields)
        answer = await self.script(fields)
        if answer is None:
            return Response(200, b"success")
        if isinstance(answer, Response):
            return answer
        return Response(200, self.seal(fields, answer))

    def _open(self, query: Mapping[str, str], body: bytes) -> dict[str, str]:
        root = ElementTree.fromstring(body)
        encrypted = root.findtext("Encrypt")
        if encrypted is not None:
            signed = envelope.sign(self.account.token, query["timestamp"], query["nonce"], encrypted)
            assert signed == query["msg_signature"]
            root = ElementTree.fromstring(envelope.decrypt(self.account, encrypted))
        return {child.tag: child.text or "" for child in root}

    def seal(self, fields: Mapping[str, str], answer: list[Field]) -> bytes:
        head: list[Field] = [
            ("ToUserName", fields["FromUserName"]),
            ("FromUserName", fields["ToUserName"]),
            ("CreateTime", int(fields["CreateTime"])),
        ]
        plain = render([*head, *answer])
        if self.account.mode is Mode.PLAIN:
            return plain
        encrypted = envelope.encrypt(self.account, plain)
        signature = envelope.sign(self.account.token, "1700000000", "n", encrypted)
        return (
            f"<xml><Encrypt>{cdata(encrypted)}</Encrypt><MsgSignature>{cdata(signature)}</MsgSignature>"
            "<TimeStamp>1700000000</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>"
        ).encode()


def says(text: str) -> list[Field]:
    return [("MsgType", "text"), ("Content", text)]


async def echo(fields: dict[str, str]) -> list[Field] | Response | None:
    """Repeats what was said; answers events with their name."""
    return says(fields.get("Content") or fields.get("Event") or fields["MsgType"])
