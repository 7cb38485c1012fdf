"""The opt-in table that C code reads: it is put in place whole, or not at all."""

import pickle
import sys

import pytest

HELPER = """
import pickle

def round_trip(value):
    return pickle.loads(pickle.dumps(value))
"""

WORKFLOW = """
import own_helper

class Order:
    def __init__(self, number):
        self.number = number

def run():
    order = own_helper.round_trip(Order(7))
    return type(order) is Order and order.number
"""


@pytest.fixture
def workflow(box):
    """A workflow whose objects are pickled by a module that is passed through."""
    passed = '<passthrough-modules><module name="own_helper"/></passthrough-modules>'
    yield box(WORKFLOW, passed, files={"own_helper.py": HELPER})
    sys.modules.pop("own_helper", None)


@pytest.fixture
def overlay(package):
    """The table in place for one test."""
    package.overlay_interpreter_table()
    yield
    package.restore_interpreter_table()


def test_code_of_the_host_pickles_objects_of_a_sandbox(workflow, overlay):
    assert workflow.call("run") == 7


def test_without_it_code_of_the_host_does_not_find_the_class(workflow):
    with pytest.raises((pickle.PicklingError, ImportError)):
        workflow.call("run")


def test_the_host_imports_its_own_modules(box, overlay):
    inside = box("import this_module\n", files={"this_module.py": "import sys\n"})
    with inside.sandbox.running():
        import this_module as outside
    assert outside is sys.modules["this_module"]
    assert outside is not vars(inside.module)["this_module"]
    del sys.modules["this_module"]


def test_it_is_put_back(package):
    gate = package._gate
    package.overlay_interpreter_table()
    package.overlay_interpreter_table()
    assert gate.restore_interpreter_table()
    assert not gate.restore_interpreter_table()
    import json  # found in the table of the interpreter

    assert json is gate.real_modules()["json"]


def test_workflow_code_cannot_reach_it(package, box):
    with pytest.raises(AttributeError):
        box("import portcullis\nportcullis.overlay_interpreter_table()\n")
