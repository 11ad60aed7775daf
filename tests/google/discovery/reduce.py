#!/usr/bin/env python3
"""Reduces Google's discovery documents to the facts that the Google of the tests checks by.

    reduce.py DOCUMENTS            writes gmail.v1.json and sheets.v4.json beside this file
    reduce.py --check DOCUMENTS    exits 1 if what stands there is something else

DOCUMENTS is the directory googleapiclient/discovery_cache/documents of the Python package google-api-python-client.
What is kept: the methods named here and the schemas that they reach, with names, types, enums and patterns. No prose.
"""

import json
import pathlib
import sys

KEPT = {
    "gmail.v1": lambda method: method in {"gmail.users.getProfile", "gmail.users.messages.send"},
    "sheets.v4": lambda method: method.startswith("sheets.spreadsheets."),
}
OF_METHOD = ["httpMethod", "path"]
OF_PARAMETER = ["type", "format", "enum", "location", "required", "repeated", "pattern"]
OF_SCHEMA = ["$ref", "type", "format", "enum", "readOnly"]


def methods(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


def picked(source, names):
    return {name: source[name] for name in names if name in source}


def parameters(source):
    return {name: picked(parameter, OF_PARAMETER) for name, parameter in source.get("parameters", {}).items()}


def schema(source):
    kept = picked(source, OF_SCHEMA)
    if "properties" in source:
        kept["properties"] = {name: schema(inner) for name, inner in source["properties"].items()}
    for name in ("items", "additionalProperties"):
        if name in source:
            kept[name] = schema(source[name])
    return kept


def references(source):
    if isinstance(source, dict):
        for name, inner in source.items():
            if name == "$ref" and isinstance(inner, str):
                yield inner
            else:
                yield from references(inner)


def method(source):
    kept = picked(source, OF_METHOD)
    kept["scopes"] = source["scopes"]
    kept["parameters"] = parameters(source)
    for side in ("request", "response"):
        if side in source:
            kept[side] = source[side]["$ref"]
    if "mediaUpload" in source:
        upload = source["mediaUpload"]
        kept["mediaUpload"] = {
            "accept": upload["accept"],
            "path": upload["protocols"]["simple"]["path"].removeprefix("/"),
        }
    return kept


def reduced(document, keep):
    kept = {source["id"]: method(source) for source in methods(document) if keep(source["id"])}
    wanted = [kept[name][side] for name in kept for side in ("request", "response") if side in kept[name]]
    schemas = {}
    while wanted:
        name = wanted.pop()
        if name not in schemas:
            schemas[name] = schema(document["schemas"][name])
            wanted.extend(references(schemas[name]))
    return {
        "id": document["id"],
        "revision": document["revision"],
        "parameters": parameters(document),
        "methods": kept,
        "schemas": schemas,
    }


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    arguments = [argument for argument in arguments if argument != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    differ = []
    for name, keep in KEPT.items():
        document = json.loads((pathlib.Path(arguments[0]) / f"{name}.json").read_text())
        text = json.dumps(reduced(document, keep), indent=1, sort_keys=True) + "\n"
        target = pathlib.Path(__file__).with_name(f"{name}.json")
        if check:
            if not target.exists() or target.read_text() != text:
                differ.append(target.name)
        else:
            target.write_text(text)
            print(f"{target.name}: {len(text)} bytes")
    if differ:
        sys.exit(f"not as Google's: {', '.join(differ)}")


if __name__ == "__main__":
    main()
