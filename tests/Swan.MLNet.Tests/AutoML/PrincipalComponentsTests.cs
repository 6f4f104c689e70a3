using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.AutoML;

namespace Swan.MLNet.Tests.AutoML;

public sealed class PrincipalComponentsTests
{
    private const int Size = 257;

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(5), InlineData(32), InlineData(100), InlineData(119), InlineData(128), InlineData(160), InlineData(199), InlineData(256)]
    public void Components_are_those_of_most_variance_however_many_are_asked_for(int dimensions)
    {
        (IDataView data, double[] planted) = Planted(rows: 200);
        double[] kept = Variances(Features(data, new() { Dimensions = dimensions }));
        for (int i = 0; i < Math.Min(dimensions, planted.Length); i++) Assert.Equal(planted[i], kept[i], planted[i] * 1e-3);
        for (int i = planted.Length; i < dimensions; i++) Assert.Equal(0, kept[i], 1e-9);
    }

    [Fact]
    public void Directions_in_which_nothing_varies_stay_nothing_when_values_are_scaled()
    {
        (IDataView data, double[] planted) = Planted(rows: 200);
        double[] scaled = Variances(Features(data, new() { Dimensions = 199, Normalization = SwanNormalization.Standard }));
        Assert.All(scaled[..planted.Length], variance => Assert.Equal(1, variance, 1e-3));
        Assert.All(scaled[planted.Length..], variance => Assert.Equal(0, variance));
    }

    [Fact]
    public void Few_rows_span_few_components()
    {
        (IDataView data, _) = Planted(rows: 3);
        double[] kept = Variances(Features(data, new() { Dimensions = 64 }));
        Assert.All(kept[2..], variance => Assert.Equal(0, variance, 1e-9));
        double whole = Variances([.. data.GetColumn<float[]>("Embedding")]).Sum();
        Assert.Equal(whole, kept.Sum(), whole * 1e-4);
    }

    [Fact]
    public void Rows_without_an_embedding_teach_nothing_and_none_at_all_is_refused()
    {
        (IDataView data, _) = Planted(rows: 50);
        float[] missing = [.. Enumerable.Repeat(float.NaN, Size)];
        IDataView some = Rows([.. data.GetColumn<float[]>("Embedding"), missing]);
        var estimator = SwanEstimatorFactories.Features(_ml, new() { Dimensions = 8 });
        Assert.Equal(
            estimator.Fit(data).Transform(data).GetColumn<float[]>("Features").First(),
            estimator.Fit(some).Transform(some).GetColumn<float[]>("Features").First());
        string message = Assert.Throws<InvalidOperationException>(() => estimator.Fit(Rows([missing]))).Message;
        Assert.Contains("No row has an embedding in the column 'Embedding'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_projection_gives_the_same_values()
    {
        (IDataView data, _) = Planted(rows: 60);
        ITransformer fitted = SwanEstimatorFactories.Features(_ml, new() { Dimensions = 130 }).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(fitted, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(fitted.Transform(data).GetColumn<float[]>("Features"), loaded.Transform(data).GetColumn<float[]>("Features"));
    }

    private float[][] Features(IDataView data, SwanFeatureStepOptions options) =>
        [.. SwanEstimatorFactories.Features(_ml, options).Fit(data).Transform(data).GetColumn<float[]>("Features")];

    // Thirty directions of falling variance, at right angles to each other in the rows and in space, around a mean.
    private (IDataView Data, double[] Variances) Planted(int rows)
    {
        var random = new Random(1);
        int directions = Math.Min(30, rows - 1);
        double[][] axes = Orthonormal(random, directions, Size, center: false),
            weights = Orthonormal(random, directions, rows, center: true);
        double[] spreads = [.. Enumerable.Range(0, directions).Select(i => Math.Pow(0.8, i))];
        var vectors = new float[rows][];
        for (int r = 0; r < rows; r++)
        {
            vectors[r] = new float[Size];
            for (int d = 0; d < Size; d++)
                vectors[r][d] = (float)(0.2 + Enumerable.Range(0, directions).Sum(i => spreads[i] * weights[i][r] * axes[i][d]));
        }
        return (Rows(vectors), [.. spreads.Select(spread => spread * spread / rows)]);
    }

    private IDataView Rows(float[][] vectors)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Embedding)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Size);
        return _ml.Data.LoadFromEnumerable(vectors.Select(vector => new Row { Embedding = vector }).ToArray(), schema);
    }

    private static double[][] Orthonormal(Random random, int count, int size, bool center)
    {
        var vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            double[] v = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5)];
            if (center) v = [.. v.Select(x => x - v.Average())];
            for (int twice = 0; twice < 2; twice++)
            {
                foreach (double[] before in vectors.Take(i))
                {
                    double along = before.Zip(v, (x, y) => x * y).Sum();
                    v = [.. v.Zip(before, (x, y) => x - along * y)];
                }
            }
            double length = Math.Sqrt(v.Sum(x => x * x));
            vectors[i] = [.. v.Select(x => x / length)];
        }
        return vectors;
    }

    private static double[] Variances(float[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(d =>
    {
        double mean = rows.Average(row => (double)row[d]);
        return rows.Average(row => (row[d] - mean) * (row[d] - mean));
    })];

    private sealed class Row
    {
        public float[] Embedding { get; set; } = [];
    }
}
