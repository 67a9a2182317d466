# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger import cvr|organisations|listings FILE [--dry-run]`: a file into an operator's records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.register.imports import importers, runs
from brobygger.register.imports.errors import NotAllowed
from brobygger.register.imports.report import Report
from brobygger.register.models import ImportRun

SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    """Exit status 0 with a report, also when rows were left out; 2 with one line when the file cannot be used."""

    help = "Importer en fil: CVR-udtræk, virksomheder, eller hvad de har og mangler."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=importers.kinds(), help="hvad filen indeholder")
        parser.add_argument("file", type=Path, help="filen")
        parser.add_argument("--dry-run", action="store_true", help="vis, hvad der ville ske; gem intet")
        parser.add_argument(
            "--operator",
            default="",
            metavar="KORT-NAVN",
            help="hvilket kontor; ellers det, der blev oprettet først",
        )
        parser.add_argument(
            "--own-municipalities",
            action="store_true",
            help="cvr: kun det, der ligger i kontorets kommuner, eller som allerede er i registret",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run, report = self._carry_out(options)
        except UserError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self._report(run, report)

    def _carry_out(self, options: dict[str, Any]) -> tuple[ImportRun, Report]:
        path: Path = options["file"]
        importers.get(options["kind"]).check(path, str(path))
        run = ImportRun.objects.create(
            operator=_operator(options["operator"]),
            kind=options["kind"],
            file_name=path.name[-200:],
            dry_run=options["dry_run"],
            own_only=options["own_municipalities"],
        )
        try:
            report = runs.carry_out(run, self._progress, path)
        finally:
            if run.dry_run:
                ImportRun.objects.filter(pk=run.pk).delete()
        return run, report

    def _progress(self, done: int, total: int | None, message: str) -> None:
        if self.stderr.isatty():
            share = f"{100 * done // total} % " if total else f"{number(done)} "
            self.stderr.write(f"\r{share}{message}", ending="")

    def _report(self, run: ImportRun, report: Report) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(
            _("Kontor: %(office)s (%(slug)s)") % {"office": run.operator, "slug": run.operator.slug}
        )
        if run.dry_run:
            self.stdout.write(_("Prøve: intet er gemt."))
        for label, count in run.counts():
            self.stdout.write(f"{label}: {number(count)}")
        if run.dry_run:
            for difference in run.differences:
                self.stdout.write(
                    f"  {difference['what']} {difference['name']}: {'; '.join(difference['details'])}"
                )
        shown = run.problems if run.dry_run else run.problems[:SHOWN_PROBLEMS]
        for problem in shown:
            self.stdout.write(f"  {told(problem)}")
        self._tell_of_the_rest(run, report.skipped + report.remarks, len(shown))

    def _tell_of_the_rest(self, run: ImportRun, all_there_were: int, shown: int) -> None:
        """How many more there were, and where those that are kept can be seen; those of a dry run are not kept."""
        rest = all_there_were - shown
        if rest <= 0:
            return
        if run.dry_run:
            told = _("  … og %(rest)s til.")
        elif len(run.problems) == all_there_were:
            told = _("  … og %(rest)s til. Se dem alle under Virksomheder, Import.")
        else:
            told = _("  … og %(rest)s til. De første %(kept)s står under Virksomheder, Import.")
        self.stdout.write(told % {"rest": number(rest), "kept": number(len(run.problems))})


def told(problem: dict[str, Any]) -> str:
    """A problem on one line: where, what stands there, what is wrong, and whether the row was left out."""
    column = f", {problem['column']}" if problem["column"] else ""
    value = f" »{problem['value'][:60]}«" if problem["value"] else ""
    outcome = _("sprunget over") if problem["skipped"] else _("taget med")
    return f"{_('linje')} {problem['line']}{column}{value}: {problem['message']} ({outcome})"


def _operator(slug: str) -> Operator:
    """The office named, else the one that was made first (the report says which). Raises NotAllowed."""
    everyone = list(Operator.objects.order_by("pk"))
    if not everyone:
        raise NotAllowed(
            _("Der er intet kontor endnu. Opret et med »brobygger new-office« (se docs/operations.md).")
        )
    if not slug:
        return everyone[0]
    found = next((operator for operator in everyone if operator.slug == slug), None)
    if found is None:
        known = ", ".join(operator.slug for operator in everyone)
        raise NotAllowed(
            _("Kontoret »%(slug)s« findes ikke. Vælg mellem: %(known)s.") % {"slug": slug, "known": known}
        )
    return found
