# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger new-office NAVN --municipality KOMMUNE --admin E-MAIL`: a business office and its first administrator."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.accounts.opening import open_office
from brobygger.accounts.services import link_to
from brobygger.base.errors import UserError


class Command(BaseCommand):
    """Exit status 0 with the links of the invitations; 2 with one line when the office cannot be made, and nothing is."""

    help = "Opret et kontor, og inviter dets første administrator. Linket skrives her og sendes som brev."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAVN", help="kontorets navn")
        parser.add_argument(
            "--municipality", required=True, nargs="+", action="extend", metavar="KOMMUNE",
            help="kode eller navn på en kommune, kontoret betjener; gerne flere",
        )  # fmt: skip
        parser.add_argument("--admin", required=True, metavar="E-MAIL", help="den første administrator")
        parser.add_argument(
            "--head", default="", metavar="E-MAIL", help="erhvervschefen; ellers er administratoren det også"
        )
        parser.add_argument(
            "--kind",
            default=Operator.Kind.MUNICIPALITY,
            choices=Operator.Kind.values,
            help="hvad kontoret er",
        )
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _name in settings.LANGUAGES],
            help="sproget, brevet skrives i",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with translation.override(options["language"]):
                invitations = open_office(
                    name=options["name"], served=options["municipality"], admin=options["admin"],
                    head=options["head"], kind=options["kind"],
                )  # fmt: skip
        except UserError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        office = invitations[0].operator
        self.stdout.write(_("%(office)s (%(slug)s) er oprettet.") % {"office": office, "slug": office.slug})
        for invitation in invitations:
            self.stdout.write(
                _("Invitation til %(email)s som %(role)s:")
                % {"email": invitation.email, "role": invitation.roles_in_words}
            )
            self.stdout.write(f"  {link_to(invitation)}")
        self.stdout.write(_("Brevet sendes, når »brobygger worker« kører. Linket gælder i to uger."))
