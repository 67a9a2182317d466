# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a case type is, as data."""

from brobygger.cases.definition.case_type import CaseType as CaseType
from brobygger.cases.definition.case_type import Clock as Clock
from brobygger.cases.definition.case_type import Days as Days
from brobygger.cases.definition.case_type import DocumentType as DocumentType
from brobygger.cases.definition.case_type import Field as Field
from brobygger.cases.definition.case_type import FieldKind as FieldKind
from brobygger.cases.definition.case_type import PartyRole as PartyRole
from brobygger.cases.definition.gates import Ballot as Ballot
from brobygger.cases.definition.gates import Majority as Majority
from brobygger.cases.definition.gates import Move as Move
from brobygger.cases.definition.gates import Stage as Stage
