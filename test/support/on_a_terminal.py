"""Runs a command on a pseudo-terminal and types at its prompts, as a person would. Its stdout is a pipe of its own, so
that what it prints there is told apart from what it shows. Reads from stdin, as JSON: {argv, env, steps: [[what is waited
for, what is typed]], seconds}; prints {code, stdout, screen, missed}."""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

asked = json.load(sys.stdin)
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
out_read, out_write = os.pipe()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    os.dup2(slave, 0)
    os.dup2(out_write, 1)
    os.dup2(slave, 2)
    os.closerange(3, 256)
    os.execvpe(asked["argv"][0], asked["argv"], asked["env"])

os.close(slave)
os.close(out_write)
screen = b""
stdout = b""
steps = list(asked["steps"])
seen = 0
deadline = time.monotonic() + asked["seconds"]
open_ends = {master, out_read}
while open_ends and time.monotonic() < deadline:
    ready, _, _ = select.select(list(open_ends), [], [], 0.2)
    for end in ready:
        try:
            piece = os.read(end, 65536)
        except OSError:
            piece = b""
        if not piece:
            open_ends.discard(end)
        elif end == master:
            screen += piece
        else:
            stdout += piece
    while steps and (at := screen.find(steps[0][0].encode(), seen)) >= 0:
        waited_for, typed = steps.pop(0)
        seen = at + len(waited_for.encode())
        try:
            os.write(master, typed.encode())
        except OSError:
            pass
if open_ends:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
print(
    json.dumps(
        {
            "code": os.waitstatus_to_exitcode(status),
            "stdout": stdout.decode("utf8", "replace"),
            "screen": screen.decode("utf8", "replace"),
            "missed": [waited_for for waited_for, _ in steps],
        }
    )
)
