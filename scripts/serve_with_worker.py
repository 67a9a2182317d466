#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Start the web server and one worker together, for a demo or a small office. Stops both when either stops."""

import os
import signal
import subprocess
import sys
import time

port = os.environ.get("PORT", "8000")
command = [sys.executable, "-m", "brobygger.config.command"]
parts = [subprocess.Popen([*command, "worker"]), subprocess.Popen([*command, "serve", "--port", port])]
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(f"\nBrobygger kører på http://localhost:{port}  (stop med Ctrl+C)\n", flush=True)
try:
    while all(part.poll() is None for part in parts):
        time.sleep(0.5)
except KeyboardInterrupt:
    pass
finally:
    for part in parts:
        part.terminate()
    for part in parts:
        part.wait(timeout=20)
