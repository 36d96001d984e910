"""A process that waits before it settles: what replay must not let pass."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.messages import AdjustmentInput, OrderResult

from workflows.adjustment import AdjustmentWorkflow


@workflow.defn(name="AdjustmentWorkflow")
class SettlesLast(AdjustmentWorkflow):
    """Lets an hour pass before it asks for money."""

    @workflow.init
    def __init__(self, asked: AdjustmentInput) -> None:
        super().__init__(asked)

    @workflow.run
    async def run(self, asked: AdjustmentInput) -> OrderResult:
        await workflow.sleep(timedelta(hours=1))
        return await super().run(asked)
