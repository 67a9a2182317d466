# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Settings for the tests: the product's own, with quick passwords, mail in memory and files in a scratch folder."""

import os
import tempfile

os.environ.setdefault("BROBYGGER_DATA", tempfile.mkdtemp(prefix="brobygger-test-"))
os.environ.setdefault("SECRET_KEY", "only-for-tests")

from brobygger.config.settings import *  # noqa: F403
from brobygger.config.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
