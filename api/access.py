"""Who calls, and whether they may: bearer keys with scopes."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from adapters.db.keys import SCOPES, Role
from api.problems import Refusal
from api.state import UsesServices

_KNOWN: Final = frozenset().union(*SCOPES.values())
_BEARER: Final = HTTPBearer(
    scheme_name="key", description="An API key: `Authorization: Bearer tl_…`", auto_error=False
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is."""

    key_id: str
    name: str
    role: Role
    scopes: frozenset[str]
    channels: frozenset[str]
    location_id: str | None

    @property
    def actor(self) -> str:
        """How histories name the caller."""
        return f"{self.role.value}:{self.name}"

    def sells_on(self, channel: str) -> bool:
        """Whether orders of the channel are the caller's: a storefront has its own, others have all."""
        return self.role is not Role.STOREFRONT or channel in self.channels

    def works_at(self, location_id: str) -> bool:
        """Whether the location is the caller's: a location has only itself, others have all."""
        return self.location_id is None or self.location_id == location_id


async def authenticated(
    scopes: SecurityScopes,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    services: UsesServices,
) -> Caller:
    """Return the caller; 401 without a key that works, 403 when a scope lacks."""
    if bearer is None or bearer.scheme.lower() != "bearer":
        raise _unauthorized("An API key is required: Authorization: Bearer <key>.", _challenge())
    stored = await services.keys.find(bearer.credentials)
    if stored is None:
        raise _unauthorized("The API key does not work.", _challenge("invalid_token"))
    for wanted in scopes.scopes:
        if stored.scopes.isdisjoint(wanted.split("|")):
            detail = f"The API key lacks the scope {wanted.replace('|', ' or ')}."
            raise Refusal(403, "forbidden", detail, _challenge("insufficient_scope"))
    return Caller(stored.id, stored.name, stored.role, stored.scopes, stored.channels, stored.location_id)


async def _authenticated_with_idempotency_key(
    caller: Annotated[Caller, Depends(authenticated)],
    _key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[\x21-\x7e]{1,255}$",
            description="Names the request: a repeat under the same name answers the same.",
        ),
    ],
) -> Caller:
    return caller


def needs(*scopes: str) -> Any:
    """Require a key with these scopes; the text `"a|b"` asks for one of the two.

    In a route: `caller: Annotated[Caller, needs("orders:read")]`.
    """
    return Security(authenticated, scopes=_checked(scopes))


def needs_keyed(*scopes: str) -> Any:
    """As `needs`, for a POST whose effect happens once: also requires the header Idempotency-Key."""
    return Security(_authenticated_with_idempotency_key, scopes=_checked(scopes))


def _checked(scopes: tuple[str, ...]) -> list[str]:
    unknown = {name for wanted in scopes for name in wanted.split("|")} - _KNOWN
    if unknown:
        raise ValueError(f"no role has the scope {', '.join(sorted(unknown))}")
    return list(scopes)


def _unauthorized(detail: str, challenge: dict[str, str]) -> Refusal:
    return Refusal(401, "unauthorized", detail, challenge)


def _challenge(error: str | None = None) -> dict[str, str]:
    return {"WWW-Authenticate": 'Bearer realm="throughline"' + (f', error="{error}"' if error else "")}
