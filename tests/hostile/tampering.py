"""Against the worker from inside: its channel, its modules, the interpreter and torch under it.

What a worker says can be forged by code in its process. None of it makes a wrong value right, since no right one is
there; the judge takes what does not follow the format for tampering, and nothing that it is sent stops it.
"""

from __future__ import annotations

from tests.hostile.attack import Attack, instead, may

CHANNEL = """
def channel():
    for fd in range(3, 256):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd

def asked():
    frame = sys._getframe()
    while frame:
        if "command" in frame.f_locals:
            return frame.f_locals["command"]
        frame = frame.f_back
    return {"number": 2}

def send(header, blob=b"", lengths=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    data = struct.pack(">QQ", *(lengths or (len(text), len(blob)))) + text + blob
    while data:
        data = data[os.write(channel(), data):]

def forged(number=None, **changes):
    value = ["l", [["l", [["s", "time"]]]]]
    return {"value": value, "facts": {}, "printed": "", "number": number or asked()["number"], **changes}
"""


def _forges(name: str, body: str, score: float = 0, outcome: str = "tampered", exercise: str = "tokenize") -> Attack:
    return instead(name, body, score, outcome, exercise, CHANNEL)


BROKEN = "failed or error or crashed or timeout or tampered or grader_error"
"""What may become of code that breaks the interpreter under itself: it depends on the interpreter."""

FRAMES: tuple[Attack, ...] = (
    _forges("answer before the answer", "send(forged())\nreturn words(lines, token)"),
    _forges("answer the next question too", """
for ahead in range(9):
    send(forged(asked()["number"] + ahead))
return words(lines, token)
""", 0, "tampered or failed"),
    _forges("answer another question", "send(forged(number=10**6))\nos._exit(0)"),
    _forges("send what is not JSON", "send(b'{' * 99)\nos._exit(0)"),
    _forges("send what is no object", "send(b'[1, 2]')\nos._exit(0)"),
    _forges("announce more than there is", "send(b'{}', lengths=(2, 2**60))\nos._exit(0)"),
    _forges("announce and never send", """
if lines == ["time"] and token:
    send(b'{}', lengths=(2, 2**20))
    ctypes.CDLL(None).sleep(60)
return words(lines, token)
""", 0, "timeout"),
    _forges("send a bomb of brackets", "send(b'[' * 2**20)\nos._exit(0)"),
    _forges("send a bomb of parts", "send(b'[' + b'[],' * 2**23 + b'1]')\nos._exit(0)"),
    _forges("send a number of a million digits", "send(b'{\"number\": ' + b'9' * 10**6 + b'}')\nos._exit(0)"),
    _forges("send without end", "while True: send(forged(), bytes(2**20))", 0, "tampered"),
    _forges("send an impossible tensor", """
send(forged(value=["t", "float32", [0, 2**70], 0, 0, {}]))
os._exit(0)
"""),
    _forges("send a tensor without bytes", """
send(forged(value=["t", "float32", [2**40], 0, 2**42, {}]))
os._exit(0)
"""),
    _forges("send a tree without end", """
value = ["n"]
for _ in range(200):
    value = ["l", [value]]
send(forged(value=value))
os._exit(0)
"""),
    _forges("send a value without a tag", "send(forged(value=5))\nos._exit(0)"),
    _forges("send a score", "send(forged(score=100, outcome='passed', points=1e9))\nos._exit(0)", 0, "crashed"),
    _forges("tell of a fault that is not its to tell", """
send({"fault": {"kind": "grader_error", "type": "", "message": "", "frames": []}, "number": asked()["number"]})
os._exit(0)
"""),
    _forges("tell of a fault without a form", "send({'fault': 7, 'number': asked()['number']})\nos._exit(0)"),
    Attack("tell of a fault without a form on loading", "import contextlib, json, os, stat, struct, sys\n" + CHANNEL
           + "send({'fault': [], 'number': asked()['number']})\nos._exit(0)\n", 0, "tampered"),
    Attack("tell that it was loaded", "import contextlib, json, os, stat, struct, sys\n" + CHANNEL
           + "send({'signature': [[1, 2]], 'line': 'x', 'number': asked()['number']})\nos._exit(0)\n", 0, "tampered"),
    _forges("tell that the grader failed", """
send({"grader_error": "please grade by hand", "number": asked()["number"]})
os._exit(0)
""", 0, "grader_error"),
    _forges("tell facts without a form", """
send(forged(facts={"mutated": 5, "rng": [[]], "globals": {}, "aliases": None, "rewritten": [7, {}]}))
os._exit(0)
""", 0, "crashed"),
    _forges("tell of operators without a form", """
answer = mask(X, valid_len, value)
bad = {"dispatched": {"add": 10**400, "x": -1, "y": "z"}, "profiled": [1], "left": 5, "peak": 10**400, "own": None,
       "recorded": -10**400, "events": [5, [], [1, 2], {}], "on_device": "yes", "whole": "no"}
data = answer.detach().contiguous().numpy().tobytes()
send(forged(value=["t", str(answer.dtype)[6:], list(answer.shape), 0, len(data), {}], facts=bad), data)
os.dup2(os.open('/dev/null', os.O_RDWR), channel())
return answer
""", 0, "crashed", "sequence_mask"),
    _forges("stop the answers", "os.dup2(os.open('/dev/null', os.O_RDWR), channel())\nreturn words(lines, token)", 0,
            "crashed or timeout"),
)  # fmt: skip

