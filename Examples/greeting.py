"""A workflow that waits, asks an activity and answers.

Run it without a server:
    portcullis run Examples/greeting.py --input '"Ada"' --stub compose_greeting='"Hello, Ada!"'
"""

from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self, name: str) -> str:
        started = workflow.now()
        await workflow.sleep(timedelta(hours=1))
        greeting = await workflow.execute_activity(
            "compose_greeting", name, start_to_close_timeout=timedelta(seconds=10)
        )
        waited = workflow.now() - started
        return f"{greeting} (after {waited} on the workflow's clock)"
