"""Somebody who uses the site by HTTP: cookies, forms, sign-up, login."""

import urllib.parse

import requests
from requests.adapters import HTTPAdapter

from support.page import Page


class Answer:
    """A response; `.page` is its HTML, parsed once it is asked for."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.address = urllib.parse.urlsplit(response.url)
        self._page = None

    @property
    def text(self):
        return self.response.content.decode("utf-8")

    @property
    def page(self):
        if self._page is None:
            self._page = Page(self.text, self.path)
        return self._page

    @property
    def path(self):
        return self.address.path

    @property
    def is_html(self):
        return self.headers.get("Content-Type", "").startswith("text/html")

    def json(self):
        return self.response.json()

    def __repr__(self):
        return f"<{self.status} {self.response.request.method} {self.response.url}>"


class _From(HTTPAdapter):
    """Connects from an address of its own (all of 127.0.0.0/8 is loopback)."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


class Visitor:
    """site: support.site.Site. language: what the browser asks for.

    address: where the connections come from; 127.0.0.1 is not limited by nginx.
    """

    def __init__(self, site, language="en", address=None):
        self.site = site
        self.person = None
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = language
        self.session.headers["User-Agent"] = "entraide-tests"
        if address:
            self.session.mount("http://", _From(address))

    def get(self, path, follow=True, **options):
        return self._send("GET", path, follow, options)

    def head(self, path, follow=False, **options):
        return self._send("HEAD", path, follow, options)

    def post(self, path, data=None, follow=True, **options):
        """Posts exactly that; `submit` is what a person does."""
        options["data"] = data
        headers = {"Origin": self.site.url}
        headers.update(options.pop("headers", None) or {})
        options["headers"] = headers
        return self._send("POST", path, follow, options)

    def request(self, method, path, follow=False, **options):
        return self._send(method, path, follow, options)

    def _send(self, method, path, follow, options):
        url = path if path.startswith("http") else self.site.url + path
        options.setdefault("timeout", 30)
        response = self.session.request(method, url, allow_redirects=follow, **options)
        answer = Answer(response)
        self.site.keep_page(answer)
        return answer

    def submit(self, page, action, follow=True, without=(), **fields):
        """Fills in and sends the page's form of that action.

        page: an Answer or Page, or a path to get it from. Hidden fields (token,
        key) go along as they stand; `without` leaves some out.
        """
        if isinstance(page, str):
            page = self.get(page)
        if isinstance(page, Answer):
            page = page.page
        form = page.form(action)
        data = {**form.fields, **fields}
        for name in without:
            data.pop(name, None)
        assert form.method == "post", f"{form.action} is not sent by POST"
        return self.post(form.action, data, follow=follow)

    def sign_up(self, name, email, password, **fields):
        """The form of /signup, consent given. The mail with the link follows."""
        return self.submit(
            "/signup", "/signup", name=name, email=email, password=password,
            **{"consent": "1", **fields},
        )

    def confirm(self, mail):
        """Opens the mailed link and presses the button there: a scanner that only
        follows links confirms nothing."""
        link = mail.link("/confirm")
        return self.submit(self.get(link), "/confirm")

    def login(self, person, password=None):
        answer = self.submit(
            "/login", "/login", email=person.email, password=password or person.password
        )
        self.person = person if answer.status == 200 else None
        return answer

    def logout(self):
        answer = self.submit("/", "/logout")
        self.person = None
        return answer
