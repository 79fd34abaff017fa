"""Somebody with a browser window, who notices what a careful person would notice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.factories import PASSWORD

GRAVE = ("serious", "critical")
#: How long a busy machine may take for a page, in milliseconds. A check waits for what it asks about, never longer.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Site:
    """The application behind the server, and its address."""

    app: Flask
    address: str


class Visitor:
    """One window. It keeps what went wrong in it: requests that left the machine, errors, refused scripts."""

    def __init__(self, browser: Browser, site: Site, width: int, *, scripts: bool = True) -> None:
        self.site, self.width, self.scripts = site, width, scripts
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note_console)

    def go(self, path: str) -> "Visitor":
        """Open an address of the site."""
        answer = self.page.goto(path if path.startswith("http") else self.site.address + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the page that was asked for is there: loaded, with its title."""
        self.page.wait_for_load_state("load")
        expect(self.page).to_have_title(re.compile(r"\S"))

    @contextmanager
    def another_page(self) -> Iterator[None]:
        """Do something that leads to another page, and wait for it."""
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.settle()

    def log_in(self, login: str) -> "Visitor":
        """As a member of staff."""
        self.go("/login")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.press("main form button[type=submit]")
        return self

    def speak(self, language: str) -> None:
        """Switch the language."""
        self.go(f"/?lang={language}")

    def fill(self, **values: Any) -> None:
        """Type into fields by their names, in whichever form shows them."""
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']:visible").first.fill(str(value))

    def press(self, selector: str) -> None:
        """Press a button, and wait for the page that comes."""
        with self.another_page():
            self.page.locator(selector).first.click()

    def follow(self, selector: str, words: str | None = None) -> None:
        """Follow the first such link, and wait for the page it leads to."""
        with self.another_page():
            self.page.locator(selector, has_text=words).first.click()

    def form(self, end: str) -> Locator:
        """The form that is sent to an address with this end."""
        return self.page.locator(f"form[action$='{end}'], form[action*='{end}#']").first

    def open_details(self, end: str) -> None:
        """Unfold what hides the form."""
        form = self.form(end)
        if not form.is_visible():
            form.locator("xpath=ancestor::details[1]/summary").click()

    def send(self, end: str, **values: Any) -> None:
        """Fill the form of that address and send it."""
        self.open_details(end)
        form = self.form(end)
        for name, value in values.items():
            _put(form, name, value)
        with self.another_page():
            form.locator("button[type=submit]").last.click()

    def text(self) -> str:
        """What can be read on the page."""
        self.settle()
        return self.page.locator("body").inner_text()

    def check_page(self) -> None:
        """What must hold on every page: nothing wider than the window, a title, no grave fault for anybody."""
        self.settle()
        if not self.scripts:
            return
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{self.page.url} is {wide} px too wide at {self.width} px"
        found = Axe().run(self.page).response["violations"]
        grave = [
            f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found if v["impact"] in GRAVE
        ]
        assert not grave, f"{self.page.url}: {grave}"

    def check_quiet(self) -> None:
        """No request left the machine, no script failed, no policy was broken."""
        assert not self.strangers
        assert not self.complaints

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def _note_request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if host and host != urlsplit(self.site.address).netloc:
            self.strangers.append(request.url)

    def _note_console(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)


def _put(form: Locator, name: str, value: Any) -> None:
    field = form.locator(f"[name='{name}']").first
    kind = field.evaluate("e => e.type") if field.evaluate("e => e.tagName") == "INPUT" else ""
    if kind in ("radio", "checkbox"):
        form.locator(f"[name='{name}'][value='{value}']").check()
    elif field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(str(value))
    else:
        field.fill(str(value))
