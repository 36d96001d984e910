"""What a caller accepts: the form that is named, unless it is refused or another one is preferred."""

import pytest

from api.accepting import asks_for


@pytest.mark.parametrize(
    "accept",
    [
        "application/pdf",
        "Application/PDF",
        "application/json;q=0.5, application/pdf",
        "application/pdf;q=0.9, */*;q=0.1",
        "text/html, application/pdf ; q=1.0",
        "application/pdf, application/json",
        "application/pdf, application/json;Q=0",
    ],
)
def test_it_is_asked_for(accept: str) -> None:
    assert asks_for(accept, "application/pdf", instead_of="application/json")


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/*",
        "application/json",
        "application/pdf;q=0",
        "application/pdf; Q=0.0, */*",
        "application/pdf;q=0.2, application/json",
        "application/pdf;q=0.2, application/*;q=0.3",
        "application/pdfx",
    ],
)
def test_it_is_not_asked_for(accept: str) -> None:
    assert not asks_for(accept, "application/pdf", instead_of="application/json")
