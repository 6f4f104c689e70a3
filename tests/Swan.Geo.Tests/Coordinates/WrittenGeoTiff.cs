using System.Buffers.Binary;
using System.Text;
using Swan.Geo.Coordinates;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Coordinates;

/// <summary>A little gray TIFF with the entries that place it on the earth.</summary>
internal sealed class WrittenGeoTiff
{
    private const int Ascii = 2, Short = 3, Double = 12;

    private readonly List<ushort> _keys = [];
    private readonly List<double> _doubles = [];

    public int Width { get; init; } = 40;

    public int Height { get; init; } = 20;

    public double[]? PixelScale { get; init; }

    public double[]? TiePoints { get; init; }

    public double[]? Matrix { get; init; }

    public double[]? Rpc { get; init; }

    public string? Citation { get; init; }

    /// <summary>North is up, and a pixel has sides of so many units.</summary>
    public static WrittenGeoTiff At(double x, double y, double size, int epsg, bool geographic = false) =>
        new WrittenGeoTiff { PixelScale = [size, size, 0], TiePoints = [0, 0, 0, x, y, 0] }
            .With(GeoKeys.ModelType, geographic ? 2 : 1).With(geographic ? GeoKeys.GeodeticCrs : GeoKeys.ProjectedCrs, epsg);

    public WrittenGeoTiff With(int key, int code)
    {
        _keys.AddRange([(ushort)key, 0, 1, (ushort)code]);
        return this;
    }

    public WrittenGeoTiff With(int key, double number)
    {
        _keys.AddRange([(ushort)key, GeoTags.KeyDoublesTag, 1, (ushort)_doubles.Count]);
        _doubles.Add(number);
        return this;
    }

    public TiffFile Open() => TiffFile.Open(Write(), "scene.tif");

    public SceneLocation Read()
    {
        using TiffFile file = Open();
        return SceneLocation.Read(file, GeoTags.Read(file.Directory));
    }

    public byte[] Write()
    {
        if (Citation is not null) _keys.AddRange([GeoKeys.ProjectedCitation, GeoTags.KeyTextsTag, (ushort)(Citation.Length + 1), 0]);
        var entries = new SortedDictionary<int, (int Type, byte[] Value, int Count)>
        {
            [256] = Shorts(Width), [257] = Shorts(Height), [258] = Shorts(8), [259] = Shorts(1), [262] = Shorts(1), [273] = Shorts(8),
            [277] = Shorts(1), [278] = Shorts(Height), [279] = Shorts(Width * Height),
        };
        Add(GeoTags.PixelScaleTag, PixelScale);
        Add(GeoTags.TiePointsTag, TiePoints);
        Add(GeoTags.MatrixTag, Matrix);
        Add(GeoTags.RpcTag, Rpc);
        if (_keys.Count > 0) entries[GeoTags.KeysTag] = Shorts([1, 1, 0, _keys.Count / 4, .. _keys.Select(k => (int)k)]);
        if (_doubles.Count > 0) Add(GeoTags.KeyDoublesTag, [.. _doubles]);
        if (Citation is not null)
            entries[GeoTags.KeyTextsTag] = (Ascii, [.. Encoding.ASCII.GetBytes(Citation + "|"), 0], Citation.Length + 2);
        using var file = new MemoryStream();
        file.Write([.. "II*\0"u8, 0, 0, 0, 0, .. new byte[Width * Height]]);
        var directory = new MemoryStream();
        directory.Write(BitConverter.GetBytes((ushort)entries.Count));
        foreach ((int tag, (int type, byte[] value, int count)) in entries)
        {
            directory.Write(BitConverter.GetBytes((ushort)tag));
            directory.Write([.. BitConverter.GetBytes((ushort)type), .. BitConverter.GetBytes(count)]);
            var inline = new byte[4];
            if (value.Length <= 4) value.CopyTo(inline, 0);
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(inline, (int)file.Length);
                file.Write(value);
            }

            directory.Write(inline);
        }

        directory.Write(new byte[4]);
        int start = (int)file.Length;
        file.Write(directory.ToArray());
        byte[] bytes = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), start);
        return bytes;

        void Add(int tag, double[]? values)
        {
            if (values is not null) entries[tag] = (Double, [.. values.SelectMany(BitConverter.GetBytes)], values.Length);
        }
    }

    private static (int, byte[], int) Shorts(params int[] values) =>
        (Short, [.. values.SelectMany(v => BitConverter.GetBytes((ushort)v))], values.Length);
}
