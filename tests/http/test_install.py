"""make install, for a server: what lands where, and that nginx takes its files."""

import os
import pathlib
import re
import subprocess

import pytest

from support.site import free_port

BUILD = pathlib.Path(os.environ.get("ENTRAIDE_TEST_BUILD", "/nonexistent"))


def make(target, folder):
    done = subprocess.run(
        ["make", "-s", "-C", str(BUILD), target, f"DESTDIR={folder}"],
        capture_output=True, encoding="utf-8", timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(site, tmp_path_factory):
    """The folder that stands for the server's /; and what the prefix is there."""
    folder = tmp_path_factory.mktemp("server")
    make("install", folder)
    return folder, folder / str(site.prefix()).lstrip("/")


def test_everything_lands_below_destdir(installed):
    _, prefix = installed
    for path in (
        "bin/entraide",
        "lib/systemd/system/entraide-web.service",
        "lib/systemd/system/entraide-worker.service",
        "lib/systemd/system/entraide-migrate.service",
        "share/doc/entraide/operations.md",
        "share/entraide/migrations/0001_forum.sql",
        "share/entraide/migrations/functions.sql",
        "share/entraide/nginx/site.conf",
        "share/entraide/nginx/site.conf.in",
        "share/entraide/static/app.js.br",
        "share/entraide/static/errors/503.html.br",
        "share/entraide/static/errors/503.html.gz",
        "share/entraide/theme/theme.css",
        "share/locale/fr/LC_MESSAGES/entraide-fr.mo",
    ):
        assert (prefix / path).is_file(), path


def test_no_place_is_left_to_fill_in(installed):
    _, prefix = installed
    files = [*(prefix / "share/entraide/nginx").glob("*.conf"),
             *(prefix / "lib/systemd/system").glob("*.service")]
    assert len(files) > 8
    for file in files:
        assert not re.search(r"@[a-z_]+@", file.read_text()), file


def test_nginx_takes_the_installed_site(installed):
    """As it would stand in a server's http { }; only the certificate is not there."""
    folder, prefix = installed
    nginx = prefix / "share/entraide/nginx"
    site = (nginx / "site.conf").read_text()
    site = re.sub(r"include \S+/listen\.conf;", f"listen 127.0.0.1:{free_port()};", site)
    site = site.replace("/var/log/nginx/", f"{folder}/")
    # The folder of docs/operations.md, which the worker may read and nginx's master writes.
    crawl = re.search(r"access_log (\S+)/log/entraide/crawl\.log entraide_crawl ", site)[1]
    site = site.replace(f"{crawl}/log/entraide/", f"{folder}/")
    work = folder / "nginx-work"
    work.mkdir()
    # The folder of docs/operations.md, and a path that is short enough for a socket.
    site = re.sub(r"unix:\S+/entraide-purge.sock", f"unix:{work}/p", site)
    cache = re.search(r"root (\S+/cache/entraide)/generation", site)[1]
    site = site.replace(cache, f"{work}/c")
    (work / "c").mkdir()
    (work / "site.conf").write_text(site)
    (work / "nginx.conf").write_text(
        "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\n"
        "load_module /usr/lib/nginx/modules/ngx_http_cache_purge_module.so;\n"
        f"include {nginx}/main.conf;\n"
        f"pid {work}/pid; error_log {work}/log; events {{}}\n"
        f"http {{ client_body_temp_path {work}; fastcgi_temp_path {work};"
        f" proxy_temp_path {work}; uwsgi_temp_path {work}; scgi_temp_path {work};"
        f" include {work}/site.conf; }}\n"
    )
    done = subprocess.run(
        ["nginx", "-t", "-p", str(work), "-e", f"{work}/log", "-c", f"{work}/nginx.conf"],
        capture_output=True, encoding="utf-8",
        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_uninstall_leaves_nothing(installed):
    folder, prefix = installed
    make("uninstall", folder)
    left = [path for path in prefix.rglob("*") if path.is_file()]
    assert not left
