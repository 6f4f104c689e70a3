"""Writes TIFFs with GDAL (rasterio) into a folder, and what GDAL reads of each: FILE.raw has the whole image, pixel by pixel, in this
machine's byte order. files.txt has a line for each: name, width, height, bands, type, and how far a sample may be off."""
import itertools
import os
import sys
import warnings

import numpy
import rasterio
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.windows import Window

warnings.filterwarnings("ignore")
os.chdir(sys.argv[1])
WIDTH, HEIGHT = 83, 61
random = numpy.random.default_rng(7)
lines = []


def picture(dtype, bands, largest=None, smooth=False):
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    planes = []
    for band in range(bands):
        wave = (numpy.sin(x / (5 + 2 * band)) + numpy.cos(y / (7 - band))) / 4 + 0.5
        if not smooth:
            wave = numpy.where(random.random(wave.shape) < 0.1, random.random(wave.shape), wave)
        planes.append(wave)
    waves = numpy.stack(planes)
    if dtype.startswith("float"):
        return ((waves - 0.5) * 1e5).astype(dtype)
    info = numpy.iinfo(dtype)
    low, high = (0, largest) if largest else (info.min, info.max)
    return (low + waves * (high - float(low))).clip(low, high).astype(dtype)


def read(path):
    with rasterio.open(path) as file:
        return file.read()


def note(name, pixels, tolerance=0):
    numpy.ascontiguousarray(pixels.transpose(1, 2, 0)).tofile(name + ".raw")
    lines.append("|".join(str(v) for v in (name, pixels.shape[2], pixels.shape[1], pixels.shape[0], pixels.dtype, tolerance)))


def write(name, pixels, tolerance=0, masked=False, **options):
    bands, height, width = pixels.shape
    profile = dict(driver="GTiff", width=width, height=height, count=bands, dtype=pixels.dtype.name) | options
    with rasterio.open(name, "w", **profile) as file:
        file.write(pixels)
        if masked:
            file.write_mask(masked)
    note(name, read(name), tolerance)


TYPES = [
    ("byte", "uint8", {}, None), ("uint16", "uint16", {}, None), ("int16", "int16", {}, None), ("uint32", "uint32", {}, None),
    ("int32", "int32", {}, None), ("float32", "float32", {}, None), ("float64", "float64", {}, None),
    ("bits1", "uint8", {"nbits": 1}, 1), ("bits4", "uint8", {"nbits": 4}, 15), ("bits12", "uint16", {"nbits": 12}, 4095),
]
CODECS = [("NONE", 1), ("PACKBITS", 1)] + [(c, p) for c in ("LZW", "DEFLATE", "ZSTD") for p in (1, 2, 3)]
LAYOUTS = {"strips": {"blockysize": 7}, "tiles": {"tiled": True, "blockxsize": 32, "blockysize": 16}}
INTERLEAVES = ("pixel", "band")
ORDERS = {
    "little": {}, "big": {"endianness": "big"}, "big-tiff": {"bigtiff": "yes"}, "big-tiff-big": {"bigtiff": "yes", "endianness": "big"},
}


def lossless():
    for (kind, dtype, bits, largest) in TYPES:
        pixels = picture(dtype, 3, largest)
        for (codec, predictor) in CODECS:
            if predictor == 3 and not dtype.startswith("float") or predictor == 2 and bits:
                continue
            for layout, interleave, order in itertools.product(LAYOUTS, INTERLEAVES, ORDERS):
                name = f"{kind}-{codec}-{predictor}-{layout}-{interleave}-{order}.tif"
                write(name, pixels, compress=codec, predictor=predictor, interleave=interleave, **bits, **LAYOUTS[layout], **ORDERS[order])


