"""The Library of Congress' `bagit` at work on one folder, as a program of its own: it changes the working directory of
its process, which a running bot must not have changed under it.

    python -m bot.documents.evidence.bagging make FOLDER    everything in it becomes the payload; bag-info on stdin
    python -m bot.documents.evidence.bagging close FOLDER   tag manifests anew for the tag files that were added; checks
"""

import json
import sys

import bagit


def main(arguments: list[str]) -> None:
    """Make or close a bag. Raises what bagit raises."""
    what, folder = arguments
    if what == "make":
        bagit.make_bag(folder, json.load(sys.stdin), processes=1, checksums=["sha256"])
        return
    bag = bagit.Bag(folder)
    bag.save()
    bag.validate()


if __name__ == "__main__":
    main(sys.argv[1:])
