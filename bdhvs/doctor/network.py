"""The way from a phone to the class: port, firewall, addresses."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bdhvs.doctor.finding import Finding
from bdhvs.errors import SetupError
from bdhvs.i18n import Gettext
from bdhvs.server.run import DEFAULT_PORT, listen

#: Beginnings of the names of networks inside this machine or through a tunnel; no phone is on them.
VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vethernet", "tun", "tap", "wg", "utun", "zt")
SERVICES = ("firewalld", "nftables")
ANSWER_S = 5  # systemctl answers at once or not at all


def check_port(port: int | None, _: Gettext) -> tuple[Finding, int]:
    """Whether the class can listen, as `bdhvs.server.run` does it, and the port it would get."""
    try:
        with listen("0.0.0.0", port) as listener:
            got = int(listener.getsockname()[1])
    except SetupError as error:
        wanted = port or DEFAULT_PORT
        text = (
            _("Port: {port} is reserved. Choose one above 1023: --port 8010.")
            if error.code == "port_forbidden"
            else _("Port: {port} is used by another program. Stop that program, or choose another: --port 8010.")
        )
        return Finding("port", "problem", text.format(port=wanted), {"port": wanted, "code": error.code}), wanted
    figures: dict[str, object] = {"port": got}
    if port is None and got != DEFAULT_PORT:
        text = _("Port: {default} is used by another program, so a class would take {port}. Links from earlier classes do not fit.")
        return Finding("port", "note", text.format(default=DEFAULT_PORT, port=got), figures), got
    return Finding("port", "ok", _("Port: {port} is free.").format(port=got), figures), got


def check_firewall(port: int, active: Sequence[str], _: Gettext, platform: str = sys.platform) -> Finding:
    """What to do about firewalls; `active` are those found (see `active_firewalls`)."""
    figures: dict[str, object] = {"active": list(active)}
    if platform == "darwin":
        text = _("Firewall: when macOS asks whether Python may accept connections, press Allow.")
        return Finding("firewall", "note", text, figures)
    if platform == "win32":
        text = _("Firewall: when Windows asks about Python, tick private networks and press Allow.")
        return Finding("firewall", "note", text, figures)
    if not active:
        return Finding("firewall", "ok", _("Firewall: none was found."), figures)
    doing = {
        "ufw": f"sudo ufw allow {port}/tcp",
        "firewalld": f"sudo firewall-cmd --add-port={port}/tcp",
        "nftables": f"sudo nft add rule inet filter input tcp dport {port} accept",
    }
    text = _("Firewall: {name} is on and may keep phones out. Let them in: {command}")
    commands = "; ".join(doing[name] for name in active)
    return Finding("firewall", "note", text.format(name=", ".join(active), command=commands), figures)


def check_addresses(best: Sequence[str], networks: Mapping[str, str], port: int, _: Gettext) -> Finding:
    """Under which address phones reach this machine.

    Parameters
    ----------
    best : addresses as `bdhvs.server.addresses` orders them, the one to use first.
    networks : address → name of its network on this machine; may lack some.
    """
    figures: dict[str, object] = {"use": best[0] if best else None, "all": dict(networks) or dict.fromkeys(best, "")}
    if not best:
        text = _("Network: this machine is on none, so phones cannot reach it. Turn on Wi-Fi, or a phone's hotspot.")
        return Finding("addresses", "problem", text, figures)
    name = networks.get(best[0], "")
    url = f"http://{best[0]}:{port}"
    if is_virtual(name):
        text = _("Network: {url} ({name}) is a network inside this machine; phones are not on it. Turn on Wi-Fi, or a phone's hotspot.")
        return Finding("addresses", "note", text.format(url=url, name=name), figures)
    others = [f"{one} ({networks[one]})" for one in networks if one != best[0]]
    text = _("Network: use {url} ({name}), the network that this machine itself speaks through.").format(
        url=url, name=name or _("name unknown")
    )
    if others:
        text += " " + _("Others: {others}.").format(others=", ".join(others))
    return Finding("addresses", "ok", text, figures)


def say_how_to_try(_: Gettext) -> Finding:
    """What no machine can find out about itself."""
    text = _(
        "Phones: whether they reach this machine shows only when you try. Run bdhvs rehearse, scan the QR with two "
        "phones. If the page does not open, the Wi-Fi keeps devices apart: use another one, or a phone's hotspot."
    )
    return Finding("phones", "note", text)


def is_virtual(name: str) -> bool:
    """Whether a network of this name lies inside this machine or in a tunnel."""
    return name.lower().startswith(VIRTUAL)


def network_names() -> dict[str, str]:
    """Every IPv4 address of this machine that others might reach, with the name of its network; empty when not known."""
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel, which needs it itself
    except ImportError:
        return {}
    up = {name for name, about in psutil.net_if_stats().items() if about.isup}
    return {
        one.address: name
        for name, addresses in psutil.net_if_addrs().items()
        for one in addresses
        if name in up and one.family == socket.AF_INET and not one.address.startswith(("127.", "169.254."))
    }


def active_firewalls(ufw: Path = Path("/etc/ufw/ufw.conf")) -> list[str]:
    """Firewalls of this Linux that say they are on; asking needs no rights, so their rules stay unknown."""
    found = []
    try:
        if "enabled=yes" in ufw.read_text("utf-8").lower().replace(" ", "").splitlines():
            found.append("ufw")
    except (OSError, UnicodeDecodeError):
        pass  # not installed
    systemctl = shutil.which("systemctl")
    return found + [name for name in SERVICES if systemctl and _is_active(systemctl, name)]


def _is_active(systemctl: str, service: str) -> bool:
    try:
        asked = subprocess.run([systemctl, "is-active", "--quiet", service], capture_output=True, timeout=ANSWER_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
