"""For tests and tools: starts a fake as a process of its own and talks to its control port.

    with FakeGraph(seed=3) as fake:
        post = fake.do("post", message="Bonjour")["id"]
        fake.get("state")
"""
import http.client
import json
import pathlib
import subprocess
import sys
import urllib.parse

PROGRAM = pathlib.Path(__file__).parent


class ControlRefused(Exception):
    pass


class Control:
    """The control port at a URL; one connection, opened again when it broke."""

    def __init__(self, url, timeout_seconds=60):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.timeout_seconds = timeout_seconds
        self.connection = None

    def request(self, method, path, body=None):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port,
                                                             timeout=self.timeout_seconds)
            try:
                self.connection.request(method, path, body)
                answer = self.connection.getresponse()
                content = answer.read()
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt == 2:
                    raise
                continue
            found = json.loads(content)
            if answer.status != 200:
                raise ControlRefused(found.get("error"))
            return found
        raise ControlRefused("no answer")

    def do(self, name, /, **arguments):
        return self.request("POST", f"/_ctl/{name}", json.dumps(arguments))

    def get(self, name, /, **arguments):
        query = "?" + urllib.parse.urlencode(arguments) if arguments else ""
        return self.request("GET", f"/_ctl/{name}{query}")

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class FakeGraph(Control):
    """A running fake; `config` is what its first line said. Options as on its command
    line: FakeGraph(seed=3, page_name="Tramelune", living=True)."""

    def __init__(self, **options):
        arguments = []
        for name, value in options.items():
            arguments.append("--" + name.replace("_", "-"))
            if value is not True:
                arguments.append(str(value))
        self.process = subprocess.Popen([sys.executable, PROGRAM, *arguments],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the fake ended with {self.process.wait()}")
        self.config = json.loads(line)
        super().__init__(self.config["control"])

    def stop(self):
        self.close()
        self.process.terminate()
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
