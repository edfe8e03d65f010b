"""Text that means something to a terminal, a spreadsheet, a page or a reader of logs. None of it arrives raw."""

from __future__ import annotations

import unicodedata

from tests.hostile.attack import Attack, instead

RAW = {
    "terminal escapes": "\x1b[2J\x1b[31mPASSED\x1b]0;title\x07\x1b]8;;http://example.com\x1b\\",
    "eight-bit escapes": "\x9b2J\x90q\x9c",
    "NUL, bell and backspace": "\x00\x07\x08\x08\x08full marks",
    "a line that overwrites another": "0 points\r6 points",
    "text from right to left": "\u202egnorw\u2066\u2069\u200f",
    "half characters": "\ud800\udfff\udc80",
    "invisible and private characters": "\u200b\ufeff\U000e0041\ue000\u2028\u2029",
    "a formula": '=HYPERLINK("http://example.com";1)\t@SUM(1)',
    "markup": "[bold red]x[/] <script>alert(1)</script> <!-- {{ 7*7 }} {% raw %} ]]>",
    "a very long line": "y" * 10**6,
}


def _raises(kind: str, text: str) -> Attack:
    return instead(f"{kind} in an exception", "print(TEXT, file=sys.stderr)\nprint(TEXT)\nraise type(TEXT[:60].replace("
                   "chr(0), ''), (ValueError,), {})(TEXT)", 0, "error", before=f"TEXT = {text[:99]!r} * "
                   f"{max(1, len(text) // 99)}")  # fmt: skip


NAMES = """
def named(name):
    scope = {}
    exec(compile("def work(): raise ValueError('x')", os.path.dirname(__file__) + '/' + name, "exec"), scope)
    return scope["work"]()
"""

TEXT: tuple[Attack, ...] = (
    *(_raises(kind, text) for kind, text in RAW.items()),
    instead("escapes in the name of a file", "named('\\x1b[2J\\u202e=1+1.py')", 0, "error", before=NAMES),
    instead("escapes in the name of a type", "return type('\\x1b[2J\\x07', (), {})()", 0, "failed"),
    instead("escapes in an answer", "return [['\\x1b[2J\\u202e\\x00' for word in line] for line in lines]", 0,
            "failed"),
    Attack("escapes in a syntax error", "x = '\\x1b[2J' '\x1b[2J' (\u202e\n", 0, "error"),
    Attack("escapes in what is missing", "from tokenize_\u0430 import x\nraise ImportError('\\x1b[2J\\x00')\n", 0,
           "error"),
)  # fmt: skip


def raw(text: str) -> set[str]:
    """Characters of the text that a terminal or a reader could take for something else."""
    return {c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}
