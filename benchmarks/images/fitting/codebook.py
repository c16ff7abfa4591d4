"""`python -m benchmarks.images.fitting.codebook --data DIR OUT`: learn the medians and centres of the voting index.

From the descriptors of the photos that teach (`ground.fitted`): 141,560 of 900 photos. Two k-means of 512 centres over
the square roots of either half of a descriptor.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans

from benchmarks.images.ground import Photo, fitted
from detection import thresholds
from detection.image.keypoints import find_keypoints
from detection.image.pixels import at_side, grey_of
from detection.image.words import CENTRES, HALF, STEPS


def learnt(photos: list[Photo]) -> NDArray[np.uint8]:
    """The codebook: two rows of medians, then the centres of the first halves and of the second ones."""
    descriptors = np.concatenate([_descriptors(photo) for photo in photos])
    roots = np.sqrt(descriptors, dtype=np.float32)
    centres = [_centres(roots[:, :HALF]), _centres(roots[:, HALF:])]
    medians = np.median(descriptors, axis=0).reshape(2, HALF)
    return np.concatenate([medians, *(np.rint(each * STEPS) for each in centres)]).clip(0, 255).astype(np.uint8)


def _descriptors(photo: Photo) -> NDArray[np.uint8]:
    grey = grey_of(np.asarray(photo.picture()))
    return find_keypoints(at_side(grey, thresholds.PHOTO_KEYPOINT_SIDE)).descriptors


def _centres(halves: NDArray[np.float32]) -> NDArray[np.float32]:
    means = MiniBatchKMeans(CENTRES, batch_size=8192, n_init=1, max_iter=12, random_state=3).fit(halves)
    return np.asarray(means.cluster_centers_, np.float32)


def main() -> None:
    """Write the codebook."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("out", type=Path)
    chosen = parser.parse_args()
    np.save(chosen.out, learnt(fitted(chosen.data)))


if __name__ == "__main__":
    main()
