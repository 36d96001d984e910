"""Is it alive, is it ready, how does it do."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.readiness import Readiness
from api.reading import JsonRoute
from api.state import UsesServices

router = APIRouter(tags=["health"], route_class=JsonRoute)

_NOT_READY: Final[dict[int | str, dict[str, Any]]] = {
    503: {"model": Readiness, "description": "A part fails; the checks say which"}
}


@router.get("/livez", summary="The process serves")
async def livez() -> dict[str, Literal["pass"]]:
    """Answer; nothing is asked of anybody."""
    return {"status": "pass"}


@router.get("/readyz", summary="Every part that is needed answers", responses=_NOT_READY)
async def readyz(
    services: UsesServices,
    response: Response,
    purpose: Annotated[Literal["intake"] | None, Query(alias="for")] = None,
) -> Readiness:
    """List the checks; 200 only when all pass. `for=intake` asks only what taking orders needs."""
    probes = services.probes
    readiness = await (probes.intake() if purpose == "intake" else probes.everything())
    response.status_code = 200 if readiness.status == "pass" else 503
    return readiness


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(services: UsesServices) -> Response:
    """Return the metrics in the exposition format."""
    return Response(await services.metrics.text(), media_type=CONTENT_TYPE_LATEST)
