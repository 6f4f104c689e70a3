using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Portable;

/// <summary>A search as stock steps: the gallery with its keys is inside the graph.</summary>
internal sealed class PortableSearch(OwnCatalogs catalogs, SwanSearchTransformer step) : PortableStep(catalogs)
{
    // As for a model's own encoders: ONNX can't hold more than 2 GiB, and that many bytes are in memory several times over.
    private const long MaxGallery = 1 << 30;
    private const int ComparedQueries = 8;

    // A living index as it is now, the rows that pass the filter.
    private readonly Lazy<SwanIndex> _index = new(() => GalleryCopy.Of(step.Gallery, step.Options.Filter, CancellationToken.None));

    public override string Name =>
        $"the SWAN search '{step.KeysOutputColumnName}', '{step.ScoresOutputColumnName}' with '{step.InputColumnName}'";

    public override IEnumerable<string> Refusals()
    {
        if (_index.Value.Count == 0) yield return "its gallery is empty. Build the index from at least one row";
        long bytes = (long)_index.Value.Count * _index.Value.EmbeddingSize * sizeof(float) + _index.Value.Keys.Sum(k => 3L * k.Length);
        if (bytes > MaxGallery)
        {
            yield return $"its gallery of {_index.Value.Count:N0} rows takes {bytes:N0} bytes, but inside an ONNX graph the limit is "
                + $"{MaxGallery:N0}. Save parts of it and merge their results by score";
        }
    }

    public override IReadOnlyList<ITransformer> Build(IDataView data, string folder)
    {
        var steps = new List<ITransformer>();
        data = Add(steps, Catalogs.Transforms.CopyColumns(PortableColumns.Query, step.InputColumnName).Fit(data), data);
        data = Add(steps, Onnx(data, SearchGraph.Build(_index.Value, step.Options.K), folder,
            [PortableColumns.Keys, PortableColumns.Scores], [PortableColumns.Query]), data);
        data = Add(steps, Catalogs.Transforms
            .CopyColumns([new(step.KeysOutputColumnName, PortableColumns.Keys), new(step.ScoresOutputColumnName, PortableColumns.Scores)])
            .Fit(data), data);
        Add(steps, Catalogs.Transforms.DropColumns(PortableColumns.Query, PortableColumns.Keys, PortableColumns.Scores).Fit(data), data);
        return steps;
    }

    public override float Compare(ITransformer stock, string folder)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(QueryRow));
        definition[0].ColumnName = step.InputColumnName;
        definition[0].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _index.Value.EmbeddingSize);
        var random = new Random(0);
        IDataView rows = Catalogs.Data.LoadFromEnumerable(
            Enumerable.Range(0, ComparedQueries).Select(_ => new QueryRow
            {
                Value = [.. Enumerable.Range(0, _index.Value.EmbeddingSize).Select(_ => random.NextSingle() - 0.5f)],
            }).ToArray(), definition);
        IDataView expected = step.Transform(rows), found = stock.Transform(rows);
        float[] scores = Scores(expected);
        float difference = Difference(scores, Scores(found));
        // Keys, where no other score is so near that rounding may have changed the order.
        (string[] keys, string[] foundKeys) = (Keys(expected), Keys(found));
        int k = step.Options.K;
        for (int i = 0; i < keys.Length; i++)
        {
            bool apart = (i % k == 0 || scores[i - 1] - scores[i] > Tolerance) && i % k < k - 1 && scores[i] - scores[i + 1] > Tolerance;
            if (apart && keys[i] != foundKeys[i]) return float.PositiveInfinity;
        }
        return difference;
    }

    private float[] Scores(IDataView view) => [.. view.GetColumn<float[]>(step.ScoresOutputColumnName).SelectMany(s => s)];

    private string[] Keys(IDataView view) =>
        [.. view.GetColumn<ReadOnlyMemory<char>[]>(step.KeysOutputColumnName).SelectMany(k => k.Select(t => t.ToString()))];

    private sealed class QueryRow
    {
        [VectorType(1)]
        public float[] Value { get; set; } = [];
    }
}
