# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What comes in by file: reading it, checking it, storing what changed, and telling what was wrong."""
