"""What a caller accepts, by the Accept header (RFC 9110, 12.5.1)."""

import re

_WEIGHT = re.compile(r"q=([01](?:\.\d{0,3})?)", re.IGNORECASE)


def asks_for(accept: str, wanted: str, *, instead_of: str) -> bool:
    """Whether a media type is named, and not accepted less than the one that is given by default."""
    ranges = dict(_weighed(one) for one in accept.split(","))
    usual = next((ranges[one] for one in (instead_of, _any_of(instead_of), "*/*") if one in ranges), 0.0)
    return ranges.get(wanted, 0.0) > 0 and ranges[wanted] >= usual


def _weighed(one: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in one.split(";"))
    weight = next((found for part in parameters if (found := _WEIGHT.fullmatch(part))), None)
    return name.lower(), float(weight.group(1)) if weight else 1.0


def _any_of(media: str) -> str:
    return f"{media.partition('/')[0]}/*"
