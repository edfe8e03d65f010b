"""Out of the worker: to files, other processes, the network and the judge. Every attempt fails and costs nothing."""

from __future__ import annotations

from tests.hostile.attack import Attack, cannot, instead, may

FILES: tuple[Attack, ...] = (
    cannot("read the password file", "Path('/etc/passwd').read_bytes()"),
    cannot("write over a file of another", "Path(TREASURE).write_text('stolen')"),
    cannot("read a file of another", "Path(TREASURE).read_text()"),
    cannot("link a file of another by name", "os.symlink(TREASURE, 'link')\nPath('link').write_text('stolen')"),
    cannot("link a file of another for good", "os.link(TREASURE, 'hard')"),
    cannot("go up from the folder that is open", "Path('../' * 20 + TREASURE).write_text('stolen')"),
    cannot("go through the root of a process", "Path('/proc/self/root' + TREASURE).read_text()"),
    cannot("go through the root of the first process", "Path('/proc/1/root' + TREASURE).read_text()"),
    cannot("change its own file", "Path(__file__).write_text('')"),
    cannot("leave a module beside its file", "Path(__file__).with_name('numpy.py').write_text('')"),
    cannot("change the kit", "import autograder\nPath(autograder.__file__).write_text('')"),
    cannot("change torch", "Path(torch.__file__).open('ab')"),
    cannot("remove the folder of the submission", "Path(__file__).rename('/tmp/gone')"),
    cannot("mount something", "assert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0"),
    cannot("leave its root", "os.chroot('/')\nos.chdir('../' * 9)\nPath(TREASURE).read_text()"),
    cannot("make a device", "os.mknod('/tmp/disk', 0o600 | stat.S_IFBLK, os.makedev(8, 0))"),
    cannot("open a file by its handle", "assert ctypes.CDLL(None).open_by_handle_at(-100, b'0' * 16, 0) >= 0"),
    cannot("run a program", "subprocess.run(['/bin/true'], check=True)"),
    cannot(
        "write a program and run it",
        """
path = Path('/tmp/program')
path.write_text('#!/bin/sh')
path.chmod(0o755)
os.execv(str(path), ['program'])
""",
    ),
    cannot("become root", "os.setresuid(0, 0, 0)"),
    cannot("enter a namespace of its own", "assert ctypes.CDLL(None).unshare(0x10000000) == 0"),
    cannot(
        "read cases from disk",
        """
assert [p for folder in ('/tmp', '/var', '/home', '/root') for p in Path(folder).rglob('*.cases')]
""",
    ),
    cannot(
        "read reference and solutions from disk",
        """
import autograder
root = Path(autograder.__file__).parent.parent
assert [*(root / 'solutions').rglob('*.py'), *(root / 'reference').rglob('*.py')]
""",
    ),
)

