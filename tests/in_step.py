"""Whether twins have been changed together: a fingerprint of each section in each language, as last looked at.

``make in-step`` (``python -m tests.in_step``) records them anew, once somebody has read both sides of what changed.
"""

import hashlib
import re

import yaml

from tests.notebooks import CHAPTERS, LANGUAGES, ROOT

RECORD = ROOT / "tests/in_step.yml"
TARGET = re.compile(r"^\((?:en|ko)-(sec-[\w-]+)\)=$", re.MULTILINE)
CODE = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)  # compared by another test


def sections(text):
    """Return the text of each section of a page without its code, by the name that is the same in both languages."""
    _, *parts = TARGET.split(text)
    return {name: " ".join(CODE.sub("", body).split()) for name, body in zip(parts[::2], parts[1::2])}


def fingerprints():
    """Return ``{page: {section: {language: fingerprint}}}`` of all pages."""
    found = {}
    for language in LANGUAGES:
        for path in sorted((CHAPTERS / language).glob("*.md")):
            for name, text in sections(path.read_text(encoding="utf-8")).items():
                digest = hashlib.sha256(text.encode()).hexdigest()[:12]
                found.setdefault(path.stem, {}).setdefault(name, {})[language] = digest
    return found


def differences(recorded, now):
    """Yield a sentence on each section that has changed since it was recorded."""
    for page in sorted(now.keys() | recorded.keys()):
        before, after = recorded.get(page, {}), now.get(page, {})
        for name in sorted(before.keys() | after.keys()):
            changed = [code for code in LANGUAGES if before.get(name, {}).get(code) != after.get(name, {}).get(code)]
            if len(changed) == len(LANGUAGES):
                yield f"{page}, {name}: changed in both languages; if they say the same, run `make in-step`"
            elif changed:
                other = next(code for code in LANGUAGES if code not in changed)
                yield f"{page}, {name}: changed in {changed[0]} and not in {other}; look at both, then run `make in-step`"


def main():
    text = yaml.safe_dump(fingerprints(), sort_keys=True)
    RECORD.write_text("# Fingerprints of the sections that were last read side by side (make in-step).\n" + text, encoding="utf-8")
    print(RECORD.relative_to(ROOT))


if __name__ == "__main__":
    main()
