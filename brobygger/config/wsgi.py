# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The web server's way in. All that lasts is made here, before the workers are forked, and they share it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
application = get_wsgi_application()

from brobygger.base.compiled_templates import compile_templates  # noqa: E402
from brobygger.market.warmth import warm_up  # noqa: E402

NEW_OBJECTS = 20_000
"""So many more objects than were freed, before the collector looks: a page makes some thousands."""

warm_up()  # the first visitor does not wait
compile_templates()
gc.collect()
gc.freeze()  # half a million objects that live as long as the process: going through them took 200 ms, in the middle of a page
gc.set_threshold(NEW_OBJECTS, 20, 20)
