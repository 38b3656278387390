"""What a citizen sees after an act, and the sentence `await citizen.says("转人工").sees("人工")`."""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Sequence
from typing import Any, overload

from xiaoxiao.simulator.bubbles import Bubble


class Dialog(Sequence[Bubble]):
    """The bubbles she got, oldest first."""

    def __init__(self, bubbles: Sequence[Bubble]) -> None:
        self._bubbles = tuple(bubbles)

    @property
    def text(self) -> str:
        return "\n".join(b.text for b in self._bubbles)

    def sees(self, *texts: str) -> Dialog:
        """Raises AssertionError, with all she saw, unless every text is somewhere in it."""
        for text in texts:
            if text not in self.text:
                raise AssertionError(f"没有看到「{text}」,看到的是:\n{self.text or '(什么也没有)'}")
        return self

    def sees_nothing(self) -> Dialog:
        if self._bubbles:
            raise AssertionError(f"不该有回答,看到的是:\n{self.text}")
        return self

    @overload
    def __getitem__(self, index: int) -> Bubble: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Bubble]: ...
    def __getitem__(self, index: int | slice) -> Bubble | Sequence[Bubble]:
        return self._bubbles[index]

    def __len__(self) -> int:
        return len(self._bubbles)


class Turn:
    """An act under way: await it for the Dialog; expectations named before are checked then."""

    def __init__(self, work: Coroutine[Any, Any, Dialog]) -> None:
        self._work = work
        self._expected: list[str] = []
        self._silence = False

    def sees(self, *texts: str) -> Turn:
        self._expected.extend(texts)
        return self

    def sees_nothing(self) -> Turn:
        self._silence = True
        return self

    def __await__(self) -> Generator[Any, None, Dialog]:
        return self._finish().__await__()

    async def _finish(self) -> Dialog:
        dialog = (await self._work).sees(*self._expected)
        return dialog.sees_nothing() if self._silence else dialog
