"""Finding the workflow in a file, and the faults of files and requests."""

import pytest

TWO = """
    @workflow.defn(name="first")
    class First:
        @workflow.run
        async def run(self):
            return 1

    @workflow.defn
    class Second:
        @workflow.run
        async def run(self):
            return 2
    """


@pytest.mark.parametrize(("name", "value"), [("first", 1), ("First", 1), ("Second", 2)])
def test_a_workflow_is_named_by_definition_or_class(runs, name, value):
    assert runs(TWO, workflow=name)["value"] == value


def test_of_several_one_has_to_be_named(runs):
    response = runs(TWO)
    assert (response["status"], response["kind"]) == ("error", "workflow")
    assert "2 workflows, name one of them: `first`, `Second`" in response["error"]["message"]


def test_an_unknown_name_lists_those_there_are(runs):
    response = runs(TWO, workflow="Third")
    assert response["kind"] == "workflow"
    assert response["error"]["message"].endswith("no workflow `Third`; it holds `first`, `Second`")


def test_a_file_without_a_workflow(runs):
    response = runs("x = 1")
    assert response["kind"] == "workflow"
    assert "no class has `@workflow.defn`" in response["error"]["message"]


def test_imported_workflows_do_not_count_unless_named(runs):
    runs.write("others_of_this_test.py", "from portcullis import workflow\n" + _dedent(TWO))
    text = """
        from others_of_this_test import First, Second

        @workflow.defn
        class Own:
            @workflow.run
            async def run(self):
                return 3
        """
    assert runs(text)["value"] == 3
    assert runs(text, workflow="first")["value"] == 1


def test_the_folder_of_the_file_is_on_the_path_while_it_runs(runs):
    runs.write("neighbour_of_this_test.py", "VALUE = 5\n")
    text = """
        import sys
        from neighbour_of_this_test import VALUE

        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                return [VALUE, sys.path[0]]
        """
    assert runs(text)["value"] == [5, str(runs.folder)]
    after = runs("import sys\nBEFORE = list(sys.path)\n" + _dedent(_PATHS))["value"]
    assert after.count(str(runs.folder)) == 1


_PATHS = """
    @workflow.defn
    class One:
        @workflow.run
        async def run(self):
            return BEFORE
    """


def test_a_file_may_have_the_name_of_a_module(runs):
    file = runs.write("json.py", "from portcullis import workflow\n" + _dedent(TWO))
    assert runs.run(file, workflow="Second")["value"] == 2
    file = runs.write("my-flow.py", "from portcullis import workflow\n" + _dedent(TWO))
    assert runs.run(file, workflow="Second")["value"] == 2


def test_a_file_is_read_again_for_every_run(runs):
    file = runs.file(TWO)
    assert runs.run(file, workflow="Second")["value"] == 2
    runs.write(file, "from portcullis import workflow\n" + _dedent(TWO).replace("2", "7"))
    assert runs.run(file, workflow="Second")["value"] == 7


def test_a_missing_file(runs):
    response = runs.run(str(runs.folder / "none.py"))
    assert (response["status"], response["kind"]) == ("error", "file")
    assert "no such file" in response["error"]["message"]
    assert runs.run(str(runs.folder))["kind"] == "file"


@pytest.mark.parametrize(
    ("text", "line"), [("x = 1\ndef f(:\n    pass\n", 2), ("x = '\x00'\n", 0), ("if x:\ny\n", 2)]
)
def test_a_file_that_does_not_parse(runs, text, line):
    file = runs.write("broken.py", text)
    response = runs.run(file)
    assert (response["status"], response["kind"]) == ("error", "syntax")
    assert response["error"]["file"] == file
    assert line in (0, response["error"]["line"])


def test_a_module_that_does_not_parse(runs):
    broken = runs.write("broken_neighbour.py", "x = (\n")
    response = runs("import broken_neighbour")
    assert (response["status"], response["kind"]) == ("error", "syntax")
    assert response["error"]["file"] == broken


def test_a_missing_module_says_where_to_install_it(runs):
    response = runs("\nimport no_such_module_here")
    assert (response["status"], response["kind"]) == ("error", "import")
    assert response["error"]["message"].startswith("no module named 'no_such_module_here': install")
    assert response["error"]["line"] == 3


def test_temporalio_that_is_missing_names_the_replacement(bare):
    file = bare.write("needs.py", "from temporalio import workflow\n")
    message = bare.run(file)["error"]["message"]
    assert "pip install temporalio" in message
    assert "`from portcullis import workflow`" in message


def test_an_exception_of_the_file_fails_the_task(runs):
    response = runs("\nraise KeyError('at import')")
    assert (response["status"], response["kind"]) == ("failed", "task")
    assert response["error"]["trace"][-1]["line"] == 3


def test_a_class_that_is_no_workflow_fails_the_task(runs):
    response = runs("@workflow.defn\nclass One:\n    pass\n")
    assert response["kind"] == "task"
    assert "Missing @workflow.run method" in response["error"]["message"]


@pytest.mark.parametrize("request_text", ["", "[]", "{}", '{"file": "x", "seed": "y"}'])
def test_a_request_that_is_none(bare_worker, request_text):
    response = bare_worker.send(request_text)
    assert (response["status"], response["kind"]) == ("error", "request")


@pytest.mark.parametrize("field", [{"input": ["{"]}, {"stubs": {"a": "nope"}}])
def test_input_that_is_no_json(bare_worker, tmp_path, field):
    response = bare_worker.send({"file": str(tmp_path / "x.py"), **field})
    assert (response["status"], response["kind"]) == ("error", "input")
    assert "is not JSON" in response["error"]["message"]


def test_without_a_policy_nothing_runs(bare, tmp_path):
    marker = tmp_path / "ran"
    file = bare.write("writes.py", f"open({str(marker)!r}, 'w')\n")
    response = bare.worker.send({"file": file})
    assert (response["status"], response["kind"]) == ("error", "policy")
    assert not marker.exists()


def _dedent(text):
    import textwrap

    return textwrap.dedent(text)
