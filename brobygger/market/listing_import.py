# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What organisations have and need, from a CSV or Excel file.

Each row names an organisation of the register, by CVR number or name, and says in words what it has or needs. What the
other columns leave open is read from the words, as in the form. The same words of the same organisation go in once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base.danish import name_key, sort_key
from brobygger.engine.units import UNITS, UnknownUnit, canonical_period, parse_unit
from brobygger.knowledge import resource_types
from brobygger.market.models import Listing
from brobygger.market.reading import read
from brobygger.market.services import matching
from brobygger.market.services.listing_rules import faults, normal
from brobygger.market.services.listings import FIELDS, BadListing, NotYours, create_listing
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, Table, plain
from brobygger.register.imports.errors import BadFile, BadValue, LeftOut
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Organisation

COLUMNS = (
    Column("text", "tekst", ("text", "beskrivelse", "hvad", "description", "med egne ord"), required=True),
    Column("organisation", "virksomhed", ("organisation", "navn", "virksomhedsnavn", "firma", "name", "company")),
    Column("cvr", "cvr", ("cvr-nummer", "cvr-nr", "vat")),
    Column("side", "side", ("har/mangler", "har eller mangler", "har mangler", "have/need")),
    Column("resource_type", "type", ("ressourcetype", "ressource", "resource type")),
    Column("kind", "slags", ("art", "kind")),
    Column("quantity", "mængde", ("antal", "quantity", "amount")),
    Column("unit", "enhed", ("unit",)),
    Column("period", "periode", ("hvor tit", "hyppighed", "period")),
    Column("lot", "læs", ("hele læs", "læs à", "læsstørrelse", "lot", "load")),
    Column("least_share", "mindst", ("mindst procent", "mindste andel", "skal flyttes", "least share")),
    Column("starts_on", "fra", ("fra dato", "start", "startdato", "from")),
    Column("ends_on", "til", ("til dato", "slut", "slutdato", "to", "until")),
    Column("postal_code", "postnr", ("postnummer", "postal code", "zip")),
    Column("reach_km", "rækkevidde", ("rækkevidde km", "afstand", "afstand km", "max afstand", "reach", "reach km")),
    Column("visibility", "synlighed", ("hvem må se den", "visibility")),
    Column("price", "pris", ("pris pr enhed", "kr", "price")),
    Column("waste_code", "affaldskode", ("eak", "ewc", "eak-kode", "waste code")),
    Column("quality", "kvalitet", ("stand", "quality")),
    Column("food_grade", "fødevareegnet", ("mad", "fødevare", "food grade")),
    Column("hazardous", "farligt affald", ("farligt", "hazardous")),
)  # fmt: skip
_SIDES = dict.fromkeys(
    ("har", "have", "udbud", "udbyder", "tilbyder", "offer"), Listing.Side.HAVE
) | dict.fromkeys(("mangler", "need", "søger", "behov", "ønsker", "efterspørgsel"), Listing.Side.NEED)
_VISIBILITIES = {
    "åben": Listing.Visibility.OPEN, "alle": Listing.Visibility.OPEN, "offentlig": Listing.Visibility.OPEN,
    "medlemmer": Listing.Visibility.MEMBERS, "fortrolig": Listing.Visibility.BROKER,
    "kunkonsulenter": Listing.Visibility.BROKER, "konsulenter": Listing.Visibility.BROKER,
}  # fmt: skip
_PRICES = {
    "gratis": Listing.Price.FREE, "free": Listing.Price.FREE, "efteraftale": Listing.Price.NEGOTIABLE,
    "aftale": Listing.Price.NEGOTIABLE, "negotiable": Listing.Price.NEGOTIABLE, "giverenbetaler": Listing.Price.PAYS,
    "pays": Listing.Price.PAYS,
}  # fmt: skip


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns that must be there."""
    _open(path, name).check()


def carry_out(order: Order, progress: Progress) -> Report:
    """Enter each row as a listing, and find suggestions for all of them afterwards. Raises BadFile."""
    table = _open(order.path, order.name, order.report)
    report = order.report
    rows = _Rows(order, report, table.labels)
    for row in table.rows():
        report.read += 1
        rows.take(row)
        progress(report.read, None, _("Læser rækker"))
    if rows.created and not order.dry_run:
        matching.refresh_all(order.operator, lambda done, total: progress(done, total, _("Finder forslag")))
    return report


def _open(path: Path, name: str, report: Report | None = None) -> Table:
    table = Table(path, COLUMNS, name, report)
    if not {"organisation", "cvr"} & set(table.labels):
        raise BadFile(
            name, _("Filen skal have en kolonne med virksomhedens CVR-nummer (cvr) eller navn (virksomhed)."),
            line=1, column="cvr",
        )  # fmt: skip
    return table


@dataclass
class _Rows:
    order: Order
    report: Report
    labels: dict[str, str]

    def __post_init__(self) -> None:
        self.created = 0
        self.seen: set[tuple[Any, ...]] = set()

    def take(self, row: Row) -> None:
        """One row: created, there already, or left out with a reason."""
        try:
            organisation = self._organisation(row)
            self._enter(row, organisation, self._values(row))
        except LeftOut as left:
            label = self.labels.get(left.column, left.column)
            self.report.skip(row.line, left.message, column=label, value=row.cells.get(left.column, ""))

    def _organisation(self, row: Row) -> Organisation:
        """Raises LeftOut where the register does not know it, or knows several of the name."""
        everyone = Organisation.objects.filter(operator=self.order.operator)
        if row.cells.get("cvr"):
            try:
                number = values.digits(row.cells["cvr"], 8, _("CVR-nummeret"))
            except BadValue as error:
                raise LeftOut("cvr", str(error)) from error
            found = everyone.filter(cvr=number).first()
            if found is None:
                raise LeftOut("cvr", _("Virksomheden er ikke i registret. Opret eller importer den først"))
            return found
        name = row.cells.get("organisation", "")
        alike = everyone.filter(sort_name=sort_key(name)) if name else ()
        same = [firm for firm in alike if name_key(firm.name) == name_key(name)]
        if not same:
            raise LeftOut(
                "organisation", _("Virksomheden er ikke i registret. Opret eller importer den først")
            )
        if len(same) > 1:
            raise LeftOut("organisation", _("Flere virksomheder hedder det samme. Skriv CVR-nummeret"))
        return same[0]

    def _values(self, row: Row) -> dict[str, Any]:
        """The row's own values, and for the rest what its words say. Raises LeftOut."""
        text = row.cells.get("text", "")
        if not text:
            raise LeftOut("text", _("Der står ikke, hvad virksomheden har eller mangler"))
        found = read(text[:2000]).values | {"text": text}
        for name, cell in row.cells.items():
            if not cell or name not in _READERS:
                continue
            try:
                found |= _READERS[name](cell)
            except BadValue as error:
                raise LeftOut(name, str(error)) from error
        if row.cells.get("resource_type"):
            self._set_type(row, found)
        if not found["side"]:
            raise LeftOut("side", _("Skriv »har« eller »mangler«; det kan ikke læses af teksten"))
        self._complete(row, found)
        return found

    def _set_type(self, row: Row, found: dict[str, Any]) -> None:
        node_id = _types_by_name().get(plain(row.cells["resource_type"]))
        if node_id is None:
            message = _("Typen kendes ikke. Vi har i stedet læst den af teksten")
            label = self.labels["resource_type"]
            self.report.remark(row.line, message, column=label, value=row.cells["resource_type"])
        else:
            found["resource_type"] = node_id
            if not row.cells.get("kind"):
                found["kind"] = resource_types()[node_id].kind

    def _complete(self, row: Row, found: dict[str, Any]) -> None:
        node = resource_types().get(found["resource_type"])
        if not found["kind"]:
            found["kind"] = node.kind if node else Listing.Kind.MATERIAL
            if node is None:
                message = _("Vi kan ikke se af teksten, hvad det er. Vælg en ressourcetype på siden bagefter")
                self.report.remark(row.line, message, column=self.labels["text"], value=found["text"])
        if found["quantity"] is not None and not found["unit"] and node:
            found["unit"] = node.unit
        if found["quantity"] is None:
            found["unit"] = ""

    def _enter(self, row: Row, organisation: Organisation, found: dict[str, Any]) -> None:
        whole = normal({name: getattr(Listing(), name) for name in FIELDS if name not in _RELATED} | found)
        key = (organisation.pk, whole["side"], whole["text"])
        there = (
            Listing.objects.filter(organisation=organisation, side=whole["side"], text=whole["text"])
            .exclude(status=Listing.Status.WITHDRAWN)
            .order_by("created_at")
            .first()
        )
        if there is not None or key in self.seen:
            mine = there is not None and self.order.since is not None and there.created_at >= self.order.since
            again = mine and key not in self.seen
            self.seen.add(key)
            self.report.created += again
            self.created += again
            self.report.unchanged += not again
            return
        self._create(organisation, found, whole)
        self.seen.add(key)
        self.created += 1
        self.report.created += 1
        self.report.differ(
            organisation.name,
            "+",
            lambda: [f"{Listing.Side(whole['side']).label}: {whole['text'][:120]}"],
        )

    def _create(self, organisation: Organisation, found: dict[str, Any], whole: dict[str, Any]) -> None:
        """Raises LeftOut where the values cannot be stored."""
        try:
            if self.order.dry_run:
                wrong = faults(whole)
                if wrong:
                    raise BadListing(wrong)
                return
            create_listing(organisation=organisation, by=self.order.by, find_suggestions=False, **found)
        except BadListing as error:
            name, message = next(iter(error.faults.items()))
            raise LeftOut(name, message) from error
        except NotYours as error:
            raise LeftOut("organisation", str(error)) from error


