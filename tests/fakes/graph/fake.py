"""All parts together: one Fake is one Facebook, with its three ports.

  graph     what the client under test talks to
  media     the host that pictures' addresses point at
  control   /_ctl/…, and the Page as a web page at /
"""
import asyncio
import ssl

from . import settings as defaults
from .account import Subscriptions
from .acts import Acts
from .calllog import CallLog
from .clock import Clock
from .control import Control
from .faults import Faults
from .graph import Graph
from .http1 import Server
from .media import Media
from .state import World
from .tokens import Tokens
from .usage import Usage
from .webhooks import Sender
from .writing import WriteRules

FIELDS = ("feed", "mention", "ratings")


class Fake:
    def __init__(self, options):
        """options: the attributes of server.py's arguments."""
        self.options = options
        self.tls = None
        if options.certificate:
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.tls.load_cert_chain(options.certificate, options.key)
        self.scheme = "https" if self.tls else "http"
        self.permalink_base = options.permalink_base
        self.clock = Clock(options.clock)
        self.settings = defaults.fresh()
        self.background = []
        self.sender = None
        self.reset(options.seed)
        self.graph_server = Server(lambda request: self.graph.answer(request),
                                   gzip_offered=lambda: self.settings["gzip"])
        self.media_server = Server(lambda request: self.media.answer(request))
        self.control_server = Server(lambda request: self.control.answer(request))

    def reset(self, seed):
        """A new, empty world; ports, clock and the ids given at the start stay."""
        options = self.options
        self.clock.waiting.clear()
        self.settings.clear()
        self.settings.update(defaults.fresh())
        self.world = World(seed, options.page, options.page_name)
        self.tokens = Tokens(options.app, options.secret, options.app_name)
        self.usage = Usage(self.settings, self.clock, options.page)
        self.faults = Faults(seed)
        self.log = CallLog(self.clock)
        self.subscriptions = Subscriptions(seed)
        self.write_rules = WriteRules(self.settings, self.clock)
        base_url = self.media.base_url if hasattr(self, "media") else ""
        self.media = Media(self.world, self.clock, self.settings, options.secret)
        self.media.base_url = base_url
        self.sender = Sender(self.world, self.clock, self.settings, self.subscriptions,
                             options.app, options.secret)
        self.acts = Acts(self.world, self.clock, self.media,
                         lambda page, field, value: self.sender.emit(page, field, value))
        self.graph = Graph(self)
        self.control = Control(self)
        self.make_tokens()
        if options.callback:
            self.subscribe(options.callback, options.verify_token or "")

    def make_tokens(self):
        now = self.clock.now()
        self.admin = self.world.add_person("Camille Admin")
        self.user_token = self.tokens.make("USER", now, text=self.options.user_token,
                                           person_id=self.admin.id)
        self.page_token = self.tokens.make("PAGE", now, text=self.options.page_token,
                                           person_id=self.admin.id, page_id=self.world.page.id)
        self.system_token = self.tokens.make("SYSTEM_USER", now, person_id=self.admin.id)

    def subscribe(self, callback_url, verify_token, fields=FIELDS):
        """Both layers on, as if set up long ago."""
        self.subscriptions.set("page", callback_url, fields, verify_token)
        self.world.page.subscribed[self.options.app] = list(fields)

    async def start(self):
        await self.graph_server.start(self.options.host, self.options.port, self.tls)
        await self.media_server.start(self.options.host, self.options.media_port, self.tls)
        await self.control_server.start(self.options.host, self.options.control_port)
        self.media.base_url = f"{self.scheme}://{self.options.host}:{self.media_server.port}"
        for forever in (self.clock.keep, self.keep_sending):
            self.background.append(asyncio.get_running_loop().create_task(forever()))

    async def keep_sending(self):
        """The sender of the present world; reset() puts another in its place."""
        while True:
            sender = self.sender
            task = asyncio.get_running_loop().create_task(sender.keep())
            try:
                while self.sender is sender:
                    await asyncio.sleep(0.05)
            finally:
                task.cancel()

    async def stop(self):
        for task in self.background:
            task.cancel()
        for server in (self.graph_server, self.media_server, self.control_server):
            await server.stop()

    def describe(self):
        """What a client needs to be configured with, and whoever plays with it."""
        host = self.options.host
        return {"graph": f"{self.scheme}://{host}:{self.graph_server.port}",
                "media": self.media.base_url,
                "control": f"http://{host}:{self.control_server.port}",
                "app_id": self.options.app, "app_secret": self.options.secret,
                "page_id": self.world.page.id, "page_name": self.world.page.name,
                "page_token": self.page_token.text, "user_token": self.user_token.text,
                "system_user_token": self.system_token.text,
                "app_token": f"{self.options.app}|{self.options.secret}",
                "callback": self.options.callback, "verify_token": self.options.verify_token,
                "seed": self.world.seed}
