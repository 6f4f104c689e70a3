using NetTopologySuite.Geometries;
using Parquet;
using Parquet.Schema;
using Swan.Geo.Places;
using Swan.Geo.Scenes;
using Swan.MLNet.Search;

namespace Swan.Geo.Search;

/// <summary>The columns of a file of windows, and their values in a row group.</summary>
internal sealed class WindowColumns
{
    private readonly DataField<string> _key = new("key", nullable: false), _scene = new(SceneValues.Scene, nullable: false);
    private readonly DataField<int>[] _pixels =
        [new("window_column"), new("window_row"), new("window_width"), new("window_height")];
    // Of other units than milliseconds, Parquet.Net 6.1 says wrong least and largest values, by which readers leave out row groups.
    private readonly DateTimeDataField _date = new(
        SceneValues.Date, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable: true);
    private readonly DataField<double> _metersPerPixel = new(SceneValues.MetersPerPixel, nullable: true);
    private readonly DataField<double> _groundSide = new(SceneValues.GroundSide, nullable: true);
    private readonly DataField<byte[]> _geometry = new(GeoMetadata.Geometry, nullable: true);
    private readonly DataField<double>[] _sides = [.. GeoMetadata.Sides.Select(side => new DataField<double>(side))];
    private readonly DataField<float> _element = new("element");

    private readonly List<string> _keys = [], _scenes = [];
    private readonly List<int>[] _windows = [[], [], [], []];
    private readonly List<DateTime?> _dates = [];
    private readonly List<double?> _meters = [], _grounds = [];
    private readonly List<byte[]?> _outlines = [];
    private readonly List<double>[] _bounds = [[], [], [], []];

    // _embeddings[r * D + d]
    private readonly List<float> _embeddings = [];

    public WindowColumns() => Schema = new ParquetSchema(
        [_key, _scene, .. _pixels, _date, _metersPerPixel, _groundSide, _geometry, new StructField(GeoMetadata.Bounds, [.. _sides]),
            new ListField("embedding", _element)]);

    public ParquetSchema Schema { get; }

    /// <summary>Windows that were taken and are not written.</summary>
    public int Count => _keys.Count;

    /// <summary>Takes a window.</summary>
    /// <param name="row">The index's row.</param>
    /// <param name="scene">The scene's name.</param>
    /// <param name="window">Its pixels.</param>
    /// <param name="footprint">Its outline in WGS 84; null where that isn't known.</param>
    public void Add(SwanRow row, string scene, SceneWindow window, Geometry? footprint)
    {
        _keys.Add(row.Key);
        _scenes.Add(scene);
        int[] pixels = [window.Column, window.Row, window.Width, window.Height];
        for (int i = 0; i < pixels.Length; i++) _windows[i].Add(pixels[i]);
        _dates.Add(((DateTimeOffset?)row.Values[SceneValues.Date])?.UtcDateTime);
        _meters.Add((double?)row.Values[SceneValues.MetersPerPixel]);
        _grounds.Add((double?)row.Values[SceneValues.GroundSide]);
        _outlines.Add(footprint is null ? null : Footprints.ToBinary(footprint));
        _embeddings.AddRange(row.Embedding.Span);
        if (footprint is null) return;
        // Readers leave out rows by these numbers, so west is the least longitude also where the outline crosses the antimeridian.
        Envelope around = footprint.EnvelopeInternal;
        double[] sides = [around.MinX, around.MinY, around.MaxX, around.MaxY];
        for (int i = 0; i < sides.Length; i++) _bounds[i].Add(sides[i]);
    }

    /// <summary>Writes what was taken as a row group, and forgets it.</summary>
    public async Task WriteAsync(ParquetWriter writer, CancellationToken cancellation)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(_key, _keys).ConfigureAwait(false);
        await group.WriteAsync(_scene, _scenes).ConfigureAwait(false);
        for (int i = 0; i < _pixels.Length; i++)
            await group.WriteAsync<int>(_pixels[i], (ReadOnlyMemory<int>)_windows[i].ToArray(), cancellationToken: cancellation)
                .ConfigureAwait(false);
        await WriteAsync(group, _date, _dates, cancellation).ConfigureAwait(false);
        await WriteAsync(group, _metersPerPixel, _meters, cancellation).ConfigureAwait(false);
        await WriteAsync(group, _groundSide, _grounds, cancellation).ConfigureAwait(false);
        await group.WriteAsync(_geometry, _outlines!).ConfigureAwait(false);
        await WriteBoundsAsync(group, cancellation).ConfigureAwait(false);
        await WriteEmbeddingsAsync(group, cancellation).ConfigureAwait(false);
        group.CompleteValidate();
        Clear();
    }

    private static Task WriteAsync<T>(ParquetRowGroupWriter group, DataField field, List<T?> values, CancellationToken cancellation)
        where T : struct => group.WriteAsync<T>(field, (ReadOnlyMemory<T?>)values.ToArray(), cancellationToken: cancellation);

    // The structure is missing where the outline is: its definition level is 0 there, else the highest.
    private async Task WriteBoundsAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
    {
        int[] definition = [.. _outlines.Select(outline => outline is null ? 0 : _sides[0].MaxDefinitionLevel)];
        for (int i = 0; i < _sides.Length; i++)
            await group.WriteAllPartsAsync<double>(_sides[i], _bounds[i].ToArray(), definition, null, cancellation).ConfigureAwait(false);
    }

    // A list begins where the repetition level is 0; the highest definition level says that nothing is missing.
    private async Task WriteEmbeddingsAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
    {
        int[] repetition = new int[_embeddings.Count], definition = new int[_embeddings.Count];
        int size = Count == 0 ? 1 : _embeddings.Count / Count;
        for (int i = 0; i < repetition.Length; i++) repetition[i] = i % size == 0 ? 0 : 1;
        Array.Fill(definition, _element.MaxDefinitionLevel);
        await group.WriteAllPartsAsync<float>(_element, _embeddings.ToArray(), definition, repetition, cancellation).ConfigureAwait(false);
    }

    private void Clear()
    {
        _keys.Clear();
        _scenes.Clear();
        foreach (List<int> pixels in _windows) pixels.Clear();
        _dates.Clear();
        _meters.Clear();
        _grounds.Clear();
        _outlines.Clear();
        foreach (List<double> sides in _bounds) sides.Clear();
        _embeddings.Clear();
    }
}
