import doctest
from pathlib import Path

import routing


def test_the_readme_is_true() -> None:
    readme = Path(routing.__file__).with_name("README.md")

    failed, tried = doctest.testfile(str(readme), module_relative=False)

    assert tried > 0
    assert failed == 0
