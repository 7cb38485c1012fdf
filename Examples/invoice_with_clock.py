"""A workflow that reads the machine's clock, which the default policy stops.

Its fixed version is `invoice.py`.
"""

from datetime import datetime, timedelta

from temporalio import workflow


@workflow.defn
class Invoice:
    @workflow.run
    async def run(self, days: int) -> str:
        due = datetime.now() + timedelta(days=days)
        return f"due on {due:%A}"
