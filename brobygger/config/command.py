# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The `brobygger` command: operate the product, import files, and use the engine without a database."""

from __future__ import annotations

import os
import sys

USAGE = """Brug: brobygger KOMMANDO …

  serve      start webserveren (PORT=8000)
  worker     udfør arbejde i baggrunden
  migrate    opret eller opdater databasen
  compile    oversæt matchmotorens beregninger på forhånd (ellers sker det ved første start)
  new-office new-office NAVN --municipality KOMMUNE --admin E-MAIL: opret et kontor og inviter dets første administrator
  demo       indlæs demokommunen og find match
  backup     gem database og filer i ét arkiv
  restore    læs et arkiv ind igen
  import     import cvr|organisations|listings|interactions FIL [--dry-run], import outlines FIL
  inbound    tag imod mail: afviste breve og kopier (én på standard input, eller en mappe med .eml)
  engine     engine suggest|takers|allocate|pair|compose|loops …  (uden database)

Indstillinger læses fra miljøet, blandt andet DATABASE_URL. Se docs/operations.md.
Enhver anden kommando gives videre til Django."""


def main() -> int:
    """Entry point. Returns the exit status."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if arguments else 2
    if arguments[0] == "engine":
        from brobygger.engine.cli import main as engine
        from brobygger.knowledge import load

        status: int = engine(arguments[1:], load)
        return status
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
    from django.core.management import ManagementUtility

    if arguments[0] == "import":
        arguments = (
            ["import_outlines", *arguments[2:]]
            if arguments[1:2] == ["outlines"]
            else ["import_file", *arguments[1:]]
        )
    if arguments[0] == "new-office":
        arguments = ["new_office", *arguments[1:]]
    ManagementUtility(["brobygger", *arguments]).execute()
    return 0


if __name__ == "__main__":
    sys.exit(main())
