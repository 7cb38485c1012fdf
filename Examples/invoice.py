"""The fixed version of `invoice_with_clock.py`: it asks the workflow for the time."""

from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Invoice:
    @workflow.run
    async def run(self, days: int) -> str:
        issued = workflow.now()
        due = issued + timedelta(days=days)
        return f"due {(due - issued).days} days after it was issued"
