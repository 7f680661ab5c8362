import sys

from imsearch_core.cli.main import main

sys.exit(main())
