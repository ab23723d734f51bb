"""Under which addresses a class can be reached on the local networks."""

from __future__ import annotations

import ipaddress
import socket


def lan_addresses() -> list[str]:
    """IPv4 addresses of this machine that others on its networks can reach, the likeliest first.

    The first one is the address the machine would use to speak to its network; nothing is sent to find out.
    Empty when there is no network but the machine itself.
    """
    found = [address for address in (_towards("10.255.255.255"), _towards("192.0.2.1"), *_own_names()) if address]
    usable = [one for one in dict.fromkeys(found) if _is_usable(one)]
    return sorted(usable, key=lambda one: not ipaddress.ip_address(one).is_private)


def _towards(destination: str) -> str | None:
    """The address from which a packet to `destination` would leave; connecting UDP sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((destination, 9))
            return str(probe.getsockname()[0])
        except OSError:  # no route: this network does not exist
            return None


def _own_names() -> list[str]:
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:  # a machine whose name nobody resolves
        return []


def _is_usable(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified)