_RELATED = frozenset({"establishment", "contact"})


@lru_cache(maxsize=1)
def _types_by_name() -> dict[str, str]:
    """Id, name and synonym of every resource type → its id; the name of a type before another's synonym."""
    nodes = resource_types().values()
    found: dict[str, str] = {}
    for words in (
        lambda node: (node.id,),
        lambda node: (node.name, node.name_en),
        lambda node: node.synonyms,
    ):
        for node in nodes:
            for word in words(node):
                found.setdefault(plain(word), node.id)
    found.pop("", None)
    return found


def _choice(known: dict[str, Any], expected: str) -> Callable[[str], Any]:
    def choose(text: str) -> Any:
        found = known.get(plain(text))
        if found is None:
            raise BadValue(expected)
        return found

    return choose


def _labels(choices: Any) -> dict[str, Any]:
    """Value and label of each choice → the choice; of a label also what stands before a colon."""
    found = {}
    for choice in choices:
        for word in (choice.value, str(choice.label), str(choice.label).split(":")[0]):
            found[plain(word)] = choice
    return found


def _unit(text: str) -> dict[str, Any]:
    try:
        unit, period = parse_unit(text)
    except UnknownUnit as error:
        raise BadValue(
            _("Enheden kendes ikke. Den kan være %(units)s") % {"units": ", ".join(UNITS)}
        ) from error
    return {"unit": unit} | ({"period": period} if period else {})


