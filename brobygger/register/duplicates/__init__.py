# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations that may be one and the same, found by what they share. Run by a job, never while a person waits.

Nobody is compared with everybody: only those that share a telephone number, an e-mail address, a domain, an address, a
rare word or rare three letters of the name are weighed. Two active firms with each their CVR number are two.
"""

from brobygger.register.duplicates.finding import find as find
from brobygger.register.duplicates.weighing import Facts as Facts
from brobygger.register.duplicates.weighing import Likeness as Likeness
from brobygger.register.duplicates.weighing import likeness as likeness