PROCESSES: tuple[Attack, ...] = (
    cannot("see another process", "assert [p for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()]"),
    cannot("signal the judge", "os.kill(JUDGE, signal.SIGKILL)"),
    cannot("signal its parent", "assert os.getppid() > 1\nos.kill(os.getppid(), signal.SIGKILL)"),
    cannot("change the judge's priority", "os.setpriority(os.PRIO_PROCESS, JUDGE, 19)"),
    cannot("change the judge's limits", "resource.prlimit(JUDGE, resource.RLIMIT_NOFILE, (3, 3))"),
    cannot("trace a process", "assert ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0"),
    cannot("read the judge's memory", "open(f'/proc/{JUDGE}/mem', 'rb')"),
    cannot("read the memory of its parent", "open(f'/proc/{os.getppid()}/mem', 'rb')"),
    cannot(
        "read the memory of a process by call",
        """
here, there = (ctypes.c_size_t * 2)(0, 8), (ctypes.c_size_t * 2)(0x400000, 8)
assert ctypes.CDLL(None).process_vm_readv(JUDGE, here, 1, there, 1, 0) >= 0
""",
    ),
    cannot("take a descriptor of the judge", "assert ctypes.CDLL(None).syscall(434, JUDGE, 0) >= 0"),
    cannot("read the judge's environment", "open(f'/proc/{JUDGE}/environ', 'rb')"),
    cannot(
        "find a secret in the environment",
        """
seen = str(dict(os.environ))
for file in ('/proc/self/environ', '/proc/1/environ', '/proc/thread-self/environ'):
    with contextlib.suppress(OSError):
        seen += str(Path(file).read_bytes())
assert 'a secret of the judge' in seen or 'GRADE_TEST_SECRET' in seen
""",
    ),
    cannot(
        "find a secret in memory",
        """
assert any('a secret of the judge' in str(o)[:200] for o in gc.get_objects() if type(o) is dict and len(o) < 50)
""",
    ),
    cannot(
        "raise its limits",
        """
resource.setrlimit(resource.RLIMIT_NPROC, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
""",
    ),
    may("signal everybody", "os.kill(-1, signal.SIGKILL)"),
    may("signal its group", "os.killpg(0, signal.SIGTERM)"),
    may("leave its session and its group", "os.setpgid(0, 0)\nos.setsid()"),
    may(
        "leave a daemon behind",
        """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
""",
    ),
    may("leave a thread behind", "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
    may(
        "leave something to do at exit",
        """
atexit.register(Path(TREASURE).write_text, 'stolen')
os.register_at_fork(before=lambda: time.sleep(60))
""",
    ),
)

SOCKETS: tuple[Attack, ...] = (
    cannot("reach a port of this machine", "socket.create_connection(('127.0.0.1', PORT), 1)"),
    cannot("reach another machine", "socket.create_connection(('192.0.2.1', 80), 1)"),
    cannot("look up a name", "socket.getaddrinfo('example.com', 80)"),
    cannot("reach an abstract socket", "socket.socket(socket.AF_UNIX).connect(NAME)"),
    cannot("open a raw socket", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    cannot("talk to the kernel", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
    cannot(
        "use a descriptor that it inherited",
        """
for fd in range(256):
    with contextlib.suppress(OSError):
        kind = os.fstat(fd).st_mode
        if stat.S_ISREG(kind) and os.readlink(f'/proc/self/fd/{fd}') != __file__:
            os.lseek(fd, 0, 0)
            assert not os.read(fd, 9)
        if stat.S_ISFIFO(kind) or stat.S_ISBLK(kind):
            return
        if stat.S_ISSOCK(kind) and socket.socket(fileno=os.dup(fd)).getsockname():
            return
raise OSError
""",
    ),
    cannot(
        "use the control socket of whoever starts workers",
        """
found = set()
for fd in range(3, 4096):
    with contextlib.suppress(OSError):
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            found.add(os.fstat(fd).st_ino)
assert len(found) != 1
""",
    ),
    may(
        "send a descriptor to the judge",
        """
for fd in range(3, 64):
    with contextlib.suppress(OSError):
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            end = socket.socket(fileno=os.dup(fd))
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
""",
    ),
)

ENDINGS: tuple[Attack, ...] = (
    instead("leave with status 0", "os._exit(0)", 0, "crashed"),
    instead("leave politely", "sys.exit(0)", 0, "error"),
    instead("reach into memory that is not its own", "ctypes.string_at(0)", 0, "crashed"),
    instead("abort", "os.abort()", 0, "crashed"),
    instead("stop itself", "os.kill(os.getpid(), signal.SIGSTOP)\nreturn 1", 0, "failed"),
    instead("replace the process", "os.execv(sys.executable, ['python', '-c', 'print(1)'])", 0, "error"),
    instead("close its channel", "os.closerange(3, 256)\nreturn words(lines, token)", 0, "crashed"),
    instead("interrupt", "raise KeyboardInterrupt", 0, "error"),
)

ESCAPES = (*FILES, *PROCESSES, *SOCKETS, *ENDINGS)
