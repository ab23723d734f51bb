"""Kernels forked from the warm process; started in the ordinary way where that is not to be had.

A `KernelProvisioner` is jupyter_client's own place for this. It is registered in our Voilà process only, so no other
Jupyter of this machine meets it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

log = logging.getLogger("bdhvs.live")
NAME = "bdhvs-forked"
WARM_UP_S = 60.0
FORK_S = 10.0
#: For kernels however they are started: no history file; standard output through the widgets' own way only.
KERNEL_OPTIONS = ("--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False")


class WarmProcess:
    """The process that forks kernels (`bdhvs.live.warm`), started by the first who asks."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def possible() -> bool:
        """Whether this system can do it: forks, and handles on processes."""
        return sys.platform == "linux" and hasattr(os, "pidfd_open")

    def start(self) -> None:
        """Start it and wait until everything is imported.

        Raises
        ------
        OSError
            when it does not come up.
        """
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bdhvs.live.warm", str(its.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                env={**os.environ, **single},
            )
        ours.settimeout(WARM_UP_S)
        if not ours.recv(1024):
            raise OSError("the warm process ended while it was starting")
        ours.settimeout(FORK_S)
        self._line = ours

    @property
    def ready(self) -> bool:
        """Whether it can fork now."""
        return self._line is not None and self._process is not None and self._process.poll() is None

    def fork(self, argv: list[str], env: dict[str, str], cwd: str) -> ForkedKernel:
        """A new kernel.

        Raises
        ------
        OSError
            when the warm process does not answer; it is not asked again.
        """
        assert self._line is not None
        try:
            self._line.send(json.dumps({"argv": argv, "env": env, "cwd": cwd}).encode())
            answer, handles, _, _ = socket.recv_fds(self._line, 1024, 1)
            if not handles:
                raise OSError("the warm process gave no kernel")
        except OSError:
            self._line.close()
            self._line = None
            raise
        return ForkedKernel(json.loads(answer)["pid"], handles[0])

    def stop(self) -> None:
        """End it, and with it every kernel that it forked."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


class ForkedKernel:
    """A process that is not our child, as much of `subprocess.Popen` as `LocalProvisioner` asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self.returncode: int | None = None  # 0 when it has ended: how, only its parent is told

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._pidfd], [], [], 0)[0]:
            os.close(self._pidfd)
            self.returncode = 0
        return self.returncode

    def wait(self) -> int:
        while self.poll() is None:
            select.select([self._pidfd], [], [])
        return 0

    def on_end(self, call: Callable[[], None]) -> None:
        """Call `call` on the running loop once the process has ended. The handle is doubled: `poll` may close its own."""
        double = os.dup(self._pidfd)
        loop = asyncio.get_running_loop()

        def ended() -> None:
            loop.remove_reader(double)
            os.close(double)
            call()

        loop.add_reader(double, ended)

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class ForkedProvisioner(LocalProvisioner):
    """Forks when it can, starts a kernel anew when it cannot."""

    warm = WarmProcess()
    #: Told the id of a kernel whose process has ended, wanted or not.
    ended: Callable[[str], None] = staticmethod(lambda _: None)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        cmd = [*cmd, *KERNEL_OPTIONS]
        if self.warm.ready:
            try:
                return self._forked(cmd, kwargs)
            except OSError as error:
                log.warning("no fork, so kernels are started anew from here on: %s", error)
        return await super().launch_kernel(cmd, **kwargs)

    def _forked(self, cmd: list[str], about: dict[str, Any]) -> KernelConnectionInfo:
        argv = cmd[cmd.index("-f") :]  # behind "python -m ipykernel_launcher"
        kernel = self.warm.fork(argv, dict(about.get("env") or os.environ), str(about.get("cwd") or os.getcwd()))
        self.process = kernel  # type: ignore[assignment]  # as much of a Popen as is asked for
        self.pid = self.pgid = kernel.pid  # it leads a session of its own
        kernel.on_end(lambda: self.ended(self.kernel_id))
        return self.connection_info
