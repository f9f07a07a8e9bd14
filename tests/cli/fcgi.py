"""fcgi.py - the running plugin, and just enough of FastCGI to ask it over its socket."""
import json
import os
import signal
import socket
import struct
import subprocess
import time

import kit

PLUGIN = os.path.join(os.path.dirname(os.path.dirname(kit.BIN)), "plugin/aftercare-plugin")


def record(kind, body):
    return struct.pack(">BBHHBx", 1, kind, 1, len(body), 0) + body


def pair(name, value):
    n, v = name.encode(), value.encode()
    return struct.pack(">II", len(n) | 0x80000000, len(v) | 0x80000000) + n + v


class Plugin:
    def __init__(self, state):
        self.dir = kit.folder("plugin")
        os.mkdir(self.dir)
        self.socket = self.dir + "/s"
        self.log = open(self.dir + "/log", "wb")
        self.process = subprocess.Popen([PLUGIN, "--state", state, "--socket", self.socket, "--threads", "2"],
                                        stdin=subprocess.DEVNULL, stderr=self.log, env=kit.environment())
        end = time.time() + 30
        while not os.path.exists(self.socket):
            assert self.process.poll() is None and time.time() < end, kit.read(self.dir + "/log")
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()
        text = kit.read(self.dir + "/log").encode()
        assert not any(word in text for word in kit.SANITIZERS), text.decode()

    def ask(self, method, path, body=None, user="module", role="system"):
        data = b"" if body is None else json.dumps(body).encode()
        params = {"REQUEST_METHOD": method, "REQUEST_URI": path, "CONTENT_TYPE": "application/json",
                  "CONTENT_LENGTH": str(len(data)), "AFTERCARE_USER": user, "AFTERCARE_ROLE": role,
                  "AFTERCARE_SITE": "default"}
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(30)
        s.connect(self.socket)
        s.sendall(record(1, struct.pack(">HB5x", 1, 0)) + record(4, b"".join(pair(k, v) for k, v in params.items())) +
                  record(4, b"") + (record(5, data) if data else b"") + record(5, b""))
        got = b""
        while piece := s.recv(65536):
            got += piece
        s.close()
        out = b""
        while len(got) >= 8:
            kind, length, padding = got[1], int.from_bytes(got[4:6], "big"), got[6]
            out += got[8:8 + length] if kind == 6 else b""
            got = got[8 + length + padding:]
        head, _, text = out.partition(b"\r\n\r\n")
        status = 200
        for line in head.decode().split("\r\n"):
            if line.lower().startswith("status:"):
                status = int(line.split()[1])
        return status, json.loads(text) if text[:1] == b"{" else text

    def visit(self, n, revision=1, code="PEEL", system="LOCAL", **encounter):
        """One visit of one invented patient; the answer of the plugin."""
        body = {"schema": "aftercare/encounter/1", "source": {"system": "test", "site": "default"},
                "encounter": {"id": "v%d" % n, "revision": revision, "status": "finished", "start": "2026-03-28T10:00:00+01:00",
                              "end": "2026-03-28T10:40:00+01:00", "zone": "Europe/Berlin", **encounter},
                "patient": {"id": "p%d" % n, "family": "Example"},
                "procedures": [{"id": "b1", "system": system, "code": code, "status": "performed",
                                "performed": "2026-03-28T10:35:00+01:00"}]}
        status, answer = self.ask("PUT", "/aftercare/v1/encounters/default/v%d" % n, body)
        assert status in (200, 201), (status, answer)
        return answer