def others():
    for bits in (2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 20, 27, 31):
        dtype = "uint8" if bits < 8 else "uint16" if bits < 16 else "uint32"
        pixels = picture(dtype, 2, (1 << bits) - 1)
        for order in ORDERS:
            write(f"bits{bits}-{order}.tif", pixels, nbits=bits, compress="DEFLATE", blockysize=9, **ORDERS[order])
    for predictor, order in itertools.product((1, 3), ORDERS):
        write(f"float16-{predictor}-{order}.tif", picture("float32", 2), nbits=16, compress="DEFLATE", predictor=predictor,
              **ORDERS[order])
    for codec, layout in itertools.product(("CCITTRLE", "CCITTFAX3", "CCITTFAX4"), LAYOUTS):
        write(f"{codec}-{layout}.tif", picture("uint8", 1, 1, smooth=True), nbits=1, compress=codec, **LAYOUTS[layout])
    for layout, interleave, quality in itertools.product(LAYOUTS, INTERLEAVES, (60, 95)):
        block = LAYOUTS[layout] if layout == "tiles" else {"blockysize": 16}
        for bands in (1, 3, 4, 5):
            if bands == 5 and interleave == "pixel":
                continue # a JPEG has four components at most
            write(f"jpeg-{bands}-{layout}-{interleave}-{quality}.tif", picture("uint8", bands, smooth=True), 2, compress="JPEG",
                  jpeg_quality=quality, interleave=interleave, **block)
    for layout, order in itertools.product(LAYOUTS, ("little", "big", "big-tiff")):
        block = LAYOUTS[layout] if layout == "tiles" else {"blockysize": 16}
        write(f"jpeg-ycbcr-{layout}-{order}.tif", picture("uint8", 3, smooth=True), 2, compress="JPEG", photometric="YCBCR", **block,
              **ORDERS[order])
    write("one-strip.tif", picture("int16", 2), blockysize=HEIGHT)
    write("one-strip-lzw.tif", picture("int16", 2), blockysize=HEIGHT, compress="LZW")
    write("nine-bands.tif", picture("uint16", 9), tiled=True, blockxsize=16, blockysize=16, compress="ZSTD", predictor=2)


def sparse():
    cases = [("uint8", None), ("uint8", 7), ("uint8", -9999), ("int16", -9999), ("uint16", 65535), ("float32", "nan"), ("float64", -1e30),
             ("float32", 0.1), ("int32", None)]
    for index, (dtype, nodata) in enumerate(cases):
        for layout, interleave in itertools.product(LAYOUTS, INTERLEAVES):
            name = f"sparse-{index}-{layout}-{interleave}.tif"
            profile = dict(driver="GTiff", width=WIDTH, height=HEIGHT, count=2, dtype=dtype, sparse_ok=True, interleave=interleave,
                           compress="DEFLATE", **LAYOUTS[layout])
            if nodata is not None and nodata != -9999 or dtype == "int16":
                profile["nodata"] = float(nodata)
            with rasterio.open(name, "w", **profile) as file:
                file.write(picture(dtype, 2)[:, 16:32, :32], window=Window(32, 16, 32, 16))
            note(name, read(name))


def family():
    """Overviews, masks and nodata."""
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True, COMPRESS_OVERVIEW="ZSTD"):
        pixels = picture("uint16", 4, 4095)
        with rasterio.open("family.tif", "w", driver="GTiff", width=WIDTH, height=HEIGHT, count=4, dtype="uint16", tiled=True,
                           blockxsize=16, blockysize=16, photometric="RGB", alpha="no") as file:
            file.write(pixels)
            mask = numpy.full((HEIGHT, WIDTH), 255, "uint8")
            mask[:20, :30] = 0
            file.write_mask(mask)
            file.build_overviews([2, 4], rasterio.enums.Resampling.nearest)
    with rasterio.open("family.tif") as file:
        note("family.tif", file.read())
        note("family.tif.mask", (file.read_masks(1)[None] > 0).astype("uint8"))
        for level in range(2):
            with rasterio.open("family.tif", overview_level=level) as overview:
                note(f"family.tif.overview{level}", overview.read())
                note(f"family.tif.overview{level}.mask", (overview.read_masks(1)[None] > 0).astype("uint8"))
    for nodata in (0, -9999, 1.5, float("nan"), float("-inf")):
        write(f"nodata-{nodata}.tif", picture("float32", 1), nodata=nodata)


def foreign():
    for codec in ("LERC", "LERC_DEFLATE", "LERC_ZSTD", "WEBP", "LZMA"):
        try:
            write(f"foreign-{codec}.tif", picture("uint8", 3), compress=codec)
        except rasterio.errors.RasterioError:
            pass # this GDAL was built without it
    for dtype in ("complex64", "complex_int16"):
        pixels = picture("int16", 1).astype("complex64")
        with rasterio.open(f"foreign-{dtype}.tif", "w", driver="GTiff", width=WIDTH, height=HEIGHT, count=1, dtype=dtype) as file:
            file.write(pixels)
        lines.append(f"foreign-{dtype}.tif|{WIDTH}|{HEIGHT}|1|{dtype}|0")


for part in (lossless, others, sparse, family, foreign):
    part()
with open("files.txt", "w") as file:
    file.write("\n".join(lines))
