# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Photos of what somebody has: checked, turned the right way, made smaller and written anew.

What comes out was drawn by us from the pixels alone, so nothing hidden in the file (where and when it was taken,
scripts, a second file behind the first) is ever stored or shown.
"""

from __future__ import annotations

import io
import uuid
import warnings
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from brobygger.base.danish import number
from brobygger.base.errors import UserError

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
"""What we take in, and the ending it is stored with."""
MOST_PIXELS = 50_000_000
"""A small file can unfold to gigabytes in memory; today's phones take up to about 50 megapixels."""
LONGEST_SIDE = 1600
"""Pixels of the stored photo: plenty for a screen."""
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


class PhotoError(UserError):
    """The file cannot be used as a photo."""


class PhotoTooLarge(PhotoError):
    """More bytes or pixels than we take in."""


class NotAPhoto(PhotoError):
    """The file is something else than its name says, or broken."""


class PhotoKindRefused(PhotoError):
    """A real picture, but not JPEG, PNG or WebP."""


def checked_photo(upload: Any) -> ContentFile[bytes]:
    """The uploaded photo, drawn anew without what the camera wrote about place and time.

    `upload` is a Django uploaded file. Raises `PhotoTooLarge`, `NotAPhoto` or `PhotoKindRefused`. The name is ours,
    never the uploader's.
    """
    _check_bytes(upload.size)
    upload.seek(0)
    _refuse_heic(upload.read(32))
    upload.seek(0)
    picture, kind = _open(upload)
    drawn = _drawn(picture, kind)
    return ContentFile(drawn, name=f"{uuid.uuid4().hex}.{FORMATS[kind]}")


def _check_bytes(size: int) -> None:
    most = settings.MAX_IMAGE_BYTES
    if size > most:
        raise PhotoTooLarge(
            _("Billedet fylder %(size)s MB. Det må højst fylde %(most)s MB. Gør det mindre, og prøv igen.")
            % {"size": number(size / 1024**2, 1), "most": number(most / 1024**2, 0)}
        )
    if size == 0:
        raise NotAPhoto(_("Filen er tom. Vælg et andet billede."))


def _refuse_heic(head: bytes) -> None:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise PhotoKindRefused(
            _(
                "Billedet er i HEIC-format, som mange browsere ikke kan vise. Gem det som JPEG, og prøv igen. "
                "På en iPhone: Indstillinger → Kamera → Formater → Mest kompatibel."
            )
        )


def _open(upload: IO[bytes]) -> tuple[Image.Image, str]:
    """The picture with its pixels read. The size is looked at before a single pixel is unfolded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload)
            kind = str(picture.format)
            if kind not in FORMATS:
                raise PhotoKindRefused(
                    _("Billedet er i formatet %(kind)s. Brug JPEG, PNG eller WebP.") % {"kind": kind}
                )
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_pixels()
            picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except PhotoError:
        raise
    except Exception:  # Pillow's readers raise many kinds of error on broken files
        raise NotAPhoto(
            _(
                "Filen er ikke et billede, eller også er den gået i stykker. Brug et JPEG-, PNG- eller WebP-billede."
            )
        ) from None
    return picture, kind


def _too_many_pixels() -> PhotoTooLarge:
    return PhotoTooLarge(
        _("Billedet har flere end %(most)s millioner billedpunkter. Gør det mindre, og prøv igen.")
        % {"most": MOST_PIXELS // 1_000_000}
    )


def _drawn(picture: Image.Image, kind: str) -> bytes:
    turned = ImageOps.exif_transpose(picture) or picture
    mode = (
        "RGB"
        if kind == "JPEG"
        else "RGBA"
        if "A" in turned.getbands() or "transparency" in turned.info
        else "RGB"
    )
    clean = turned.convert(mode)
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new(mode, clean.size)
    bare.paste(clean)
    out = io.BytesIO()
    if kind == "PNG":
        bare.save(out, "PNG", optimize=True)
    else:
        bare.save(out, kind, quality=85)
    return out.getvalue()
