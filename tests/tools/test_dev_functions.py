"""The functions behind ./dev that must not be wrong: whom it kills, what it installs."""

import pathlib
import re
import signal
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ("say", "packages", "place", "process", "commands")


def bash(script, folder, root=ROOT):
    """Runs a script after tools/dev's functions; $VAR and $RUN are the folder."""
    sources = "\n".join(f'. "{ROOT}/tools/dev/{name}.sh"' for name in FILES)
    (folder / "log").mkdir(exist_ok=True)
    return subprocess.run(
        ["bash", "-c", f'set -euo pipefail\nROOT="{root}"\n{sources}\n'
         f'VAR="{folder}" RUN="{folder}" SETTINGS="{folder}/settings"\n{script}'],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=60,
    )


@pytest.fixture
def sleeper():
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_a_process_is_started_known_and_stopped(tmp_path):
    done = bash("process_start one sleep 60; process_is_running one; process_pid one; echo;"
                "process_stop one TERM 5; process_is_running one || echo gone", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "gone"
    assert not (tmp_path / "one.pid").exists()


def test_a_process_that_ends_at_once_is_a_failure_with_its_last_words(tmp_path):
    done = bash("process_start one bash -c 'echo my last words; exit 3'", tmp_path)
    assert done.returncode != 0
    assert "my last words" in done.stdout


def test_a_process_that_does_not_stop_is_killed(tmp_path):
    done = bash("process_start one bash -c 'trap \"\" TERM; while :; do sleep 1; done';"
                "process_stop one TERM 1; process_is_running one || echo gone", tmp_path)
    assert "killed" in done.stdout and "gone" in done.stdout


def test_a_process_id_used_again_is_not_ours(tmp_path, sleeper):
    (tmp_path / "one.pid").write_text(f"{sleeper.pid} 1\n")
    done = bash("process_is_running one && echo ours; process_stop one KILL 1", tmp_path)
    assert "ours" not in done.stdout
    assert sleeper.poll() is None, "it was killed"


@pytest.mark.parametrize("content", ["", "garbage\n", "12", "-1 5\n", "99999999 3\n"])
def test_a_broken_pid_file_names_nobody(tmp_path, content):
    (tmp_path / "one.pid").write_text(content)
    done = bash("if process_is_running one; then echo ours; else echo nobody; fi", tmp_path)
    assert done.stdout == "nobody\n"


def test_a_zombie_does_not_run(tmp_path, sleeper):
    started = bash(f"process_started_at {sleeper.pid}", tmp_path).stdout
    (tmp_path / "one.pid").write_text(f"{sleeper.pid} {started}\n")
    script = "if process_is_running one; then echo runs; else echo not; fi"
    assert bash(script, tmp_path).stdout == "runs\n"
    sleeper.send_signal(signal.SIGKILL)
    while "Z" not in pathlib.Path(f"/proc/{sleeper.pid}/stat").read_text().split()[2]:
        pass
    assert bash(script, tmp_path).stdout == "not\n"


def test_missing_packages_are_named_with_their_reason(tmp_path):
    (tmp_path / "tools/dev").mkdir(parents=True)
    (tmp_path / "tools/dev/packages").write_text(
        "# a comment\n\n"
        "run no-such-package-1 what it is for\n"
        "run no-such-package-2 cmd:bash another program will do\n"
        "run bash is there\n"
        "test no-such-package-3 of another group\n"
    )
    done = bash("packages_missing build run", tmp_path, root=tmp_path)
    assert done.stdout == "no-such-package-1 what it is for\n"


def test_the_list_holds_every_package_that_configure_asks_for():
    configure = (ROOT / "configure.ac").read_text()
    wanted = set(re.findall(r"NEED\(\[\w+\], \[[\w-]+\], \[([\w.-]+)\]\)", configure))
    wanted |= set(re.findall(r'missing_packages="\$missing_packages ([\w.-]+)"', configure))
    listed = set(re.findall(r"^build (\S+)", (ROOT / "tools/dev/packages").read_text(), re.M))
    assert len(wanted) > 8
    assert wanted - listed == set()


def test_settings_are_remembered(tmp_path):
    (tmp_path / "settings").touch()
    done = bash("setting_put prefix '/a path/with = and &'; setting_put port 1; setting_put port 2;"
                "setting prefix; echo; setting port; echo; setting none default", tmp_path)
    assert done.stdout.splitlines() == ["/a path/with = and &", "2", "default"]


def test_options_are_read_in_both_forms_and_the_rest_kept(tmp_path):
    script = """
    command_try() {
        options_take port= empty ... -- "$@"
        printf '%s|' "$(option port none)" "$(option empty no)" "${REST[@]}"
    }
    """
    assert bash(script + "command_try --port 80 a --empty", tmp_path).stdout == "80|yes|a|"
    assert bash(script + "command_try --port=81 -- --empty", tmp_path).stdout == "81|no|--empty|"
    assert bash(script + "command_try --other x", tmp_path).stdout == "none|no|--other|x|"
    done = bash(script + "command_try --port", tmp_path)
    assert done.returncode == 1 and "--port needs a value" in done.stderr


@pytest.mark.parametrize("processors, early, beside", [
    (1, "", ("", "", "")),
    (2, " browser", (" browser", " browser", " http")),
    (4, " browser http", (" browser http", " browser", " http")),
])
def test_long_parts_have_others_beside_them(tmp_path, processors, early, beside):
    script = f"""
    . "{ROOT}/tools/dev/test.sh"
    nproc() {{ echo {processors}; }}
    test_begin_part() {{ printf ' %s' "$1"; }}
    for front in $TEST_PARTS; do
        begun=$(test_begin_beside "$front" $TEST_PARTS)
        [[ " $TEST_LONG " != *" $front "* ]] && [ -z "$begun" ] || echo "$front:$begun"
    done
    echo "alone:$(test_begin_beside simulation simulation)"
    """
    done = bash(script, tmp_path)
    late = [f"{front}:{names}" for front, names in zip(("simulation", "http", "browser"), beside)]
    first = [f"{front}:{early}" for front in ("tools", "crisis", "convergence")]
    assert done.stdout.splitlines() == [*first, *late, "alone:"], done.stderr
