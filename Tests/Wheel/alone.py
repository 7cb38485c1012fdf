"""The installed wheel with nothing beside it: run by Scripts/test-wheel in a clean environment."""

import builtins
import pathlib
import statistics
import subprocess
import sys
import tempfile

from portcullis import Policy, RestrictedWorkflowAccessError, Sandbox, _gate, _shipped

assert "temporalio" not in sys.modules
assert _shipped.names() == ["default", "strict", "temporal-1.35"]
for name in _shipped.names():
    assert Policy.load(_shipped.path(name)).is_passthrough("temporalio")

source = "import time\ndef add(a, b):\n    return a + b\ndef clock():\n    return time.time()\n"
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder, "flow.py")
    file.write_text(source)
    sandbox = Sandbox(Policy.load(_shipped.path()), workflow_module="flow")
    flow = sandbox.load(str(file), "flow")
    with sandbox.running():
        assert flow.add(1, 2) == 3
        try:
            flow.clock()
        except RestrictedWorkflowAccessError as error:
            assert error.qualified_name == "time.time.__call__"
        else:
            raise AssertionError("the clock was read")
    sandbox.close()
assert builtins.open is open

# The command says where the compiler is to be had.
ran = subprocess.run([sys.prefix + "/bin/portcullis"], capture_output=True, text=True)
assert ran.returncode == 2 and "make build" in ran.stderr, ran.stderr
assert str(_shipped.path("strict")) in ran.stderr

timed = """
import portcullis, time
start = time.perf_counter()
from portcullis import _gate
print((time.perf_counter() - start) * 1e3)
"""
runs = [subprocess.check_output([sys.executable, "-Ic", timed]) for _ in range(11)]
took = statistics.median(map(float, runs))

size = pathlib.Path(_gate.__file__).stat().st_size
print(f"alone: {size} bytes native, imported in {took:.2f} ms")
