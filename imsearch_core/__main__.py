import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only; must be set before TensorFlow is imported

from imsearch_core.cli import main

sys.exit(main())
