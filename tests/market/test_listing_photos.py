# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Photos: what we take in, what we refuse in words, and what is stored."""

from __future__ import annotations

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from brobygger.market import photos
from brobygger.market.models import Listing
from tests import factories

NEW = reverse("market:new_listing")
GOOD = {
    "action": "save", "text": "Vi har mask", "side": "have", "kind": "residue", "period": "once",
    "price_kind": "negotiable", "visibility": "open", "photo_alt": "En container med mask",
}  # fmt: skip


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **extra)
    return out.getvalue()


def upload(content: bytes, name: str = "mask.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (55.0, 36.0, 0.0)}
    exif[0x0112] = 6
    exif[0x010F] = "Kameramærke"
    return picture(exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_under_a_name_of_ours(kind):
    clean = photos.checked_photo(upload(picture(kind), "../../etc/passwd.php"))
    assert Image.open(clean).format == kind
    assert clean.name.endswith(photos.FORMATS[kind])
    assert "passwd" not in clean.name


def test_place_and_camera_are_gone_and_the_photo_stands_upright():
    drawn = Image.open(photos.checked_photo(upload(with_place())))
    assert not dict(drawn.getexif())
    assert drawn.size == (20, 40)


def test_a_large_photo_is_made_smaller():
    drawn = Image.open(photos.checked_photo(upload(picture(size=(4000, 1000)))))
    assert max(drawn.size) == photos.LONGEST_SIDE


def test_what_is_appended_to_a_picture_does_not_follow_along():
    clean = photos.checked_photo(upload(picture() + b"<script>alert(1)</script>"))
    assert b"script" not in clean.read()


REFUSED = [
    ("50 MB", b"\xff\xd8\xff" + b"x" * (50 * 1024 * 1024), photos.PhotoTooLarge, "højst fylde 10 MB"),
    ("a PDF named .jpg", b"%PDF-1.7 hej", photos.NotAPhoto, "ikke et billede"),
    ("an empty file", b"", photos.NotAPhoto, "tom"),
    ("HEIC", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, photos.PhotoKindRefused, "HEIC"),
    ("half a JPEG", picture(size=(400, 400))[:300], photos.NotAPhoto, "gået i stykker"),
    ("a GIF", picture("GIF"), photos.PhotoKindRefused, "GIF"),
    (
        "SVG with script",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        photos.NotAPhoto,
        "ikke et billede",
    ),
]


@pytest.mark.parametrize(("what", "content", "error", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_photo_is_refused_in_words(what, content, error, told):
    with pytest.raises(error, match=told):
        photos.checked_photo(upload(content))


def test_a_small_file_that_unfolds_to_gigabytes_is_refused_before_it_unfolds():
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(photos.PhotoTooLarge, match="billedpunkter"):
        photos.checked_photo(upload(bomb, "bombe.png", "image/png"))


@pytest.fixture
def send(as_consultant, operator):
    organisation = factories.OrganisationFactory(operator=operator)

    def post(content: bytes, **changes: str):
        data = {**GOOD, "organisation": organisation.pk, "new_photo": upload(content), **changes}
        return as_consultant.post(NEW, data)

    return post


def test_a_refused_photo_stops_the_save_and_keeps_the_text(send):
    answer = send(b"%PDF-1.7 hej")
    assert "ikke et billede" in answer.content.decode()
    assert "Vi har mask" in answer.content.decode()
    assert not Listing.objects.exists()


def test_a_photo_without_a_description_is_asked_for_one(send):
    answer = send(picture(), photo_alt="")
    assert "photo_alt" in answer.context["form"].errors


def test_when_something_else_is_wrong_the_person_is_told_to_choose_the_photo_again(send):
    answer = send(picture(), quantity="-1", unit="t")
    assert "Vælg billedet igen" in str(answer.context["form"].errors["new_photo"])


def test_when_somebody_else_saved_meanwhile_the_person_is_told_to_choose_the_photo_again(send, as_consultant):
    send(picture())
    made = Listing.objects.get()
    change = reverse("market:change_listing", args=[made.pk])
    typed = {**GOOD, "opened_version": made.version}
    as_consultant.post(change, {**typed, "text": "Vi har god mask"})
    page = as_consultant.post(change, {**typed, "new_photo": upload(picture("PNG"))}).content.decode()
    assert "Vi har god mask" in page
    assert "Vælg billedet igen" in page


def test_a_photo_is_shown_to_those_who_see_the_listing_and_to_nobody_else(send, client, sign_in, operator):
    send(picture(), visibility="broker")
    made = Listing.objects.get()
    url = reverse("media", args=[made.photo.name])
    from django.test import Client

    neighbour = sign_in(factories.firm_user(factories.OrganisationFactory(operator=operator)))
    abroad = sign_in(factories.user_as("consultant"))
    assert client.get(url).status_code == 200
    for stranger in (Client(), neighbour, abroad):
        assert stranger.get(url).status_code == 404


def test_the_old_photo_is_deleted_when_a_new_one_takes_its_place(
    send, as_consultant, django_capture_on_commit_callbacks
):
    from django.core.files.storage import default_storage

    send(picture())
    made = Listing.objects.get()
    old = made.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        as_consultant.post(
            reverse("market:change_listing", args=[made.pk]),
            {
                **GOOD,
                "opened_version": made.version,
                "new_photo": upload(picture("PNG"), "ny.png", "image/png"),
            },
        )
    made.refresh_from_db()
    assert made.photo.name != old
    assert default_storage.exists(made.photo.name)
    assert not default_storage.exists(old)
