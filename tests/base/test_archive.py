# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import zipfile

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.market.models import Listing
from brobygger.register.search import scope_of
from tests.factories import ListingFactory, firm_user


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


@pytest.mark.django_db
def test_restore_refuses_a_database_that_is_not_empty(tmp_path, consultant):
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
