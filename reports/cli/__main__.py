"""`python -m reports.cli` is `caap`."""

from reports.cli.main import main

main()
