"""The settings of production, with an environment for the tests."""

import os
import tempfile

os.environ["ACCESS_LOG"] = os.path.join(tempfile.mkdtemp(), "access.log")
os.environ["BAKEOFF_ROUTES"] = "2"
os.environ["SECRET_KEY"] = "a key that is only good for the tests, and signs nothing"
os.environ["TOKEN_KEY"] = "a key that is only good for the tests"

from project.settings import *  # noqa: E402, F403
