# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Lists as an Excel workbook: see `base.spreadsheet`."""

from brobygger.base.spreadsheet import CONTENT_TYPE as CONTENT_TYPE
from brobygger.base.spreadsheet import workbook as workbook
