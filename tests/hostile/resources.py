"""More than its share: time, memory, disk, descriptors, threads, processes, output. Each costs the attacker alone."""

from __future__ import annotations

from tests.hostile.attack import Attack, cannot, instead, may

TIME: tuple[Attack, ...] = (
    instead("never end and ignore signals", "signal.signal(15, signal.SIG_IGN)\nwhile True: pass", 0, "timeout"),
    instead("sleep in C", "if lines == ['time'] and token: ctypes.CDLL(None).sleep(600)\nreturn words(lines, token)", 0,
            "timeout"),
    instead("hang in a regular expression", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')", 0, "timeout"),
    instead("work in a child process", "if os.fork() == 0:\n    while True: pass\nos.wait()", 0, "timeout"),
    Attack("never end on import", "while True: pass", 0, "timeout"),
    Attack("never end while it is compiled", "x = " + "-" * 200_000 + "1", 0, "error or memory"),
    instead("answer after the deadline", """
def later():
    time.sleep(2.7)
    answer[:] = words(lines, token)
answer = []
threading.Thread(target=later).start()
if lines == ["time"] and token:
    ctypes.CDLL(None).sleep(30)
return answer
""", 0, "timeout"),
)  # fmt: skip

MEMORY: tuple[Attack, ...] = (
    instead("fill memory", "held = []\nwhile True: held.append(bytes(10**9))", 0, "memory"),
    instead("fill memory at once", "return [torch.ones(10**11)]", 0, "memory"),
    instead("fill memory in children", """
for _ in range(40):
    if os.fork() == 0:
        ctypes.CDLL(None).sleep(30)
ctypes.CDLL(None).sleep(30)
""", 0, "memory"),
    cannot("hold memory that belongs to no process", "os.memfd_create('hidden')"),
    cannot("hold a shared segment", "assert ctypes.CDLL(None).shmget(0, 2**20, 0o1600) >= 0"),
    cannot("hold a queue of messages", "assert ctypes.CDLL(None).msgget(0, 0o1600) >= 0"),
    cannot("lock memory", "assert ctypes.CDLL(None).mlock(ctypes.create_string_buffer(2**23), 2**23) == 0"),
    cannot("overflow the shared memory", """
with open('/dev/shm/large', 'wb') as file:
    for _ in range(100):
        file.write(bytes(2**20))
"""),
)  # fmt: skip

DISK: tuple[Attack, ...] = (
    cannot("fill the disk", """
for name in range(100):
    Path(str(name)).write_bytes(bytes(2**22))
"""),
    cannot("write a file larger than the disk", """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open('sparse', 'wb') as file:
    file.truncate(2**40)
"""),
    cannot("use up the inodes", """
for name in range(10_000):
    Path(str(name)).touch()
"""),
    may("nest folders", """
for _ in range(3000):
    os.mkdir('d')
    os.chdir('d')
os.chdir('/tmp')
"""),
)  # fmt: skip

COUNTS: tuple[Attack, ...] = (
    cannot("use up the descriptors", "held = [open('/dev/null') for _ in range(5000)]"),
    cannot("start threads without end", """
held = threading.Event()
try:
    for _ in range(2000):
        threading.Thread(target=held.wait, daemon=True).start()
finally:
    held.set()
"""),
    may("explode in forks", """
import faulthandler
end = time.monotonic() + 0.2
while time.monotonic() < end:
    try:
        if os.fork() == 0:
            time.sleep(0.05)
            os._exit(0)
    except OSError:
        with contextlib.suppress(OSError):
            os.waitpid(-1, os.WNOHANG)
with contextlib.suppress(OSError):
    while True:
        os.wait()
"""),
    instead("explode in forks for ever", "while True:\n    with contextlib.suppress(OSError): os.fork()", 0,
            "timeout or memory"),
    may("print without end", """
for _ in range(200):
    print('x' * 10**6)
    os.write(1, bytes(10**5))
    os.write(2, bytes(10**5))
"""),
    may("print what is not text", """
class Loud(str):
    def __getitem__(self, where): return 7
    def __len__(self): return -5
sys.stdout.write(Loud('x'))
sys.stdout.write(b'bytes')
"""),
)  # fmt: skip

RESOURCES = (*TIME, *MEMORY, *DISK, *COUNTS)
