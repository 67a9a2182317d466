# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the import pages, under the register's."""

from django.urls import path

from brobygger.register.views import imports

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("ny/", imports.new_import, name="new_import"),
    path("cvr/", imports.sync, name="sync"),
    path("<int:pk>/", imports.import_run, name="import"),
    path("<int:pk>/importer/", imports.import_now, name="import_now"),
    path("<int:pk>/tag-tilbage/", imports.take_back, name="take_back_import"),
    path("<int:pk>/fejl.csv", imports.problems, name="import_problems"),
]