def _period(text: str) -> dict[str, Any]:
    known = _labels(Listing.Period)
    try:
        return {"period": known.get(plain(text)) or canonical_period(text)}
    except UnknownUnit as error:
        raise BadValue(_("Skriv én gang, dag, uge, måned, kvartal eller år")) from error


def _price(text: str) -> dict[str, Any]:
    kind = _PRICES.get(plain(text))
    if kind is not None:
        return {"price_kind": kind, "price": None}
    amount = values.decimal(text)
    return {"price": amount, "price_kind": Listing.Price.FREE if amount == 0 else Listing.Price.FIXED}


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "side": lambda text: {"side": _choice(_labels(Listing.Side) | _SIDES, _("Skriv »har« eller »mangler«"))(text)},
    "kind": lambda text: {
        "kind": _choice(
            _labels(Listing.Kind),
            _("Slagsen kendes ikke. Den kan være %(kinds)s") % {"kinds": ", ".join(str(k) for k in Listing.Kind.labels)},
        )(text)
    },
    "quantity": lambda text: {"quantity": values.decimal(text)},
    "unit": _unit,
    "period": _period,
    "lot": lambda text: {"lot": values.decimal(text)},
    "least_share": lambda text: {"least_share": values.whole(text.removesuffix("%").strip(), 100)},
    "starts_on": lambda text: {"starts_on": values.day(text)},
    "ends_on": lambda text: {"ends_on": values.day(text)},
    "postal_code": lambda text: {"postal_code": values.postal_code(text)},
    "reach_km": lambda text: {"reach_km": values.whole(text.lower().removesuffix("km"), 1000)},
    "visibility": lambda text: {
        "visibility": _choice(
            _labels(Listing.Visibility) | _VISIBILITIES, _("Skriv åben, medlemmer eller fortrolig")
        )(text)
    },
    "price": _price,
    "waste_code": lambda text: {"waste_code": text},
    "quality": lambda text: {"quality": text},
    "food_grade": lambda text: {"food_grade": values.yes_or_no(text)},
    "hazardous": lambda text: {"hazardous": values.yes_or_no(text)},
}  # fmt: skip
