import sys

from imsearch_core.cli.main import main

if __name__ == "__main__":  # a measurement's own process imports this module too
    sys.exit(main())
