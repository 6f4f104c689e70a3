#!/usr/bin/env python3
"""Writes reference-pixels.json: what other decoders see in the files of $SWAN_DATA/hostile and $SWAN_DATA/tiff.

Run with Debian 12's packages python3-pil (9.4, libtiff 4.5, libjpeg-turbo 2.1.5), python3-numpy and imagemagick (6.9):
    SWAN_DATA=... /usr/bin/python3 reference-pixels.py > reference-pixels.json

Pillow reads first; ImageMagick reads what Pillow can't, and the few files that Pillow reads wrongly; BMPs with unusual bit fields, which
ImageMagick scales wrongly, are read here. The rules are ImageDecoder's own: alpha dropped, the high 8 bits of deep samples, no color
profiles, EXIF and TIFF orientation but not XMP. A file that none of them reads has no entry.

An entry is [width, height, kind, value]: kind "sha" is the start of the SHA-256 of the RGB bytes (lossless, so decoders must agree);
kind "grid" is hex of the mean colors of 8x8 cells (lossy, or scaled with other rounding).
"""
import hashlib, io, json, os, struct, subprocess, sys, warnings
import numpy as np
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None

PILLOW_IS_WRONG = {
    "3c26b6bd-pal4rle.bmp": "RLE4 is read as if it were RLE8",
    "0a143fb6-flower-rgb-planar-16.tif": "big-endian planar samples are not swapped",
}

# An index outside the palette: Pillow makes a gray of it and ImageMagick white; the test suite's own picture and Skia have black.
HAS_A_PICTURE = {"5e27aa64-pal8badindex.bmp"}


def bmp(data):
    """Uncompressed BMPs of 2, 16 and 32 bits with any bit fields."""
    offset, header, width, height = struct.unpack("<IIii", data[10:26])
    bits, compression = struct.unpack("<HI", data[28:34])
    if bits not in (2, 16, 32) or compression not in (0, 3):
        raise ValueError("not read here")
    flip, height = height > 0, abs(height)
    stride = (width * bits + 31) // 32 * 4
    rows = np.frombuffer(data, np.uint8, stride * height, offset).reshape(height, stride)
    if bits == 2:
        colors = struct.unpack("<I", data[46:50])[0] or 4
        palette = np.zeros((4, 3), np.uint8)
        palette[:colors] = np.frombuffer(data, np.uint8, colors * 4, 14 + header).reshape(-1, 4)[:, 2::-1]
        index = np.stack([rows >> s & 3 for s in (6, 4, 2, 0)], -1).reshape(height, -1)[:, :width]
        pixels = palette[index]
    else:
        words = rows[:, : width * bits // 8].copy().view("<u2" if bits == 16 else "<u4").astype(np.int64)
        masks = struct.unpack("<III", data[54:66]) if compression == 3 else (0x7C00, 0x3E0, 0x1F) if bits == 16 else (0xFF0000, 0xFF00, 0xFF)
        channels = []
        for mask in masks:
            shift = (mask & -mask).bit_length() - 1
            most = mask >> shift
            channels.append(np.round((words & mask) / (1 << shift) * 255 / most))
        pixels = np.stack(channels, -1).astype(np.uint8)
    return pixels[::-1] if flip else pixels


def pillow(path):
    image = Image.open(path)
    kind, deep = image.format, 16
    exact = kind in ("PNG", "GIF", "BMP", "TIFF")
    if kind == "TIFF":
        tags = image.tag_v2
        deep = tags.get(258, (16,))[0]
        exact = tags.get(259, 1) not in (6, 7)  # JPEG inside
        if tags.get(262) == 8:
            raise ValueError("Lab")
        if image.mode == "F" or tags.get(339, (1,))[0] != 1:
            raise ValueError("not unsigned")
    image.load()
    image.info.pop("XML:com.adobe.xmp", None)
    if kind == "BMP" and open(path, "rb").read(30)[28] == 16:
        exact = False  # five bits become eight in two usual ways
    if kind != "TIFF":  # whose orientation Pillow applies when it loads
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        gray = (np.asarray(image).astype(np.int64) >> (max(deep, 8) - 8 if deep < 16 else 8)).clip(0, 255).astype(np.uint8)
        return np.stack([gray] * 3, -1), exact
    if image.mode == "LA":
        image = image.getchannel(0)
    return np.asarray(image.convert("RGB")), exact


def magick(path):
    run = subprocess.run(["convert-im6.q16", path + "[0]", "-auto-orient", "-alpha", "off", "-colorspace", "sRGB", "-depth", "8", "ppm:-"], capture_output=True)
    pixels = np.asarray(Image.open(io.BytesIO(run.stdout)).convert("RGB"))
    data = open(path, "rb").read()
    if data[:2] in (b"II", b"MM"):
        order = "<" if data[:2] == b"II" else ">"
        start, = struct.unpack(order + "I", data[4:8])
        count, = struct.unpack(order + "H", data[start:start + 2])
        tags = {}
        for i in range(count):
            tag, kind, n = struct.unpack(order + "HHI", data[start + 2 + 12 * i:start + 10 + 12 * i])
            if n == 1 and kind == 3:
                tags[tag], = struct.unpack(order + "H", data[start + 10 + 12 * i:start + 12 + 12 * i])
        if tags.get(262) == 0 and tags.get(258, 1) not in (1, 2, 4, 8):
            pixels = 255 - pixels  # ImageMagick inverts MINISWHITE only at usual depths
    return pixels


def entry(path):
    name = os.path.basename(path)
    if name in HAS_A_PICTURE:
        folder = os.path.dirname(path)
        path = next(os.path.join(folder, f) for f in os.listdir(folder) if f[9:] == name[9:] + ".png")
    try:
        if name in PILLOW_IS_WRONG:
            raise ValueError(PILLOW_IS_WRONG[name])
        pixels, exact = pillow(path)
    except Exception:
        exact = False
        try:
            data = open(path, "rb").read()
            pixels = bmp(data) if data[:2] == b"BM" and name not in PILLOW_IS_WRONG else magick(path)
        except Exception:
            return None
    height, width = pixels.shape[:2]
    if exact:
        return [width, height, "sha", hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()[:16]]
    cells = []
    for row in range(8):
        for column in range(8):
            y, x = row * height // 8, column * width // 8
            cell = pixels[y:max((row + 1) * height // 8, y + 1), x:max((column + 1) * width // 8, x + 1)]
            cells += [int(v + 0.5) for v in cell.reshape(-1, 3).mean(0)]
    return [width, height, "grid", bytes(cells).hex()]


if __name__ == "__main__":
    root = os.environ["SWAN_DATA"]
    lines = []
    for top in ("hostile", "tiff"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                path = os.path.join(folder, name)
                if not name.endswith((".json", ".md")) and (found := entry(path)):
                    lines.append(f"{json.dumps(os.path.relpath(path, root))}: {json.dumps(found)}")
    print("{\n" + ",\n".join(sorted(lines)) + "\n}")
