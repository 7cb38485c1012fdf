"""What the tests of the gate share: policies compiled from text."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def policy(package, portcullis, tmp_path_factory) -> Callable[[str], object]:
    """Compiles a policy from the elements inside its root, over the shipped default."""
    made: dict[tuple[str, str], object] = {}

    def make(body: str = "", extends: str = "default.xml") -> object:
        if (body, extends) not in made:
            folder = tmp_path_factory.mktemp("policy")
            source, image = folder / "policy.xml", folder / "policy.policybc"
            base = f' extends="{extends}"' if extends else ""
            source.write_text(
                f'<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1"'
                f' name="test"{base}>\n{body}\n</sandbox-restrictions>\n'
            )
            command = [portcullis, "compile", str(source), "-o", str(image)]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            made[body, extends] = package.Policy.load(image)
        return made[body, extends]

    return make
