# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What single case types need beyond their definition: a module each, imported when the room starts."""
