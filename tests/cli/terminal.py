"""terminal.py - the real binary on a real terminal (pty), and an editor that does what a test wrote down."""
import os
import pty
import select
import signal
import struct
import fcntl
import termios
import time

import kit


class Terminal:
    """One run of the command: what the person sees, types, and the exit code."""

    def __init__(self, *args, columns=200, rows=40, **env):
        self.seen = b""
        self.at = 0
        self.code = None
        e = kit.environment(**{"TERM": "xterm", "PAGER": "", **env})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(kit.BIN, [kit.BIN, *args], e)

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += piece
        return bool(piece)

    def expect(self, text, seconds=30):
        """Waits until the text stands there, behind what was expected before."""
        want, end = text.encode(), time.time() + seconds
        while want not in self.seen[self.at:] and time.time() < end:
            self.read(0.1)
        assert want in self.seen[self.at:], "no %r in:\n%s" % (text, self.seen.decode(errors="replace"))
        self.at = self.seen.index(want, self.at) + len(want)
        return self

    def type(self, text):
        os.write(self.fd, text.encode())
        return self

    def end(self, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                while self.read(0.05):
                    pass
                os.close(self.fd)
                self.code = os.waitstatus_to_exitcode(status)
                if any(word in self.seen for word in kit.SANITIZERS):
                    raise AssertionError(self.seen.decode(errors="replace"))
                return self.code
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("it does not end:\n" + self.seen.decode(errors="replace"))

    @property
    def text(self):
        return self.seen.decode(errors="replace").replace("\r\n", "\n")


class Editor:
    """An editor named vi: at its n-th start it runs the n-th piece of shell on $FILE. The arguments are written down."""

    def __init__(self, *steps):
        self.dir = kit.folder("editor")
        os.mkdir(self.dir)
        self.path = self.dir + "/vi"
        with open(self.path, "w") as f:
            f.write('#!/bin/sh\nfor FILE; do :; done\ncd "%s"\necho "$*" >>args\nn=$(wc -l <args)\n. ./$n.sh\n' % self.dir)
        os.chmod(self.path, 0o755)
        for i, step in enumerate(steps):
            with open("%s/%d.sh" % (self.dir, i + 1), "w") as f:
                f.write(step + "\n")

    @property
    def starts(self):
        return kit.read(self.dir + "/args").splitlines()

    def keep(self, n):
        """What was in the file when the step `cp "$FILE" seenN` ran."""
        return kit.read("%s/seen%d" % (self.dir, n))


def replace(old, new):
    """A step: one text for another, in the file."""
    for c in (old, new):
        assert "|" not in c and "'" not in c
    return "sed -i 's|%s|%s|' \"$FILE\"" % (old, new)
