# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented CVR documents in the distribution's real shape. Numbers above the issued range; no real person or firm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def period(begin: str | None, end: str | None = None) -> dict[str, Any]:
    return {
        "periode": {"gyldigFra": begin, "gyldigTil": end},
        "sidstOpdateret": "2026-11-01T01:00:00.000+01:00",
    }


def address(
    street: str = "Prøvevej", number: int = 1, code: int = 4320, city: str = "Lejre", kommune: int = 350
) -> dict[str, Any]:
    return {
        "landekode": "DK", "fritekst": None, "vejkode": 100, "vejnavn": street, "husnummerFra": number,
        "husnummerTil": None, "bogstavFra": None, "bogstavTil": None, "etage": None, "sidedoer": None,
        "conavn": "c/o Prøve Person", "postboks": None, "bynavn": None, "postnummer": code, "postdistrikt": city,
        "kommune": {"kommuneKode": kommune, "kommuneNavn": "PRØVE", **period("2007-01-01")},
        "adresseId": None, "sidstValideret": None, **period("2016-03-01"),
    }  # fmt: skip


def contact(text: str, *, secret: bool = False) -> dict[str, Any]:
    return {"kontaktoplysning": text, "hemmelig": secret, **period("2016-03-01")}


def company(number: int = 99100001, **changes: Any) -> dict[str, Any]:
    """A company; `changes` replace whole fields of the document."""
    body = {
        "cvrNummer": number,
        "reklamebeskyttet": False,
        "fejlRegistreret": False,
        "navne": [{"navn": f"Prøvefirma {number} ApS", **period("2016-03-01")}],
        "beliggenhedsadresse": [address()],
        "postadresse": [],
        "telefonNummer": [contact("00000001")],
        "elektroniskPost": [contact("kontakt@eksempel.invalid")],
        "hjemmeside": [contact("www.eksempel.invalid")],
        "livsforloeb": [period("2016-03-01")],
        "hovedbranche": [{"branchekode": "107120", "branchetekst": "Bageri", **period("2025-01-01")}],
        "virksomhedsstatus": [{"status": "NORMAL", **period("2016-03-01")}],
        "virksomhedsform": [{"virksomhedsformkode": 80, "kortBeskrivelse": "APS", **period("2016-03-01")}],
        "erstMaanedsbeskaeftigelse": [
            {"aar": 2026, "maaned": 8, "antalAnsatte": 13, "intervalKodeAntalAnsatte": "ANTAL_10_19"}
        ],
        "aarsbeskaeftigelse": [],
        "penheder": [],
        "deltagerRelation": [{"deltager": {"navne": [{"navn": "Hemmelig Ejersen", **period(None)}]}}],
        "virksomhedMetadata": {"stiftelsesDato": "2016-03-01", "sammensatStatus": "NORMAL"},
        "enhedsNummer": 4990000000 + number,
        "enhedstype": "VIRKSOMHED",
    }
    return {"Vrvirksomhed": {**body, **changes}}


def site(p_number: int = 1990000001, cvr: int = 99100001, **changes: Any) -> dict[str, Any]:
    """A place of work of the company with that CVR number."""
    body = {
        "pNummer": p_number,
        "reklamebeskyttet": False,
        "navne": [{"navn": f"Prøvested {p_number}", **period("2016-03-01")}],
        "beliggenhedsadresse": [address()],
        "livsforloeb": [period("2016-03-01")],
        "hovedbranche": [{"branchekode": "107120", **period("2025-01-01")}],
        "erstMaanedsbeskaeftigelse": [],
        "virksomhedsrelation": [{"cvrNummer": cvr, **period("2016-03-01")}],
        "deltagerRelation": [],
    }
    return {"VrproduktionsEnhed": {**body, **changes}}


def hit(source: dict[str, Any], key: str) -> dict[str, Any]:
    return {"_index": "cvr-v-20220630", "_type": "_doc", "_id": key, "_score": 1.0, "_source": source}


def page(*sources: dict[str, Any], scroll: str = "PRØVE==", total: int | None = None) -> dict[str, Any]:
    """An answer of the search service."""
    hits = [hit(source, f"{scroll}{number}") for number, source in enumerate(sources)]
    return {
        "_scroll_id": scroll, "took": 2, "timed_out": False, "_shards": {"total": 6, "successful": 6, "failed": 0},
        "hits": {"total": len(hits) if total is None else total, "max_score": 1.0, "hits": hits},
    }  # fmt: skip


def ndjson(path: Path, *documents: Any) -> Path:
    """A file with one document on each line; text goes in as it is."""
    lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in documents]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
