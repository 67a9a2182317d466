# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the case's fields ask for, as codes."""

from __future__ import annotations

import re
from decimal import Decimal

from brobygger.accounts.models import Operator
from brobygger.cases.enquiry.errors import NoIndustry, UnknownIndustry, UnknownMunicipality
from brobygger.cases.enquiry.prospectus import Scope
from brobygger.cases.models import Case
from brobygger.knowledge.geography import municipality
from brobygger.knowledge.industries import db25_codes

TYPE = "investor_enquiry"
INDUSTRIES, MUNICIPALITIES, PURPOSE, AREA = "industries", "municipalities", "purpose", "area"
"""The fields of the definition that the prospectus is computed from."""
_CODE = re.compile(r"\d{1,6}")


def scope_of(case: Case) -> Scope:
    """Industries and municipalities of the case; all that the office serves where none is named. Raises NoIndustry,
    UnknownIndustry, UnknownMunicipality."""
    industries = _industries(str(case.value(INDUSTRIES) or ""))
    area = case.value(AREA)
    return Scope(
        industries,
        _municipalities(str(case.value(MUNICIPALITIES) or ""), case.operator),
        str(case.value(PURPOSE) or ""),
        Decimal(str(area)) if area else None,
    )


def _industries(typed: str) -> tuple[str, ...]:
    """`10 Fødevarer, 11` and `10.51` → codes, each once; one that another covers is left out."""
    found = sorted(set(_CODE.findall(typed.replace(".", ""))))
    if not found:
        raise NoIndustry
    for code in found:
        if not any(known.startswith(code) for known in db25_codes()):
            raise UnknownIndustry(code)
    return tuple(code for code in found if not any(o != code and code.startswith(o) for o in found))


def _municipalities(typed: str, operator: Operator) -> tuple[str, ...]:
    served = list(operator.municipality_codes)
    names = {(found.name if (found := municipality(code)) else code).casefold(): code for code in served}
    wanted = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", typed))):
        name = re.sub(r"\s+kommune$", "", part.casefold())
        code = names.get(name) or (part if part in served else None)
        if code is None:
            raise UnknownMunicipality(part)
        wanted.append(code)
    return tuple(dict.fromkeys(wanted)) or tuple(served)
