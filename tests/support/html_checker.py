"""The Nu HTML checker, on a folder of pages."""

import json
import subprocess

from support.site import NPM

JAR = NPM / "vnu-jar" / "build" / "dist" / "vnu.jar"

# It runs for less than a minute beside other tests: the second compiler and several collectors
# of garbage would take more of the processors than they give back.
QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def complaints(folder, seconds=300):
    """Errors and warnings on every .html file there, as the checker words them: a list of
    dictionaries (url, message, extract …). All in one start of the Java machine, which takes
    longer than the pages."""
    judged = subprocess.run(
        ["java", "-Xss4m", *QUICK_JAVA, "-jar", str(JAR), "--format", "json", "--exit-zero-always",
         "--skip-non-html", str(folder)],
        capture_output=True, encoding="utf-8", timeout=seconds,
    )
    return [message for message in json.loads(judged.stderr)["messages"]
            if message["type"] == "error" or message.get("subType") == "warning"]
