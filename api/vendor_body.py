"""The bodies of carriers and payment providers: raw bytes as they were signed, capped."""

from fastapi import Request

from api.problems import Refusal
from api.reading import MEBIBYTE


async def raw_body(request: Request, what: str) -> bytes:
    """Return the body as it came; 413 beyond 1 MiB, before it is all in memory. `what` begins the refusal."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MEBIBYTE:
            raise Refusal(413, "too-large", f"{what} has at most 1 MiB.")
    return bytes(body)
