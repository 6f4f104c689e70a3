using Microsoft.ML;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanSearchConformanceTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(64, 9)] // more than the gallery has
    public void Searching_does_what_ML_NET_demands_of_every_estimator(int batchSize, int k) => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index(), new() { BatchSize = batchSize, K = k }), Queries(),
        Invalid());

    [Fact]
    public void Searching_a_cached_and_shuffled_source_conforms() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index(), new() { BatchSize = 4 }), _ml.Data.Cache(Queries()),
        Invalid());

    [Fact]
    public void Outputs_that_hide_the_input_are_fine() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanSearch("Number", "Query", "Query", SearchRows.Index()), Queries(), Invalid());

    [Fact]
    public void An_index_that_knows_its_model_keeps_it() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index(new ModelIdentity("rsicd", "abc"))), Queries(),
        Invalid());

    private IDataView Queries() => _ml.Data.LoadFromEnumerable(SearchRows.Queries(11));

    private IDataView[] Invalid() =>
    [
        _ml.Data.LoadFromEnumerable([new OtherRow()]), // no such column
        _ml.Data.LoadFromEnumerable([new ScalarQueryRow()]),
        _ml.Data.LoadFromEnumerable([new TextQueryRow()]),
        _ml.Data.LoadFromEnumerable([new UnsizedQueryRow { Query = [1, 0, 0] }]),
    ];

    private sealed class ScalarQueryRow
    {
        public float Query { get; set; }
    }

    private sealed class TextQueryRow
    {
        public string Query { get; set; } = "";
    }

    private sealed class UnsizedQueryRow
    {
        public float[] Query { get; set; } = [];
    }
}
