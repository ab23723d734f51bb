"""Voilà for one class: a process of its own on a socket in the file system, with named notebooks and nothing else.

Standalone, never as a Jupyter Server extension: there a browser's ``execute_request`` would be executed. Of Voilà's
addresses only those are left that a live page needs; no directory, no files, no requests of the visitor before.

Settings come as one line of JSON on standard input (`Settings`). When that ends, the class server has ended, and so does
this process with all its kernels. What happens is said on standard output, a line of JSON each: ``{"ready": true,
"forked": bool}`` when it listens, ``{"ended": kernel id}`` when a kernel's process is gone.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any, ClassVar

import jinja2
import zmq
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_server.services.kernels.handlers import KernelHandler
from nbconvert.exporters.templateexporter import TemplateExporter
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_unix_socket
from traitlets.config import Config
from voila.app import Voila  # type: ignore[import-untyped]
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler  # type: ignore[import-untyped]
from voila.tornado.handler import TornadoVoilaHandler  # type: ignore[import-untyped]
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler  # type: ignore[import-untyped]

from bdhvs.live.provisioner import NAME, ForkedProvisioner, WarmProcess

ZMQ_SOCKETS = 20_000  # libzmq stops at 1,023, about 168 kernels
#: Handlers of Voilà that a live page needs; `FileFindHandler` is compared by name, it is a private matter of Voilà's.
KEPT = (KernelHandler, VoilaKernelWebsocketHandler, MultiStaticFileHandler, TemplateStaticFileHandler)
KEPT_NAMES = ("FileFindHandler",)
EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@voila-dashboards/widgets-manager7", "@jupyter-widgets/jupyterlab-manager", "anywidget")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the class server says: the socket's path, the base of all addresses, the word that opens, id → file."""

    socket: str
    folder: str
    base_url: str
    token: str
    notebooks: dict[str, str]
    stock: bool = False  # kernels started anew, for comparison


class LiveVoila(Voila):  # type: ignore[misc]  # Voilà has no types
    """Voilà with the doors shut that a class does not need."""

    settings: Settings

    def init_handlers(self) -> list[Any]:
        kept = [one for one in super().init_handlers() if one[1] in KEPT or one[1].__name__ in KEPT_NAMES]
        return [*kept, *(self._page(name, path) for name, path in self.settings.notebooks.items())]

    def init_settings(self) -> Any:
        made = super().init_settings()
        self.kernel_manager.context.set(zmq.MAX_SOCKETS, ZMQ_SOCKETS)  # before its first socket
        return made

    def _page(self, name: str, path: str) -> tuple[str, type, dict[str, Any]]:
        about = {
            "notebook_path": os.path.relpath(path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return f"{self.settings.base_url}{name}", TornadoVoilaHandler, about

    def listen(self) -> None:
        server = HTTPServer(self.app)
        server.add_socket(bind_unix_socket(self.settings.socket, mode=0o600))
        self.ioloop = IOLoop.current()
        say(ready=True, forked=ForkedProvisioner.warm.ready)
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        ForkedProvisioner.warm.stop()
        super().stop()


def configuration(settings: Settings) -> Config:
    """Voilà's settings for a class."""
    return Config(
        Voila={
            "base_url": settings.base_url,
            "token": settings.token,
            "open_browser": False,
            "connection_dir_root": settings.folder,
            "root_dir": os.path.commonpath([os.path.dirname(path) for path in settings.notebooks.values()]),
        },
        VoilaConfiguration={
            "template": "bdhvs",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "show_tracebacks": False,
            "extension_allowlist": list(EXTENSIONS),
            "file_allowlist": [],
        },
        # A kernel that ended is not started again by itself: its widgets would be gone, and the page would not know.
        KernelManager={"transport": "ipc", "autorestart": False, "shutdown_wait_time": 1.0},
        MappingKernelManager={"cull_idle_timeout": 0},  # who sits where is the class server's matter
        KernelProvisionerFactory={"default_provisioner_name": NAME},
    )


def main() -> None:
    """Run until the class server ends."""
    settings = Settings(**json.loads(sys.stdin.readline()))
    _allow_many_files()
    _compile_templates_once()
    KernelProvisionerFactory.provisioners[NAME] = EntryPoint(
        NAME, "bdhvs.live.provisioner:ForkedProvisioner", KernelProvisionerFactory.GROUP_NAME
    )
    ForkedProvisioner.ended = staticmethod(lambda kernel_id: say(ended=kernel_id))
    if WarmProcess.possible() and not settings.stock:
        ForkedProvisioner.warm.start()
    app = LiveVoila(config=configuration(settings))
    app.settings = settings
    _end_with_standard_input()
    app.initialize([])
    app.start()


def say(**what: Any) -> None:
    """One line to the class server."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _allow_many_files() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _compile_templates_once() -> None:
    """nbconvert makes a Jinja environment for each page, and compiling the same templates again is 39 % of a page."""

    class Memory(jinja2.BytecodeCache):
        kept: ClassVar[dict[str, bytes]] = {}

        def load_bytecode(self, bucket: Any) -> None:
            if bucket.key in self.kept:
                bucket.bytecode_from_string(self.kept[bucket.key])

        def dump_bytecode(self, bucket: Any) -> None:
            self.kept[bucket.key] = bucket.bytecode_to_string()

    made = TemplateExporter._create_environment

    def with_memory(self: TemplateExporter) -> jinja2.Environment:
        environment: jinja2.Environment = made(self)  # type: ignore[no-untyped-call]
        environment.bytecode_cache = Memory()
        return environment

    TemplateExporter._create_environment = with_memory  # type: ignore[method-assign]


def _end_with_standard_input() -> None:
    def wait() -> None:
        sys.stdin.read()
        os._exit(0)  # the warm process and its kernels end with us

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    asyncio.set_event_loop(asyncio.new_event_loop())
    main()
