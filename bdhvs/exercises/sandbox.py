"""Keeping a process away from everything but Python's own library. Linux, standard library only.

Two fences of the kernel's own, both without any privilege and both for good: Landlock (no file but those named) and seccomp
(no network, no new process, no signal or look into other processes, no change of rights). Learners' programs run on the
teacher's machine under the teacher's name, beside the class's answers and the questions' keys.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every processor
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
#: Rights over files that each version of Landlock knows, from the first.
_FS_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_SINCE, _NET_RIGHTS = 4, 0b11
_SCOPE_SINCE, _SCOPES = 6, 0b11
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_EPERM, _ENOSYS = 1, 38
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_THREAD = 0x10000

#: By processor: its number for seccomp, then system calls by what they are called.
_PROCESSORS: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "clone": 56, "clone3": 435,
            "socket": 41, "connect": 42, "socketpair": 53, "bind": 49, "listen": 50,
            "fork": 57, "vfork": 58, "execve": 59, "execveat": 322,
            "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
            "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
            "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438,
            "prlimit64": 302, "setpriority": 141, "sched_setaffinity": 203, "sched_setscheduler": 144,
            "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260, "fchmodat": 268, "fchmodat2": 452,
            "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
            "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280, "truncate": 76,
            "io_uring_setup": 425, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250, "add_key": 248,
            "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240, "inotify_init1": 294, "fanotify_init": 300,
            "unshare": 272, "setns": 308, "mount": 165, "chroot": 161,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "clone": 220, "clone3": 435,
            "socket": 198, "connect": 203, "socketpair": 199, "bind": 200, "listen": 201,
            "execve": 221, "execveat": 281,
            "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
            "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
            "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438,
            "prlimit64": 261, "setpriority": 140, "sched_setaffinity": 122, "sched_setscheduler": 119,
            "fchmod": 52, "fchmodat": 53, "fchmodat2": 452, "fchownat": 54, "fchown": 55,
            "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16,
            "utimensat": 88, "truncate": 45,
            "io_uring_setup": 425, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "keyctl": 219, "add_key": 217,
            "shmget": 194, "msgget": 186, "semget": 190, "mq_open": 180, "inotify_init1": 26, "fanotify_init": 262,
            "unshare": 97, "setns": 268, "mount": 40, "chroot": 51,
        },
    ),
}  # fmt: skip


def possible() -> bool:
    """Whether this system can keep a program apart: Linux 5.13 or newer with Landlock, on a processor we know."""
    return sys.platform == "linux" and os.uname().machine in _PROCESSORS and _landlock_version() > 0


def shut_in(readable: list[str]) -> None:
    """From here on this process reads the `readable` files and folders and touches nothing else; there is no way back.

    Raises
    ------
    OSError
        when the system refuses; then nothing may be run.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _must(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _landlock(libc, readable)
    _seccomp(libc)


def _landlock_version() -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG))


def _landlock(libc: ctypes.CDLL, readable: list[str]) -> None:
    version = _landlock_version()
    if version < 1:
        raise OSError("this system has no Landlock")
    rights = _FS_RIGHTS.get(version, _FS_RIGHTS[5])
    attributes = struct.pack("=Q", rights)
    if version >= _NET_SINCE:
        attributes += struct.pack("=Q", _NET_RIGHTS)
    if version >= _SCOPE_SINCE:
        attributes += struct.pack("=Q", _SCOPES)
    rules = _must(libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    for path in readable:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        may = _READ_FILE | _EXECUTE | (_READ_DIR if os.path.isdir(path) else 0)
        _must(libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", may, handle), 0))
        os.close(handle)
    _must(libc.syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


def _seccomp(libc: ctypes.CDLL) -> None:
    machine, calls = _PROCESSORS[os.uname().machine]
    refused = [number for name, number in calls.items() if name not in ("clone", "clone3")]
    load, equal, at_least, has_bits, give = 0x20, 0x15, 0x35, 0x45, 0x06
    program = [
        (load, 0, 0, 4),  # the processor
        (equal, 1, 0, machine),
        (give, 0, 0, _KILL),
        (load, 0, 0, 0),  # the system call
        (at_least, 0, 1, 0x40000000),  # x32, a second table of numbers
        (give, 0, 0, _KILL),
        (equal, 0, 1, calls["clone3"]),
        (give, 0, 0, _ERRNO | _ENOSYS),  # the C library then takes clone, whose flags can be looked at
        (equal, 0, 4, calls["clone"]),
        (load, 0, 0, 16),  # the low half of its flags
        (has_bits, 1, 0, _CLONE_THREAD),
        (give, 0, 0, _ERRNO | _EPERM),
        (give, 0, 0, _ALLOW),
    ]
    for number in refused:
        program += [(equal, 0, 1, number), (give, 0, 0, _ERRNO | _EPERM)]
    program.append((give, 0, 0, _ALLOW))
    packed = b"".join(struct.pack("=HBBI", *line) for line in program)
    lines = ctypes.create_string_buffer(packed, len(packed))
    about = struct.pack("=HxxxxxxQ", len(program), ctypes.addressof(lines))
    _must(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, about, 0, 0))


def _must(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
