"""The process in which a learner's program runs: shuts itself in, runs it, tells what came of it. Run as a script.

Standard input: one JSON object (`code`, `probes`, `sandbox`, `limits`). Standard output is the program's own. What became
of it goes as JSON to the handle named by the first argument. The program can write there too: whatever comes from here is
a claim of the learner's, and is compared with what is right by somebody else.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

FILE = "<bai-lam>"
#: Imported while files can still be read: their libraries may lie outside of Python's own folder.
USUAL = ("math", "random", "datetime", "statistics", "decimal", "collections", "itertools", "functools", "string", "re", "csv")
NOT_LIBRARY = ("site-packages", "dist-packages")


def main() -> None:
    """Run one program."""
    report = int(sys.argv[1])
    order = json.loads(sys.stdin.buffer.readline())
    time.localtime()  # reads the time zone's file
    for name in USUAL:
        __import__(name)
    _limit(order["limits"])
    if order["sandbox"]:
        _sandbox().shut_in(_library())
    told: dict[str, Any] = {"error": None, "values": []}
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        exec(compile(order["code"], FILE, "exec"), space)
    except BaseException as error:
        told["error"] = _described(error)
    sys.stdout.flush()
    told["values"] = [_probed(space, probe) for probe in order["probes"]]
    os.write(report, json.dumps(told, default=repr, ensure_ascii=False).encode())
    sys.stdout.flush()
    os._exit(0)


def _sandbox() -> Any:
    """The module beside this file; Python was started without a path to it, so that a program finds nothing of ours."""
    spec = spec_from_file_location("_fence", os.path.join(os.path.dirname(__file__), "sandbox.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _library() -> list[str]:
    """Python's library, without what was installed into it: our own package with its questions may lie there."""
    folder = os.path.dirname(os.__file__)
    return [entry.path for entry in os.scandir(folder) if entry.name not in NOT_LIBRARY]


def _limit(limits: dict[str, int]) -> None:
    for name, most in limits.items():
        what = getattr(resource, name)
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _probed(space: dict[str, Any], probe: dict[str, Any]) -> dict[str, Any]:
    """The value of a name, or of a call of it with the probe's arguments; ``missing`` when there is no such name."""
    name = probe["name"]
    if name not in space:
        return {"missing": True}
    try:
        value = space[name](*probe["arguments"]) if "arguments" in probe else space[name]
        return {"value": json.loads(json.dumps(value, ensure_ascii=False))}
    except BaseException as error:
        return {"error": _described(error)}


def _described(error: BaseException) -> dict[str, Any]:
    """Kind, message and line of an error, as far as it is the program's own."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == FILE:
            line = frame.lineno
    return {"kind": type(error).__name__, "message": str(error)[:300], "line": line}


if __name__ == "__main__":
    main()
