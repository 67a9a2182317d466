# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who is out there: organisations, their places of work, the people in them."""

from brobygger.register.models.imports import ImportedKeys as ImportedKeys
from brobygger.register.models.imports import ImportRun as ImportRun
from brobygger.register.models.merges import Merge as Merge
from brobygger.register.models.merges import MergeStep as MergeStep
from brobygger.register.models.merges import PossibleDuplicate as PossibleDuplicate
from brobygger.register.models.organisation import Establishment as Establishment
from brobygger.register.models.organisation import Organisation as Organisation
from brobygger.register.models.organisation import Permit as Permit
from brobygger.register.models.organisation import Tag as Tag
from brobygger.register.models.people import Affiliation as Affiliation
from brobygger.register.models.people import Person as Person
