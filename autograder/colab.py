"""The one cell that makes a Colab notebook ready: the bundle fetched, the kit installed, torch left as it is."""

from __future__ import annotations

import shlex
import urllib.parse

from autograder.errors import UsageError

FOLDER = "/content"

_CELL = """\
# Makes {homework} ready to be graded. Run it first, and again after Colab has disconnected.
!test -d {folder}/{homework}/recordings || curl -gfsSL {address} -o {folder}/{homework}.zip
!test -d {folder}/{homework}/recordings || python -m zipfile -e {folder}/{homework}.zip {folder}
!python -c "from importlib.metadata import version; print('torch==' + version('torch'))" > {folder}/torch.txt
%cd -q {folder}/{homework}
%pip install -q -c {folder}/torch.txt -r requirements.txt
%reload_ext autograder"""


def colab_cell(homework: str, address: str, folder: str = FOLDER) -> str:
    """The text of the cell. `address` is where the bundle that `grade release` made is published. Every line is a magic
    or a shell line, so that a notebook which is handed in with it loads without Colab. UsageError for an address that
    nothing can be fetched from."""
    if not address.startswith(("https://", "http://", "file:///")) or any(c.isspace() for c in address):
        raise UsageError(f"{address} is no address; give --from the https://… at which {homework}.zip is published")
    # Dollar signs and braces would be variables to IPython.
    plain = shlex.quote(urllib.parse.quote(address, safe=":/?#&=%+,;@~"))
    return _CELL.format(homework=homework, folder=folder, address=plain)
