using System.Diagnostics;
using System.Text.Json.Nodes;
using Swan.Geo.Rasters;
using Swan.Geo.Tests.Scenes;
using Swan.Geo.Tests.Search;
using Swan.MLNet.Imaging;

namespace Swan.Cli.Tests.Commands;

/// <summary>A folder that has everything that is not as it should be.</summary>
public sealed class SceneSweepTests : IDisposable
{
    private const int Byte = 8;

    private readonly IndexedFolder _folder = new();
    private readonly Dictionary<string, string> _bad = new(StringComparer.Ordinal);
    private readonly List<string> _good = [];

    public void Dispose()
    {
        // .NET can't delete a file whose name is not UTF-8.
        if (OperatingSystem.IsLinux()) Run("rm", "-rf", _folder.Scenes);
        _folder.Dispose();
    }

    [Fact(Timeout = 180_000)]
    public async Task Of_a_folder_of_bad_files_the_good_ones_are_indexed_and_each_bad_one_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes, and names that are not UTF-8, are made by Linux's programs");
        DrawGood();
        DrawBad();
        DrawOddFiles();

        for (int run = 0; run < 2; run++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            JsonNode made = await Indexed();
            var said = made["leftOut"]!.AsArray().ToLookup(f => Path.GetFileName((string)f!["scene"]!), f => (string)f!["reason"]!);
            foreach ((string name, string reason) in _bad)
            {
                string text = Assert.Single(said[name]);
                Assert.Matches(reason, text);
                Assert.Contains(Path.GetFileNameWithoutExtension(name), text, StringComparison.Ordinal);
            }
            Assert.Equal(_bad.Keys.Order(StringComparer.Ordinal), said.Select(s => s.Key).Order(StringComparer.Ordinal));
            Assert.Equal(_good.Order(StringComparer.Ordinal), _folder.Found().Keys);
            Assert.Equal(run == 0, (long)made["embeddedWindows"]! > 0);
        }
    }

    private async Task<JsonNode> Indexed()
    {
        // Half a gigabyte, of which .NET itself takes a part.
        var environment = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x20000000" };
        (int code, string output, string errors) = await SwanProcess.Run(
            environment, "scene", "index", _folder.Scenes, "--out", _folder.Index, "--model", _folder.ModelPath, "--ground", "200",
            "--pixels", "300", "--device", "cpu", "--json");
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!;
    }

    private void DrawGood()
    {
        Good("good.tif");
        Good("twin.tif");
        Good("folder.tif/inside.tif");
        DrawnScene.Write(Named("no-place.tif"), 320, 320);
        DrawnScene.Write(Named("unknown-code.tif"), 320, 320, DrawnScene.Utm32(1) with
        {
            Keys = [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 60_000],
        });
        DrawnScene.Write(Named("one-band.tif"), new RasterFormat(320, 320, 1, TiffSampleType.Byte), (x, y, _) => (x + y) % 200);
        // As GDAL's SPARSE_OK leaves tiles that were never written.
        Tiff("sparse.tif", 512, 512, 3, e => Tiles(e, 256, [0, 0, 0, 0], [0, 0, 0, 0]));
        byte[] tile = [.. Enumerable.Range(0, 256 * 256 * 3).Select(i => (byte)(i * 7))];
        Tiff("same-tile.tif", 512, 512, 3, e => Tiles(e, 256, [8, 8, 8, 8], [.. Enumerable.Repeat<long>(tile.Length, 4)]), tile);
        byte[] jpeg = EncodedImages.Jpeg(512, 512);
        Tiff("jpeg.tif", 512, 512, 3, e =>
        {
            Strip(e, 512, 8, jpeg.Length);
            e.Shorts(530, [2, 2]);
        }, jpeg, compression: 7, photometric: 6);

        void Good(string name)
        {
            _folder.Draw(name);
            _good.Add(name);
        }

        string Named(string name)
        {
            _good.Add(name);
            return _folder.Path(name);
        }

        void Tiff(string name, int width, int height, int bands, Action<TiffEntries> more, byte[]? data = null, int compression = 1,
            int photometric = 2) => Written(Named(name), width, height, bands, more, data, compression, photometric);
    }

    private void DrawBad()
    {
        var empty = new RasterFormat(400, 400, 3, TiffSampleType.Byte) { NoData = "0", Geo = DrawnScene.Utm32(1) };
        DrawnScene.Write(Bad("no-data.tif", "none of its 9 windows"), empty, (_, _, _) => 0);
        DrawnScene.Write(Bad("deep-no-data.tif", "none of its samples are data"),
            empty with { Type = TiffSampleType.UInt16, Bits = 16 }, (_, _, _) => 0);
        Written(Bad("column.tif", "1×100000 pixels"), 1, 100_000, 1, e => Strip(e, 100_000, 8, 100_000), new byte[100_000], photometric: 1);
        Written(Bad("row.tif", "100000×1 pixels"), 100_000, 1, 1, e => Strip(e, 1, 8, 100_000), new byte[100_000], photometric: 1);
        Written(Bad("bands.tif", "would lie at|takes"), 300, 300, 65_535, e => Strip(e, 300, 8, 1_000), new byte[1_000], photometric: 1);
        Written(Bad("no-tiles.tif", "tiles or strips are 0×0"), 300, 300, 3, e => Tiles(e, 0, [8], [100]), new byte[100]);
        Written(Bad("far.tif", "would lie at 9223372036854775797"), 300, 300, 3,
            e => Tiles(e, 304, [long.MaxValue - 10], [304 * 304 * 3]), big: true);
        Written(Bad("long.tif", "would lie at 16 to"), 300, 300, 3,
            e => Tiles(e, 304, [16], [long.MaxValue - 10]), big: true, compression: 8);
        File.WriteAllBytes(Bad("empty.tif", "it has no bytes"), []);
        File.WriteAllText(Bad("text.tif", "can't be used as an image"), "This is no TIFF, whatever its name says.");
        Bad("cut.tif", "would lie at .* but the file has");
        DamagedScene.Cut(_folder.Draw("cut.tif"));
        Bad("broken.tif", "tile or strip 3 is not");
        DamagedScene.Break(_folder.Draw("broken.tif"));
        Bad("contradictory.tif", "outside of its coordinate system");
        DrawnScene.Write(_folder.Path("contradictory.tif"), 320, 320, DrawnScene.Utm32(1) with
        {
            Keys = [1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326],
        });
    }

    private void DrawOddFiles()
    {
        Run("mkfifo", Bad("pipe.tif", "a pipe or a device"));
        Bad("beside.tif", "has no bytes");
        Run("mkfifo", _folder.Draw("beside.tif") + ".aux.xml");
        Run("mkfifo", Path.ChangeExtension(DrawnScene.Write(Bad("world.tif", "has no bytes"), 320, 320), ".tfw"));
        File.CreateSymbolicLink(Bad("circle.tif", "leads nowhere or in a circle"), "circle2.tif");
        File.CreateSymbolicLink(Bad("circle2.tif", "leads nowhere or in a circle"), "circle.tif");
        File.CreateSymbolicLink(Bad("nowhere.tif", "leads nowhere or in a circle"), "there-is-none.tif");
        Directory.CreateSymbolicLink(_folder.Path("round"), ".");
        Directory.CreateSymbolicLink(_folder.Path("folder.tif/up"), "..");
        Run("bash", "-c", $"cp '{_folder.Path("good.tif")}' '{_folder.Scenes}'/$'latin\\xe9.tif'");
        Bad("latin\uFFFD.tif", "not UTF-8");
        if (Environment.UserName == "root") return; // who may read everything
        File.Copy(_folder.Path("good.tif"), Bad("closed.tif", "denied"));
        Run("chmod", "0", _folder.Path("closed.tif"));
    }

    private string Bad(string name, string reason)
    {
        _bad.Add(name, reason);
        return _folder.Path(name);
    }

    private static void Strip(TiffEntries entries, int rows, long offset, long bytes)
    {
        entries.Long(TiffTags.RowsPerStrip, rows);
        entries.Offsets(TiffTags.StripOffsets, [offset]);
        entries.Offsets(TiffTags.StripByteCounts, [bytes]);
    }

    private static void Tiles(TiffEntries entries, int side, long[] offsets, long[] sizes)
    {
        entries.Long(TiffTags.TileWidth, side);
        entries.Long(TiffTags.TileLength, side);
        entries.Offsets(TiffTags.TileOffsets, offsets);
        entries.Offsets(TiffTags.TileByteCounts, sizes);
    }

    // A TIFF whose data begin after its header, at 8 or 16.
    private static void Written(
        string path, int width, int height, int bands, Action<TiffEntries> more, byte[]? data = null, int compression = 1,
        int photometric = 2, bool big = false)
    {
        var entries = new TiffEntries(big);
        var bits = new ushort[bands];
        Array.Fill(bits, (ushort)Byte);
        entries.Long(TiffTags.ImageWidth, width);
        entries.Long(TiffTags.ImageLength, height);
        entries.Shorts(TiffTags.BitsPerSample, bits);
        entries.Short(TiffTags.Compression, compression);
        entries.Short(TiffTags.Photometric, photometric);
        entries.Short(TiffTags.SamplesPerPixel, bands);
        more(entries);
        using FileStream stream = File.Create(path);
        entries.WriteHeader(stream);
        stream.Write(data ?? []);
        entries.WriteTo(stream, entries.HeaderLink);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
