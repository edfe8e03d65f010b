"""seccomp: system calls that no exercise needs and many escapes do are refused with EPERM; so are those that hold
memory which belongs to no process, and which the judge would not see."""

from __future__ import annotations

import ctypes
import struct

from autograder.worker.lockdown.syscalls import PR_SET_SECCOMP, machine, prctl

_X86 = {
    "ptrace": 101, "syslog": 103, "personality": 135, "mknod": 133, "mount": 165, "umount2": 166, "swapon": 167,
    "swapoff": 168, "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
    "init_module": 175, "delete_module": 176, "quotactl": 179, "pivot_root": 155, "chroot": 161, "acct": 163,
    "settimeofday": 164, "adjtimex": 159, "clock_settime": 227, "kexec_load": 246, "add_key": 248,
    "request_key": 249, "keyctl": 250, "mknodat": 259, "unshare": 272, "perf_event_open": 298, "fanotify_init": 300,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320,
    "bpf": 321, "userfaultfd": 323, "shmget": 29, "msgget": 68, "memfd_create": 319,
}  # fmt: skip
_ARM = {
    "ptrace": 117, "syslog": 116, "personality": 92, "mknodat": 33, "mount": 40, "umount2": 39, "swapon": 224,
    "swapoff": 225, "reboot": 142, "sethostname": 161, "setdomainname": 162, "init_module": 105,
    "delete_module": 106, "quotactl": 60, "pivot_root": 41, "chroot": 51, "acct": 89, "settimeofday": 170,
    "adjtimex": 171, "clock_settime": 112, "kexec_load": 104, "add_key": 217, "request_key": 218, "keyctl": 219,
    "unshare": 97, "perf_event_open": 241, "fanotify_init": 262, "name_to_handle_at": 264,
    "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268, "process_vm_readv": 270,
    "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "kexec_file_load": 294, "bpf": 280,
    "userfaultfd": 282, "shmget": 194, "msgget": 186, "memfd_create": 279,
}  # fmt: skip
_NEWER = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_open": 434, "pidfd_getfd": 438,
    "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447,
}  # fmt: skip
_ARCHITECTURES = {
    # audit number, refused calls, socket, clone, clone3
    "x86_64": (0xC000003E, _X86, 41, 56, 435),
    "aarch64": (0xC00000B7, _ARM, 198, 220, 435),
}
_SOCKET_FAMILIES = (1, 2, 10)  # local, IPv4, IPv6
_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict(network: bool) -> None:
    """Installs the filter for good; sockets are local ones unless `network` (the process has a network of its own).
    The process must have given up new privileges."""
    if machine() not in _ARCHITECTURES:
        raise OSError(95, f"seccomp: the system calls of {machine()} are not known")
    code = _code(network)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(program))


def _code(network: bool) -> bytes:
    audit, refused, socket, clone, clone3 = _ARCHITECTURES[machine()]
    families = _SOCKET_FAMILIES if network else _SOCKET_FAMILIES[:1]
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine() == "x86_64":  # the numbers of the 32-bit calls with 64-bit registers begin here
        program += [(_JUMP_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _ERROR | _ENOSYS)]
    for number in sorted({*refused.values(), *_NEWER.values()}):
        program += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | _EPERM)]
    # the arguments of clone3 lie in memory, where no filter sees them: the C library falls back to clone
    program += [(_JUMP_EQUAL, 0, 1, clone3), (_RETURN, 0, 0, _ERROR | _ENOSYS)]
    program += [
        (_JUMP_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_ANY_BIT, 0, 1, _NAMESPACES),
        (_RETURN, 0, 0, _ERROR | _EPERM),
        (_LOAD, 0, 0, _NUMBER),
    ]
    allowed = [(_JUMP_EQUAL, len(families) - place, 0, family) for place, family in enumerate(families)]
    program += [
        (_JUMP_EQUAL, 0, len(families) + 2, socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *allowed,
        (_RETURN, 0, 0, _ERROR | _EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
