"""Runs the commands of the README's section "Two commands" and compares what they print with what it says.

    readme.py README.md HTTP_ADDRESS GRPC_ADDRESS

Ids, times and tokens differ from run to run, and are compared as such.
"""

import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

HTTP, GRPC = "127.0.0.1:8080", "127.0.0.1:50051"
VARYING = [
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r"Date: .*", "Date: <time>"),
    (r'("resume_token": ")[^"]*"', r'\1<token>"'),
    (r"^id: \S+", "id: <token>"),
]


def main(readme, http, grpc):
    section = re.search(r"\n## Two commands\n(.*?)\n## ", pathlib.Path(readme).read_text(), re.S).group(1)
    ran = differs = 0
    for block in re.findall(r"```console\n(.*?)```", section, re.S):
        files = {}
        for command, said in re.findall(r"\$ (.*(?:\n    .*)*)\n((?:(?!\$ ).*\n)*)", block):
            if command.startswith("cat "):
                files[command.removeprefix("cat ")] = said
            elif command.startswith("./eventbus schema"):
                print(f"left out, for it has no files: {command}")
            else:
                ran += 1
                differs += not same(command, said, run(command, files, http, grpc))
    if not ran:
        sys.exit("no command was found")
    sys.exit(f"{differs} of {ran} commands print something else" if differs else 0)


def run(command, files, http, grpc):
    """Runs a command with the bus's addresses in the place of the usual ones, and patience."""
    command = command.replace("./eventbus tail", f"./eventbus tail --server {grpc}")
    command = command.replace("curl -sN", "curl -sN -m 8").replace("-max-time 3", "-max-time 8")
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            path = pathlib.Path(directory, name)
            path.write_text(content)
            command = command.replace(f"@{name}", f"@{path}")
        ran = subprocess.run(
            command.replace(HTTP, http).replace(GRPC, grpc),
            shell=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    return ran


def same(command, said, ran):
    said, printed = plain(said), plain(ran.stdout)
    print(("as it says: " if said == printed else "differs: ") + command.splitlines()[0])
    if said != printed:
        print("\n".join(difflib.unified_diff(said, printed, "README", "printed", lineterm="")))
        print(ran.stderr)
    return said == printed


def plain(text):
    for pattern, instead in VARYING:
        text = re.sub(pattern, instead, text, flags=re.M)
    return [line.rstrip() for line in text.strip().splitlines()]


if __name__ == "__main__":
    main(*sys.argv[1:])
