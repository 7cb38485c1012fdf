"""Changes a document and keeps its comments."""

import io

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

TEXT = """\
# the order
id: 7   # a number
when: 2024-01-02
lines:
- {sku: a, count: 2}
- sku: b
  count: 3
"""


def use():
    yaml = YAML()
    document = yaml.load(TEXT)
    document["lines"][0]["count"] = 5
    document.insert(1, "state", "open", comment="new")
    out = io.StringIO()
    yaml.dump(document, out)
    plain = YAML(typ="safe", pure=True).load(TEXT)
    return [out.getvalue(), isinstance(document, CommentedMap), str(plain["when"]), plain["lines"]]
