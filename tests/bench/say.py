"""What the person at the terminal reads while it works."""


class Failure(Exception):
    """What went wrong, as a sentence; the bench ends."""


def step(text):
    print(f"  {text} …", flush=True)
