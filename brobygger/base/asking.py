# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Asking before something is done that cannot simply be done back: a page with the question, and a button that says yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from brobygger.base.errors import UserError


def ask(
    request: HttpRequest, do: Callable[[], Any], *, heading: str, question: str, yes: str, back: str,
    done: str | Callable[[Any], str], after: str = "", consequence: str = "", **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show the question, on a red button (unless `harmless`); on yes call `do`, tell that it is done (`done` may be put into words from what
    `do` returned), and go on to `after`, or `back` where nothing else is said.
    A refusal (a UserError) is told on the page that the person came from."""
    if request.method == "POST":
        try:
            found = do()
        except UserError as error:
            messages.error(request, str(error))
            return redirect(back)
        messages.success(request, done(found) if callable(done) else done)
        return redirect(after or back)
    context |= {
        "heading": heading,
        "question": question,
        "consequence": consequence,
        "yes": yes,
        "back": back,
    }
    return render(request, "base/confirm.html", context)
