"""Fixtures of the interview's tests: a noodle shop that answers what it is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.fixtures.pages import Page, Visitor, parsed

SHOP = {
    "legal_form": "individual_business",
    "district": "heping",
    "industry": "6220",
    "employees": "4",
    "vat_status": "small_scale",
    "tax_filing_cycle": "quarterly",
    "period_sales": "155000",
    "period_real_estate_sales": "0",
    "period_special_invoice_sales": "0",
    "six_taxes_two_fees_payable": "310",
}
TWO = ("six-taxes-two-fees", "small-scale-vat")


@dataclass
class Interview:
    """An owner in the interview, without scripts."""

    visitor: Visitor

    def begin(self, *schemes: str, **form: str) -> TestResponse:
        """Press the button of the start page."""
        return self.send("/", {"scheme": list(schemes), "do": "next", **form})

    def send(self, path: str, form: Mapping[str, object], page: Page | None = None) -> TestResponse:
        """Send a form of the page (a fresh start page unless given) with its token and its snapshot."""
        page = page or self.visitor.get("/")
        hidden = {name: page.value(name) for name in ("csrf_token", "base")}
        return self.visitor.client.post(path, data={**hidden, **form})

    def screen(self, response: TestResponse) -> Page:
        """The screen that an answer led to."""
        assert response.status_code == 303, response.text[:2000]
        return self.visitor.get(response.headers["Location"])

    def tell(self, page: Page, do: str = "next", **facts: str) -> TestResponse:
        """Answer the screen with these facts."""
        form = {"fact": list(asked(page)), "do": do, **{f"fact_{fact}": value for fact, value in facts.items()}}
        return self.send("/ask", form, page)

    def play(self, response: TestResponse, facts: Mapping[str, str], most: int = 40) -> list[tuple[str, ...]]:
        """Answer what is asked from the facts until the results come; every screen's facts."""
        screens: list[tuple[str, ...]] = []
        while not response.headers["Location"].endswith("/result"):
            page = self.screen(response)
            screens.append(asked(page))
            assert len(screens) <= most
            response = self.tell(page, **{fact: facts[fact] for fact in asked(page) if fact in facts})
        return screens


def asked(page: Page) -> tuple[str, ...]:
    """The facts that a screen asks for."""
    return tuple(field.get("value") or "" for field in page.root.iterfind(".//input[@name='fact']"))


def asked_by(response: TestResponse) -> tuple[str, ...]:
    """The facts of the screen that an answer leads to."""
    return tuple(parse_qs(urlsplit(response.headers["Location"]).query).get("fact", ()))


def numbers(text: str) -> list[int]:
    """The whole numbers in a text."""
    return [int(found) for found in re.findall(r"\d+", text)]


@pytest.fixture
def owner(visitor: Visitor) -> Interview:
    """An owner who has not been here before."""
    return Interview(visitor)


__all__ = ["SHOP", "TWO", "Interview", "Page", "asked", "asked_by", "numbers", "parsed"]
