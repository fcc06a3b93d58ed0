#!/usr/bin/env python3
"""with_flags.py BUILD COMPILER FLAG... FILE: runs COMPILER with the FLAGs over
FILE, with the include paths, defines and warnings of BUILD's compile
commands."""

import json
import os
import shlex
import sys

build, compiler, *flags, file = sys.argv[1:]
with open(os.path.join(build, "compile_commands.json")) as commands:
    entries = [e for e in json.load(commands)
               if os.path.samefile(e["file"], file)]
if not entries:
    sys.exit(f"{file}: is not compiled; run cmake again")
words = shlex.split(entries[0]["command"])
kept = []
for word, following in zip(words, words[1:] + [""]):
    if word.startswith(("-I", "-D", "-std=", "-W")):
        kept.append(word)
    elif word == "-isystem":
        kept += [word, following]
# prometheus-cpp and others name what gcc alone knows.
kept.append("-Wno-unknown-warning-option")
os.execvp(compiler, [compiler, *kept, *flags, file])
