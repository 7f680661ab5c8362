import sys

from imsearch_core.cli import main

sys.exit(main())
