"""One FastCGI request to a socket, for what nginx would not let through or would
not ask for: another host, https, a body cut short.
"""

import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR = 1, 2, 3, 4, 5, 6, 7


def record(kind, content=b"", request=1):
    return struct.pack("!BBHHBx", 1, kind, request, len(content), 0) + content


def _length(number):
    return bytes([number]) if number < 128 else struct.pack("!I", number | 0x80000000)


def _pairs(parameters):
    out = b""
    for name, value in parameters.items():
        name, value = name.encode(), value.encode()
        out += _length(len(name)) + _length(len(value)) + name + value
    return out


def exchange(path, sent, seconds=10):
    """Sends bytes; what the other side wrote on its standard output."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        connection.connect(str(path))
        connection.sendall(sent)
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            pass
    out = b""
    while len(received) >= 8:
        _, kind, _, length, padding = struct.unpack("!BBHHBx", received[:8])
        if kind == STDOUT:
            out += received[8:8 + length]
        received = received[8 + length + padding:]
    return out


class Response:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.lines = head.decode().split("\r\n")
        self.status = int(self.all("Status")[0].split()[0]) if self.all("Status") else 200

    def all(self, name):
        """Every value of that header."""
        start = name.lower() + ":"
        return [line[len(start):].strip() for line in self.lines if line.lower().startswith(start)]

    def get(self, name):
        (value,) = self.all(name)
        return value


def request(path, method, uri, body="", **headers):
    """headers: HTTP_COOKIE="…" and other parameters as FastCGI names them."""
    parameters = {
        "REQUEST_METHOD": method, "REQUEST_URI": uri, "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body.encode())) if body else "",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        **headers, "ENTRAIDE_PARAMS_END": "1",
    }
    begin = record(BEGIN, struct.pack("!HB5x", 1, 0))
    sent = begin + record(PARAMS, _pairs(parameters)) + record(PARAMS)
    if body:
        sent += record(STDIN, body.encode())
    return Response(exchange(path, sent + record(STDIN)))
