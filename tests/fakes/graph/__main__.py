#!/usr/bin/python3
"""python3 tests/fakes/graph --help"""
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
# Started as a folder, Python puts the folder itself first; its files are a package's.
sys.path[0] = str(FOLDER.parent)

from graph.server import main  # noqa: E402

main()
