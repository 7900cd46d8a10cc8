"""The systemd units: valid, and closed as far as they can be."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def unit_with_its_paths(name, folder):
    text = (ROOT / "systemd" / name).read_text()
    for place, path in (
        ("@bindir@", "/bin"),
        ("@sysconfdir@", "/etc/entraide"),
        ("@docdir@", "/usr/share/doc/entraide"),
    ):
        text = text.replace(place, path)
    assert "@" not in re.sub(r"@[a-z-]+$|~?@\w+", "", text), "a place was not filled in"
    # A program that exists, for systemd-analyze looks whether it can be run.
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M)
    copy = folder / name
    copy.write_text(text)
    return copy


@pytest.mark.parametrize(
    "name, most",
    [
        ("entraide-web.service", 1.0),
        ("entraide-worker.service", 1.5),
        ("entraide-migrate.service", 3.0),
    ],
)
def test_units_are_valid_and_expose_little(name, most, tmp_path):
    try:
        judged = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager",
             str(unit_with_its_paths(name, tmp_path))],
            capture_output=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
    except FileNotFoundError:
        pytest.skip("systemd-analyze is not on this machine")
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged.stdout)
    assert exposure, judged.stdout + judged.stderr
    assert float(exposure.group(1)) <= most
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True,
    )
    complaints = [line for line in verified.stderr.splitlines() if name in line]
    assert not complaints
