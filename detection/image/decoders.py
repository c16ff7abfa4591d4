"""The decoders with which strangers' pictures are opened: these six and no other, each registered once.

Importing a plugin of Pillow registers it; otherwise Pillow imports all fifty when a WebP arrives. AVIF is Pillow's own;
HEIC comes through pillow-heif, which decodes no AVIF. Both may use several threads for a picture: here they get one,
because a worker's limits on processor time and address space count all of them.
"""

from __future__ import annotations

from typing import Final

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,  # noqa: F401
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)
from pillow_heif import register_heif_opener

AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# A thumbnail inside the file may show something else than the picture; depth maps and masks show nothing.
register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)

#: Formats that can be opened here, by Pillow's names; a build of Pillow may come without AVIF.
DECODED: Final = frozenset({"JPEG", "PNG", "WEBP", "GIF", "HEIF"} | ({"AVIF"} if AvifImagePlugin.SUPPORTED else set()))
