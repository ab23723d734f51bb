"""The warm process: has everything imported and forks a kernel whenever it is asked. Linux only.

Starting a kernel anew costs most of a second of a processor and 39 MiB; a fork costs some milliseconds and shares what was
imported. Forking is safe only where there is nothing that a copy would break, so this process has one thread and no event
loop, no zmq context, no database. It imports ipywidgets while there is no kernel, so what ipywidgets does when it meets a
kernel at import is done in the child.

Requests come over a socket as JSON, one a packet: ``{"argv": [...], "env": {...}, "cwd": "..."}``. The answer is
``{"pid": n}`` with a pidfd of the new process beside it: a number alone might be somebody else's by the time it is used.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

#: Imported before the first fork: what the kernel itself and our widgets need. Nothing here may start a thread.
PRELOADED = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipywidgets", "anywidget", "bdhvs.widgets.exercise")
MOST_REQUEST_BYTES = 262_144
REAP_EVERY_S = 2.0
KERNEL_ADDRESS_SPACE = 2 * 2**30
KERNEL_FILES = 512
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve requests on the socket whose number is the first argument until its other end closes."""
    line = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent()
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel's word for "no debugger", which would cost 8 MB each
    for name in PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()  # the collector would touch every object, and a touched page is no longer shared
    line.send(b'{"ready": true}')
    serve(line)


def serve(line: socket.socket) -> None:
    """Fork for each request; returns when the other end is gone."""
    while True:
        ready, _, _ = select.select([line], [], [], REAP_EVERY_S)
        _reap()
        if not ready:
            continue
        request = line.recv(MOST_REQUEST_BYTES)
        if not request:
            return
        pid = os.fork()
        if pid == 0:
            _in_child(line, json.loads(request))
        pidfd = os.pidfd_open(pid)  # before it is reaped, so the number cannot have passed to somebody else
        socket.send_fds(line, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)


def _in_child(line: socket.socket, request: dict[str, Any]) -> None:
    """Become a kernel; never returns, whatever happens."""
    code = 1
    try:
        line.close()
        os.setsid()
        die_with_parent()
        _set_limits()
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        run_kernel(request["argv"])
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)  # not sys.exit: what the parent registered to run at its end is not ours to run


def run_kernel(argv: list[str]) -> None:
    """A kernel in this process, until it is shut down."""
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["kernel", *argv]
    sys.modules["__main__"] = ModuleType("__main__")
    app = IPKernelApp.instance()
    app.initialize(argv)  # type: ignore[no-untyped-call]
    ipywidgets.load_ipython_extension(app.shell)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    app.start()  # type: ignore[no-untyped-call]


def die_with_parent() -> None:
    """Have the system end this process when the one that made it ends, however that ends."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:  # it ended before we asked
        os._exit(0)


def _set_limits() -> None:
    """A kernel that runs wild is stopped before it takes the machine from the others."""
    for what, most in (
        (resource.RLIMIT_AS, KERNEL_ADDRESS_SPACE),
        (resource.RLIMIT_NOFILE, KERNEL_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):  # there is none
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
