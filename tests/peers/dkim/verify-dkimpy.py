"""Reads a message from stdin and prints "ALGORITHM RESULT" for each of its signatures, by dkimpy. Argument: a file of "NAME VALUE" lines, which is DNS."""
import re
import sys

import dkim

with open(sys.argv[1]) as lines:
    records = dict(line.rstrip("\n").split(" ", 1) for line in lines)


def look_up(name, timeout=5):
    return records.get(name.decode().rstrip("."), "").encode()


message = sys.stdin.buffer.read()
algorithms = re.findall(rb"^DKIM-Signature:[^;]*; a=([^;]+);", message, re.MULTILINE)
for index, algorithm in enumerate(algorithms):
    try:
        passed = dkim.DKIM(message).verify(idx=index, dnsfunc=look_up)
    except dkim.DKIMException as error:
        print(error, file=sys.stderr)
        passed = False
    print(algorithm.decode(), "pass" if passed else "fail")
