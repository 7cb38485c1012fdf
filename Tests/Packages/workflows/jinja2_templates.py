"""Renders templates."""

import jinja2
from jinja2.sandbox import SandboxedEnvironment

PAGES = {
    "base": "<{% block body %}{% endblock %}>",
    "page": '{% extends "base" %}{% block body %}{{ name|upper }}{% endblock %}',
}


def use():
    environment = jinja2.Environment(loader=jinja2.DictLoader(PAGES), autoescape=True)
    text = environment.from_string(
        "{% macro row(x) %}[{{ x }}]{% endmacro %}{% for x in xs %}{{ row(x) }}{% endfor %}"
    )
    try:
        environment.get_template("none")
    except jinja2.TemplateNotFound as error:
        missing = error.name
    try:
        SandboxedEnvironment().from_string("{{ f.__globals__ }}{{ f.__globals__.x }}").render(f=use)
    except jinja2.exceptions.SecurityError as error:
        refused = type(error).__name__
    return [
        environment.get_template("page").render(name="a<b"),
        text.render(xs=[1, 2, "<"]),
        missing,
        refused,
        str(jinja2.utils.markupsafe.Markup("<b>%s</b>") % "<"),
    ]
