"""Reading pages as a person does: which forms stand on them, what is in their fields, and pressing the button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import PASSWORD


@dataclass
class Form:
    """A form of a page, with what it would send if its button were pressed now."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""

    def put(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(self.open)
        form = self.open
        if form is None:
            return
        name = has.get("name", "")
        if tag == "textarea" and name:
            self.area = name
            form.values[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in has or self.select not in form.values):
            form.values[self.select] = [has.get("value", "")]
        elif tag == "button" and name:
            form.buttons.append((name, has.get("value", "")))
        elif tag == "input" and name and has.get("type") not in ("submit", "file"):
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                form.put(name, has.get("value", "on" if has.get("type") == "checkbox" else ""))
        elif tag == "input" and has.get("type") == "submit" and name:
            form.buttons.append((name, has.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.open is not None:
            self.open.words += data
            if self.area:
                self.open.values[self.area] = [self.open.values[self.area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def forms_of(page: str) -> list[Form]:
    """Every form of the page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, end: str) -> Form:
    """The first POST form whose action ends so; "" is the form that goes to its own page."""
    posts = [form for form in forms_of(page) if form.method == "post"]
    found = [form for form in posts if (form.action.endswith(end) if end else not form.action)]
    assert found, f"no form to …{end} among {[form.action for form in posts]}"
    return found[0]


def send(client: FlaskClient, address: str, end: str, **values: object) -> TestResponse:
    """Open the page, fill in the form that leads to …`end`, and press; "press" names the button."""
    form = form_to(client.get(address).text, end)
    data: dict[str, object] = {**form.values}
    if (button := values.pop("press", None)) is not None:
        data |= dict(pair for pair in form.buttons if pair[0] == button) or {str(button): "1"}
    data |= values
    return client.post(form.action or address, data=data)


def log_in(client: FlaskClient, login: str, password: str = PASSWORD) -> None:
    """Log in, as the only one in this browser."""
    client.post("/logout", data=_token(client, "/login"))
    answer = send(client, "/login", "", login=login, password=password)
    assert answer.status_code == 302, answer.text


def _token(client: FlaskClient, address: str) -> dict[str, str]:
    for form in forms_of(client.get(address).text):
        if "csrf_token" in form.values:
            return {"csrf_token": form.values["csrf_token"][0]}
    return {}
