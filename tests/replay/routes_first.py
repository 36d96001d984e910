"""An order's process with its first two steps in the other order: what replay must not let pass."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import ports, queues
    from workflows.messages import OrderInput, OrderResult, RouteStep

from workflows.order import OrderWorkflow


@workflow.defn(name="OrderWorkflow")
class RoutesFirst(OrderWorkflow):
    """Asks the DOM before it asks for money."""

    @workflow.init
    def __init__(self, order: OrderInput) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: OrderInput) -> OrderResult:
        step = RouteStep(order_id=order.order_id, now=workflow.now(), n=1)
        await self._do(ports.RoutingSteps.route_order, step, queues.ROUTING)
        return await super().run(order)
