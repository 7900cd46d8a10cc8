"""functions.sql reads some settings in SQL: its defaults must be the table's."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_defaults_in_sql_are_those_of_the_table():
    table = (ROOT / "src/forum/site_setting_table.h").read_text()
    defaults = dict(re.findall(r'SITE_NUMBER\(\w+, "([a-z_.0-9]+)", (-?\d+),', table))
    sql = (ROOT / "migrations/functions.sql").read_text()
    asked = re.findall(r"site_setting_number\('([a-z_.0-9]+)', (-?\d+)\)", sql)
    assert len(asked) >= 10
    for name, default in asked:
        assert defaults.get(name) == default, f"{name}: {default} in functions.sql, {defaults.get(name)} in the table"
