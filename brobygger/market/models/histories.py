# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A history that can be asked what one person changed lately without going through everybody's."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class HistoryByPerson(HistoricalRecords):  # type: ignore[misc]
    """The usual history, with an index on who and when."""

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        name = f"{model._meta.app_label}_{model._meta.model_name}_history_by"
        return {**options, "indexes": [models.Index(fields=["history_user", "history_date"], name=name[:30])]}
