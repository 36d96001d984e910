"""A return's process that looks before it sleeps: what replay must not let pass."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.messages import ReturnInput, ReturnResult

from workflows.returns import ReturnWorkflow


@workflow.defn(name="ReturnWorkflow")
class ExpiresFirst(ReturnWorkflow):
    """Asks whether the time is over before it has waited."""

    @workflow.init
    def __init__(self, asked: ReturnInput) -> None:
        super().__init__(asked)

    @workflow.run
    async def run(self, asked: ReturnInput) -> ReturnResult:
        await self._expire_what_is_due()
        return await super().run(asked)
