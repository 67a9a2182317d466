# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`suggest` on several machines: the same search in parts, the same file. See docs/decisions/0007-beyond-one-machine.md.

`plan` decides what is searched together, `work` is what a worker does, `run` sends it out and puts it together again.
"""
