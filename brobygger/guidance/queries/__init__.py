# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What other rooms may read: which schemes there are, whether one fits a firm, and how much aid a firm may have."""

from brobygger.guidance.queries.aid import Account as Account
from brobygger.guidance.queries.aid import account as account
from brobygger.guidance.queries.schemes import Fit as Fit
from brobygger.guidance.queries.schemes import current_schemes as current_schemes
from brobygger.guidance.queries.schemes import fit as fit
from brobygger.guidance.queries.schemes import fits_of as fits_of
