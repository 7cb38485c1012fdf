"""Adds up the JUnit reports of a folder: `tally.py FOLDER`, exit code 1 unless all passed."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def counts(report: Path) -> tuple[int, int, int]:
    """Returns how many tests of one report passed, failed and were skipped."""
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def tally(folder: Path) -> tuple[int, int, int]:
    """Adds up every runner; one that ended badly without a failed test is itself a failure."""
    passed = failed = skipped = 0
    for status in sorted(folder.glob("*.status")):
        found = [counts(report) for report in sorted(folder.glob(f"{status.stem}*.xml"))]
        passed += sum(row[0] for row in found)
        skipped += sum(row[2] for row in found)
        failures = sum(row[1] for row in found)
        ended_well = status.read_text().strip() == "0"
        if not ended_well and failures == 0:
            print(f"{status.stem}: ended with status {status.read_text().strip()}")
            failures = 1
        failed += failures
    return passed, failed, skipped


def main() -> int:
    passed, failed, skipped = tally(Path(sys.argv[1]))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
