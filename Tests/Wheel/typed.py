"""What a user writes, for a type checker that is strict."""

from pathlib import Path

from portcullis import Policy, PolicyError, RestrictedWorkflowAccessError, Sandbox


def run(image: Path) -> str:
    """Loads a policy and opens a sandbox."""
    try:
        policy: Policy = Policy.load(image)
    except PolicyError as error:
        return str(error)
    sandbox: Sandbox = Sandbox(policy, workflow_module="flow")
    try:
        with sandbox.running():
            pass
    except RestrictedWorkflowAccessError as error:
        name: str = error.qualified_name
        return name
    finally:
        sandbox.close()
    passed: bool = policy.is_passthrough("sys")
    return str(passed)