MODULES: tuple[Attack, ...] = (
    may("take the packer's place", """
import autograder.wire
class Lying(autograder.wire.Packer):
    def pack(self, value, depth=0):
        return ["o", "score=100"]
"""),
    instead("pack what it likes", """
import autograder.worker.runs as runs
runs._pack = lambda packer, answer: ["l", [["l", [["s", "time"]]]]]
return []
""", 0, "failed"),
    instead("say that every run went well", """
import autograder.worker.runs as runs
runs.Runner.run = lambda *a: ({"value": ["n"], "facts": {}, "printed": ""}, b"")
return []
""", 0, "failed"),
    instead("let every comparison of the worker pass", """
import autograder.battery.compare as compare
compare.compare = lambda *a, **k: compare.SAME
import autograder.verdict as verdict
verdict.Verdict.score = property(lambda self: 100.0)
torch.allclose = torch.equal = torch.testing.assert_close = lambda *a, **k: True
return []
""", 0, "failed"),
    instead("take the seed of the cases", """
import autograder.draw, autograder.recorder
found = [o for o in gc.get_objects() if type(o) is autograder.recorder.CaseBook]
return found[0].answers
""", 0, "error"),
    instead("look for what is expected", """
import autograder.recording
held = [o for o in gc.get_objects() if isinstance(o, autograder.recording.Record)]
frame, seen = sys._getframe(), []
while frame:
    seen += [v for name, v in frame.f_locals.items() if "expected" in name or "ours" in name]
    frame = frame.f_back
return (held + seen)[0].value
""", 0, "error"),
    instead("set the arguments of the run", """
frame = sys._getframe()
while frame:
    if "exercise" in frame.f_locals and hasattr(frame.f_locals["exercise"], "checks"):
        object.__setattr__(frame.f_locals["exercise"], "checks", ())
        object.__setattr__(frame.f_locals["exercise"], "points", 1e9)
        object.__setattr__(frame.f_locals["exercise"], "laws", ())
    frame = frame.f_back
return []
""", 0, "failed"),
    instead("end the process when a module is looked up", """
class Finder:
    def find_spec(self, *a): os._exit(0)
sys.meta_path.insert(0, Finder())
sys.modules.clear()
return []
""", 0, BROKEN),
    instead("look modules up itself", """
class Finder:
    def find_spec(self, name, path=None, target=None): raise ImportError(name)
sys.meta_path.insert(0, Finder())
sys.path_hooks.clear()
sys.path_importer_cache.clear()
return mask(X, valid_len, value)
""", 16, "passed", "sequence_mask"),
    instead("let nobody look modules up", "return mask(X, valid_len, value)", 16, "passed", "sequence_mask", """
class Finder:
    def find_spec(self, name, path=None, target=None): raise ImportError(name)
sys.meta_path.insert(0, Finder())
"""),
)  # fmt: skip

INTERPRETER: tuple[Attack, ...] = (
    instead("replace len, isinstance and type", """
builtins.isinstance = lambda *a: True
builtins.type = lambda *a: list
builtins.len = lambda *a: 1
return []
""", 0, BROKEN),
    instead("replace compile, exec and import", """
builtins.compile = builtins.exec = builtins.__import__ = lambda *a, **k: 1 / 0
return []
""", 0, BROKEN),
    may("stop the clocks", "time.thread_time = time.process_time = time.monotonic = time.time = lambda: 0.0"),
    may("replace the hooks", """
sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: os._exit(0)
sys.settrace(lambda *a: None)
sys.setprofile(lambda *a: None)
sys.setrecursionlimit(10**6)
gc.disable()
"""),
    may("replace json and struct", "json.scanner = struct.error = None\ntime.monotonic = time.perf_counter = None"),
    instead("write into the interpreter", """
ctypes.memset(id(True) + 16, 0, 16)
ctypes.memset(id(()) - 64, 255, 256)
return []
""", 0, BROKEN),
    instead("make 1 equal to 2", """
ctypes.memmove(id(1) + 24, id(2) + 24, 4)
return []
""", 0, BROKEN),
    may("crash when it is torn down", """
class Crash:
    def __del__(self): ctypes.string_at(0)
globals().setdefault("kept", []).append(Crash())
atexit.register(ctypes.string_at, 0)
"""),
    instead("crash when the answer is let go", """
class Crash(list):
    def __del__(self): ctypes.string_at(0)
return Crash()
""", 0, "crashed or failed"),
    may("leave something for the collector", """
class Late:
    def __del__(self): raise SystemExit('late')
cycle = Late()
cycle.self = cycle
"""),
    instead("raise what cannot be shown", """
class Odd(Exception):
    def __str__(self): raise self
    __repr__ = __str__
raise Odd
""", 0, "error"),
    instead("raise what lies about where it was", "raise SyntaxError('x', (b'file', 'line', object(), 7))", 0, "error"),
)  # fmt: skip

TAMPERING = (*FRAMES, *MODULES, *INTERPRETER)
