"""A citizen's phone on the simulator's page: she follows, types, taps, sends photos and places, and reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

ANSWER_MS = 20_000  #: generous: an answer takes a tenth of a second, on a busy machine more


@dataclass
class Phone:
    page: Page
    panel: Locator
    read: int = 0  #: how many messages of the account she had before her latest act

    @classmethod
    def follows(cls, page: Page, name: str) -> Phone:
        """A new citizen who follows the account and has the keyboard open."""
        page.get_by_role("button", name="＋ 市民").click()
        page.get_by_label("名字").fill(name)
        page.get_by_role("button", name="添加", exact=True).click()
        phone = cls(page, page.get_by_role("tabpanel", name=f"{name}的微信"))
        phone.panel.get_by_role("button", name="关注公众号").click()
        phone.sees("我是小小")
        phone.panel.get_by_role("button", name="打字").click()
        return phone

    def says(self, text: str) -> Phone:
        self._acts()
        self.panel.get_by_role("textbox").fill(text)
        self.panel.get_by_role("textbox").press("Enter")
        expect(self.panel.locator(".mine .bubble").last).to_have_text(text)
        return self

    def taps(self, title: str) -> Phone:
        """The latest option of that name."""
        self._acts()
        self.panel.locator(".bubble").get_by_role("button", name=title).last.click()
        return self

    def chooses(self, column: str, entry: str) -> Phone:
        """From the menu; the keyboard is open again afterwards."""
        self._acts()
        self.panel.get_by_role("button", name="菜单").click()
        self.panel.get_by_role("button", name=column).click()
        self.panel.get_by_role("menuitem", name=entry).click()
        self.panel.get_by_role("button", name="打字").click()
        return self

    def sends_photos(self, *pictures: bytes) -> Phone:
        self._acts()
        before = self.panel.locator(".mine").count()
        self._tool("照片")
        with self.page.expect_file_chooser() as chooser:
            self.panel.get_by_role("button", name="照片").click()
        chooser.value.set_files(_files(pictures))
        self.page.get_by_role("dialog").get_by_role("button", name="发送").click()
        expect(self.panel.locator(".mine")).to_have_count(before + len(pictures))
        return self

    def sends_place(self, place: str) -> Phone:
        self._acts()
        before = self.panel.locator(".mine").count()
        self._tool("位置")
        self.panel.get_by_role("button", name="位置", exact=True).click()
        self.page.get_by_label("常用地点").select_option(label=place)
        self.page.get_by_role("dialog").get_by_role("button", name="发送").click()
        expect(self.panel.locator(".mine")).to_have_count(before + 1)
        return self

    def sees(self, *words: str) -> Phone:
        """In what has come since her latest act."""
        for each in words:
            expect(self._new.filter(has_text=each).first).to_be_visible(timeout=ANSWER_MS)
        return self

    @property
    def text(self) -> str:
        """What has come since her latest act."""
        return "\n".join(self._new.all_inner_texts())

    @property
    def _new(self) -> Locator:
        return self.panel.locator(f"xpath=(.//li[contains(@class, 'theirs')])[position() > {self.read}]")

    def _acts(self) -> None:
        self.read = self.panel.locator(".theirs").count()

    def _tool(self, name: str) -> None:
        if not self.panel.get_by_role("button", name=name, exact=True).is_visible():
            self.panel.get_by_role("button", name="更多功能").click()


def _files(pictures: Sequence[bytes]) -> list[dict[str, object]]:
    named = enumerate(pictures, 1)
    return [{"name": f"{n}.png", "mimeType": "image/png", "buffer": content} for n, content in named]
