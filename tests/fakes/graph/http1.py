"""HTTP/1.1 over asyncio, as little of it as a stand-in needs: a server that can
also misbehave on demand, and a client for webhooks.

A handler takes a Request and returns a Response (or awaits one). Responses may
ask for what no decent server does: closing before or within the body, dripping it,
or going on for hundreds of megabytes.
"""
import asyncio
import gzip
import http
import ssl
import urllib.parse

HEAD_MAX_BYTES = 64 * 1024
BODY_MAX_BYTES = 64 * 1024 * 1024
GZIP_MIN_BYTES = 1024


class Request:
    __slots__ = ("method", "target", "path", "query", "headers", "body")

    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        path, _, self.query = target.partition("?")
        self.path = urllib.parse.unquote(path)
        self.headers = headers
        self.body = body

    def parameters(self):
        """Query and form body together; the body wins. Files are left to form.py."""
        values = dict(urllib.parse.parse_qsl(self.query, keep_blank_values=True))
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            values.update(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"),
                                                 keep_blank_values=True))
        return values


class Response:
    __slots__ = ("status", "headers", "body", "close", "cut", "stream")

    def __init__(self, status=200, body=b"", headers=None, *, content_type=None):
        self.status = status
        self.headers = dict(headers or {})
        if content_type:
            self.headers["Content-Type"] = content_type
        self.body = body.encode("utf-8", "replace") if isinstance(body, str) else body
        self.close = False   # hang up without a word
        self.cut = False     # hang up in the middle of the body
        self.stream = None   # (length, async iterator) instead of body


class BadRequest(Exception):
    pass


async def read_head(reader):
    """The first line and the headers (names in lower case); None at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None, None
    except asyncio.LimitOverrunError as error:
        raise BadRequest("head too large") from error
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return lines[0], headers


async def read_body(reader, headers, *, until_end=False):
    if "chunked" in headers.get("transfer-encoding", "").lower():
        parts = []
        while size := int((await reader.readline()).split(b";")[0] or b"0", 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        while (await reader.readline()).strip():
            pass
        return b"".join(parts)
    if "content-length" in headers:
        length = int(headers["content-length"])
        if length > BODY_MAX_BYTES:
            raise BadRequest("body too large")
        return await reader.readexactly(length)
    return await reader.read(BODY_MAX_BYTES) if until_end else b""


def encode(response, accepts_gzip, head_only=False):
    """The bytes of a response, and how many of them are its head."""
    content = response.body
    headers = response.headers
    if accepts_gzip and len(content) >= GZIP_MIN_BYTES and "Content-Encoding" not in headers:
        content = gzip.compress(content, 1)
        headers["Content-Encoding"] = "gzip"
    length = response.stream[0] if response.stream else len(content)
    if length is not None:
        headers.setdefault("Content-Length", str(length))
    try:
        reason = http.HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {response.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
    return head, b"" if head_only or response.status in (204, 304) else content


class Server:
    """Listens on one address and hands each request to handler."""

    def __init__(self, handler, *, gzip_offered=None):
        self.handler = handler
        self.gzip_offered = gzip_offered or (lambda: False)
        self.listening = None
        self.port = 0
        self.writers = set()

    async def start(self, host, port, tls=None):
        self.listening = await asyncio.start_server(self.serve, host, port, limit=HEAD_MAX_BYTES,
                                                    ssl=tls)
        self.port = self.listening.sockets[0].getsockname()[1]  # 0 was "any"

    async def stop(self):
        self.listening.close()
        for writer in list(self.writers):
            writer.transport.abort()
        await self.listening.wait_closed()

    async def serve(self, reader, writer):
        self.writers.add(writer)
        try:
            while await self.serve_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, BadRequest, ValueError,
                asyncio.TimeoutError):
            pass
        finally:
            self.writers.discard(writer)
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def serve_one(self, reader, writer):
        line, headers = await read_head(reader)
        if line is None:
            return False
        method, target, _ = line.split(" ", 2)
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = Request(method, target, headers, await read_body(reader, headers))
        response = self.handler(request)
        if asyncio.iscoroutine(response):
            response = await response
        if response.close:
            writer.transport.abort()
            return False
        accepts = self.gzip_offered() and "gzip" in headers.get("accept-encoding", "")
        head, content = encode(response, accepts, method == "HEAD")
        if response.cut:
            writer.write(head + content[: len(content) // 2])
            await writer.drain()
            return False
        writer.write(head + content)
        if response.stream and method != "HEAD":
            async for chunk in response.stream[1]:
                writer.write(chunk)
                await writer.drain()
        await writer.drain()
        return headers.get("connection", "").lower() != "close" and not response.stream


class Client:
    """One connection kept open to one host; what a webhook sender has."""

    def __init__(self, timeout_seconds=10):
        self.timeout_seconds = timeout_seconds
        self.place = None
        self.reader = self.writer = None

    async def request(self, method, url, headers=None, body=b""):
        """(status, headers, body); OSError or asyncio.TimeoutError when nobody answers."""
        return await asyncio.wait_for(self.exchange(method, url, headers or {}, body),
                                      self.timeout_seconds)

    async def exchange(self, method, url, headers, body):
        parts = urllib.parse.urlsplit(url)
        place = (parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", "Accept: */*"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
        for fresh in (False, True):  # a kept connection may have been closed meanwhile
            if fresh or self.writer is None or self.place != place:
                await self.connect(place)
                fresh = True
            try:
                self.writer.write(raw)
                await self.writer.drain()
                line, answer = await read_head(self.reader)
                if line is None:
                    raise ConnectionResetError("no answer")
                content = await read_body(self.reader, answer, until_end=True)
            except (ConnectionError, asyncio.IncompleteReadError, ValueError) as error:
                self.close()
                if fresh:
                    raise ConnectionResetError(str(error)) from error
                continue
            except BaseException:
                self.close()
                raise
            if answer.get("connection", "").lower() == "close" or "content-length" not in answer:
                self.close()
            return int(line.split(" ")[1]), answer, content
        raise ConnectionResetError("no answer")

    async def connect(self, place):
        self.close()
        scheme, host, port = place
        context = None
        if scheme == "https":
            context = ssl.create_default_context()
            if host in ("localhost", "127.0.0.1", "::1"):  # a developer's own certificate
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
        self.reader, self.writer = await asyncio.open_connection(host, port, ssl=context)
        self.place = place

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
