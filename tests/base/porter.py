# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A process that has started Django once and is copied for each thing it is asked: a start costs seconds.

Each line it reads is a list in JSON, and it answers with one number. `["python", script, file]` and `["manage", arguments,
file]` are begun in a copy of their own, whose process id is the answer; what they say goes to the file. `["end", process id]`
waits for a copy; the answer is its exit code, or less than zero where a signal ended it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback

import django
from django.core.management import execute_from_command_line


def work(kind: str, what: str | list[str]) -> int:
    """Do what was asked; the exit code."""
    try:
        if kind == "manage":
            execute_from_command_line(["manage.py", *what])
        else:
            exec(str(what), {"__name__": "__main__", "django": django})
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def begin(kind: str, what: str | list[str], said: str) -> int:
    copy = os.fork()
    if copy:
        return copy
    nothing = os.open(os.devnull, os.O_RDONLY)
    told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for place, meant in ((0, nothing), (1, told), (2, told)):
        os.dup2(meant, place)
    code = work(kind, what)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    django.setup()
    for line in sys.stdin:
        kind, *asked = json.loads(line)
        if kind == "end":
            answer = os.waitstatus_to_exitcode(os.waitpid(asked[0], 0)[1])
        else:
            answer = begin(kind, *asked)
        print(answer, flush=True)


if __name__ == "__main__":
    serve()
