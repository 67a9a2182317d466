# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from brobygger.accounts import services
from brobygger.accounts.models import Operator, Role, User
from brobygger.base import search
from brobygger.base.archive import stored_models
from brobygger.blueprints.services import adopt_shipped
from brobygger.demo import actors
from brobygger.market.models import Listing
from brobygger.outreach.services.consents import create_shipped_purposes
from brobygger.register.models import Organisation
from brobygger.register.search import scope_of
from tests.base.house import a_house
from tests.factories import AgreementFactory, DeliveryFactory, ListingFactory, MatchFactory, firm_user


@pytest.mark.django_db(transaction=True)
def test_everything_that_was_backed_up_comes_back_in_an_empty_database(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    listing = ListingFactory(text="Øl og æbler 🍎")
    listing.photo.save("æble.jpg", ContentFile(b"billede"))
    firm_user(listing.organisation)
    users = set(User.objects.values_list("email", "password"))
    archive = tmp_path / "gemt.zip"
    call_command("backup", str(archive))
    call_command("flush", interactive=False, verbosity=0)
    ContentType.objects.all().delete()  # the new database numbers its kinds of record in its own way
    ContentType.objects.clear_cache()
    settings.MEDIA_ROOT = tmp_path / "nye filer"

    call_command("restore", str(archive))

    again = Listing.objects.get()
    assert (again.pk, again.text, again.organisation.name) == (
        listing.pk,
        listing.text,
        listing.organisation.name,
    )
    assert again.history.count() == listing.history.count()
    assert again.photo.open().read() == b"billede"
    assert set(User.objects.values_list("email", "password")) == users
    found = search.find("organisation", listing.organisation.name, scopes=[scope_of(listing.operator_id)])
    assert list(found.keys) == [listing.organisation_id]
    Operator.objects.create(name="Nyt kontor", slug="nyt")  # the counters go on after the restored ids
    connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_every_field_of_every_record_comes_back_as_it_was(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    actors.create_people(offices := actors.create_offices(), "kodeord")
    actors.create_actors(offices, {one.email: one for one in User.objects.all()})
    listing = Listing.objects.filter(side="have").first()
    create_shipped_purposes(listing.operator, user=None)
    services.invite(listing.operator, "ny@example.invalid", Role.HEAD, User.objects.first())
    match = MatchFactory()
    DeliveryFactory(agreement=AgreementFactory(match=match))
    adopt_shipped(listing.operator, "instrument", "virksomhedsprofil", user=None)
    _made_long_ago()
    before = _everything()
    call_command("backup", str(tmp_path / "gemt.zip"))
    call_command("flush", interactive=False, verbosity=0)

    call_command("restore", str(tmp_path / "gemt.zip"), stdout=io.StringIO())

    after = _everything()
    assert sum(bool(rows) for rows in before.values()) > 25
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def _made_long_ago():
    """Moments that the models set by themselves, each far from now and to the microsecond."""
    for model in stored_models():
        own = [
            f.name for f in model._meta.fields if getattr(f, "auto_now", 0) or getattr(f, "auto_now_add", 0)
        ]
        if own:
            moment = datetime(2021, 3, 4, 5, 6, 7, 123456, tzinfo=UTC)
            model._base_manager.update(**dict.fromkeys(own, moment))


def _everything():
    """Every stored field of every record, and what is linked many to many, by model."""
    found = {}
    for model in stored_models():
        found[model._meta.label] = list(model._base_manager.order_by("pk").values())
        for field in model._meta.local_many_to_many:
            links = field.remote_field.through._base_manager.values_list(
                field.m2m_column_name(), field.m2m_reverse_name()
            )
            found[f"{model._meta.label}.{field.name}"] = sorted(links)
    return found


@pytest.mark.django_db
def test_restore_refuses_a_database_with_an_office_that_nobody_works_at_yet(tmp_path, operator):
    archive = tmp_path / "gemt.zip"
    call_command("backup", str(archive))
    with pytest.raises(CommandError, match="ikke tom"):
        call_command("restore", str(archive))


@pytest.mark.django_db
def test_restore_refuses_a_database_that_is_not_empty_that_is_not_empty(tmp_path, consultant):
    archive = tmp_path / "gemt.zip"
    call_command("backup", str(archive))
    with pytest.raises(CommandError, match="ikke tom"):
        call_command("restore", str(archive))


def test_restore_refuses_a_file_that_is_not_an_archive(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nonsense")
    with pytest.raises(CommandError, match="ikke et arkiv"):
        call_command("restore", str(tmp_path / "x.zip"))


@pytest.mark.django_db
def test_half_a_backup_leaves_no_archive_behind(tmp_path, monkeypatch, consultant):
    monkeypatch.setattr(
        zipfile.ZipFile, "writestr", lambda *a, **k: (_ for _ in ()).throw(OSError("disken er fuld"))
    )
    with pytest.raises(OSError, match="fuld"):
        call_command("backup", str(tmp_path / "gemt.zip"))
    assert not (tmp_path / "gemt.zip").exists()


WRITES_MEANWHILE = """
import sys
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from brobygger.accounts.models import Operator, ServedMunicipality
from brobygger.base.management.commands import backup
from tests.factories import OrganisationFactory

OFFICE = "INSERT INTO accounts_operator (name, slug, kind, email, phone, portal_open, version) VALUES ('Midt i', 'midt', 'council', '', '', true, 1)"
SERVES = "INSERT INTO accounts_servedmunicipality (operator_id, code) SELECT id, '0350' FROM accounts_operator WHERE slug = 'midt'"
OrganisationFactory(operator=Operator.objects.create(name="Før", slug="foer"), name="Før ApS")
usual, written = backup.records, []

def somebody_writes():
    if connection.vendor == "sqlite":
        import sqlite3
        with sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=1) as other:
            written.extend([other.execute(OFFICE), other.execute(SERVES)])
    else:
        import psycopg
        with psycopg.connect(sys.argv[2]) as other:
            written.extend([other.execute(OFFICE), other.execute(SERVES)])

def records(model):
    if model is ServedMunicipality:  # the offices are read already
        somebody_writes()
    return usual(model)

backup.records = records
call_command("backup", sys.argv[1])
assert written and Operator.objects.count() == 2
assert getattr(connection, "transaction_mode", "IMMEDIATE") == "IMMEDIATE"
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_backup_is_made_and_it_shows_one_moment(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    archive = tmp_path / "gemt.zip"
    with a_house(tmp_path) as house:
        told = [str(archive), house.environment["DATABASE_URL"]]
        house.ask(f"import sys; sys.argv[1:] = {told!r}\n{WRITES_MEANWHILE}")

    call_command("restore", str(archive), stdout=io.StringIO())

    assert list(Operator.objects.values_list("slug", "municipalities__code")) == [("foer", None)]
    assert json.loads(zipfile.ZipFile(archive).read("about.json"))["counts"]["accounts.operator"] == 1
    assert Organisation.objects.get().name == "Før ApS"
    connection.check_constraints()
