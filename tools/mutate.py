"""Break the code in one small place at a time, and tell which breaks no test noticed.

python -m tools.mutate                 a sample over rights, services and live work
python -m tools.mutate tutor/policy.py --of 200 --seed 3

The tree is copied, so that nothing here changes, and the copy's server processes run the broken code too. A break that
survives is a question, not a fault: a missing test, dead code, or a change that means the same.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from tools.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent
# What each part promises is tested there; a path that fits several takes the first.
TESTED_BY: Mapping[str, tuple[str, ...]] = {
    "tutor/policy.py": (
        "tests/test_policy.py",
        "tests/house/test_matrix.py",
        "tests/classes",
        "tests/review",
        "tests/chat",
    ),
    "tutor/accounts/services.py": ("tests/accounts", "tests/welcome"),
    "tutor/classrooms/*.py": ("tests/classrooms", "tests/classes", "tests/welcome", "tests/accounts"),
    "tutor/conversations/*.py": ("tests/conversations", "tests/chat", "tests/live"),
    "tutor/console/services.py": ("tests/console",),
    "tutor/review/services.py": ("tests/review",),
    "tutor/jobs/services.py": ("tests/jobs",),
    "tutor/live/*.py": ("tests/live",),
}
USUAL = (
    "tutor/policy.py",
    "tutor/*/services.py",
    "tutor/classrooms/services/*.py",
    *(f"tutor/live/{part}.py" for part in ("calls", "corrections", "queue", "replies", "runner", "timing", "warming")),
)
# A break may make a test wait for ever; one that takes so much longer than the whole tests is noticed.
LONGEST = 3.0


def main() -> int:
    wish = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wish.add_argument("paths", nargs="*", default=usual())
    wish.add_argument("--of", type=int, default=40, help="how many breaks, drawn by lot (40)")
    wish.add_argument("--seed", type=int, default=1, help="another draw")
    given = wish.parse_args()
    drawn = draw(given.paths, given.of, given.seed)
    with tempfile.TemporaryDirectory(prefix="polyglott-mutants-") as folder:
        tree = copied(Path(folder))
        survivors = [one for one in drawn if not noticed(one, tree)]
    print(f"\n{len(drawn) - len(survivors)} of {len(drawn)} breaks were noticed. Nobody noticed:")
    print("\n".join(f"  {one}" for one in survivors) or "  (none)")
    return 0


def usual() -> list[str]:
    return sorted(str(found.relative_to(ROOT)) for pattern in USUAL for found in ROOT.glob(pattern))


def draw(paths: Iterable[str], most: int, seed: int) -> list[Mutant]:
    """Breaks of these files by lot, in the order of the files, so that each file's tests run together."""
    every = [one for path in paths for one in mutants(path, (ROOT / path).read_text())]
    chosen = random.Random(seed).sample(every, min(most, len(every)))  # noqa: S311 (a draw, not a secret)
    return sorted(chosen, key=lambda one: (one.path, one.start))


def copied(folder: Path) -> Path:
    """A copy of the files that git knows, as they stand now."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, names.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


_whole_s: dict[tuple[str, ...], float] = {}


def noticed(mutant: Mutant, tree: Path) -> bool:
    tests = next((found for pattern, found in TESTED_BY.items() if fnmatch(mutant.path, pattern)), ("tests",))
    if tests not in _whole_s:
        _whole_s[tests] = whole(tree, tests)
    broken = tree / mutant.path
    was = broken.read_text()
    broken.write_text(mutant.applied_to(was))
    began = time.monotonic()
    try:
        found = not passes(tree, tests, LONGEST * _whole_s[tests] + 30)
    finally:
        broken.write_text(was)
    print(f"{'noticed ' if found else 'SURVIVED'} {time.monotonic() - began:5.0f} s  {mutant}", flush=True)
    return found


def whole(tree: Path, tests: tuple[str, ...]) -> float:
    """How many seconds the unbroken code's tests take; nothing can be told by tests that fail by themselves."""
    began = time.monotonic()
    if not passes(tree, tests, None):
        sys.exit(f"Without any break, these tests fail: {' '.join(tests)}")
    return time.monotonic() - began


def passes(tree: Path, tests: tuple[str, ...], longest_s: float | None) -> bool:
    quick = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not browser and not model"]
    shared = ["-n", "2", "--dist", "loadfile"]
    command = [sys.executable, "-B", "-m", "pytest", *quick, *shared, *(one for one in tests if (tree / one).exists())]
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, timeout=longest_s, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
