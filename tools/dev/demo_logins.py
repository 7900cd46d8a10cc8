"""Prints who one can log in as in the demo community: demo_logins.py people.json"""

import json
import sys

WHO = (
    ("admin", "administrator"),
    ("mod", "moderator"),
    ("advisor", "advisor, the brand's staff"),
    ("customer", "customer"),
    ("english", "customer who reads English"),
)

with open(sys.argv[1], encoding="utf-8") as file:
    people = {person["key"]: person for person in json.load(file)}
for key, role in WHO:
    print(f"  {people[key]['email']:<26} {people[key]['name']}, {role}")
