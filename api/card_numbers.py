"""Card numbers do not belong here: texts that may hold one are refused, and never logged."""

import re
import unicodedata
from typing import Final

from pydantic import AfterValidator

_RUN: Final = re.compile(r"\d(?:[\s.\-\u2010-\u2015\u2212]*\d)*")
"""Digits, with any spaces, points and dashes between them."""
_GROUP: Final = re.compile(r"\d+")
_SHORTEST: Final = 13
_LONGEST: Final = 19


def has_card_number(text: str) -> bool:
    """Whether some 13 to 19 digits that follow each other, perhaps in groups, pass the Luhn check.

    A number begins and ends with a group of its own: the year before it hides it not, and a long
    number without spaces is looked at as a whole.
    """
    return any(_in_groups(_GROUP.findall(run)) for run in _RUN.findall(text))


def _in_groups(groups: list[str]) -> bool:
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST and _luhn(digits):
                return True
    return False


def _luhn(digits: str) -> bool:
    values = [unicodedata.digit(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * value, 10)) for value in values[1::2])
    return (sum(values[::2]) + sum(doubled)) % 10 == 0


def refuse_card_number(text: str) -> str:
    """Return the text, if there is no card number in it; ValueError without the text otherwise."""
    if has_card_number(text):
        raise ValueError("looks like a card number, which must not be sent here")
    return text


NoCardNumber = AfterValidator(refuse_card_number)
"""For a field: `Annotated[Text, NoCardNumber]`."""
