"""A process that answers requests, one JSON line each, with `portcullis._host`."""

import importlib.machinery
import importlib.util
import json
import sys

MARK = "\x1eresponse:"


def load_gate(path):
    name = "portcullis._gate"
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    gate = sys.modules[name] = importlib.util.module_from_spec(spec)
    loader.exec_module(gate)


def main():
    package, gate = sys.argv[1:3]
    sys.path.insert(0, package)
    if gate:
        load_gate(gate)
    from portcullis import _host

    for line in sys.stdin:
        request, image_file = json.loads(line)
        image = None
        if image_file is not None:
            with open(image_file, "rb") as file:
                image = file.read()
        text = request if isinstance(request, str) else json.dumps(request)
        print(MARK + _host.run(text, image), flush=True)


main()
