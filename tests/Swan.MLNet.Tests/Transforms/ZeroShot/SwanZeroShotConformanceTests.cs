using Microsoft.ML;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanZeroShotConformanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public SwanZeroShotConformanceTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Zero_shot_labels_do_what_ML_NET_demands_of_every_estimator() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options), Rows(), Invalid());

    [Fact]
    public void Zero_shot_labels_over_a_cached_and_shuffled_source_conform() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanZeroShot("PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options), _ml.Data.Cache(Rows()),
        Invalid());

    [Fact]
    public void Outputs_that_hide_the_input_are_fine() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanZeroShot("Scene", "Embedding", "Embedding", _model, ZeroShotRows.Options), Rows(), Invalid());

    [Fact]
    public void Zero_shot_labels_behind_a_batched_embedding_conform() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanCaptionEmbedding("Embedding", "Scene", _model)
            .AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options), Rows());

    private IDataView Rows() => _ml.Data.LoadFromEnumerable(ZeroShotRows.Rows(11));

    private IDataView[] Invalid() =>
    [
        _ml.Data.LoadFromEnumerable([new OtherRow()]), // no such column
        _ml.Data.LoadFromEnumerable([new ScalarRow()]),
        _ml.Data.LoadFromEnumerable([new UnsizedRow { Embedding = [1, 0, 0] }]),
    ];

    private sealed class ScalarRow
    {
        public float Embedding { get; set; }
    }

    private sealed class UnsizedRow
    {
        public float[] Embedding { get; set; } = [];
    }
}
