using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Models;

/// <summary>Disposing what was handed out must not close what others use. Containers: <see cref="Hosting.ContainerOwnedTests"/>.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public OwnershipTests() => _file = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_property_of_the_library_hands_out_something_to_dispose() =>
        Assert.Equal(["SwanModel.Default"], HandedOut.ByProperties(typeof(SwanModel).Assembly));

    [Fact]
    public void Methods_that_hand_out_something_to_dispose_make_it_for_the_caller() =>
        Assert.Equal(
            [
                "SwanCatalog.BuildLiveIndex", "SwanCatalog.LoadModel", "SwanEmbeddingEstimator.Fit", "SwanLiveIndex.Create",
                "SwanLiveIndex.Open", "SwanLiveIndex.OpenWriter", "SwanLiveIndex.Snapshot", "SwanModel.Open", "SwanModel.OpenDefault",
                "SwanSearchEstimator.Fit",
            ],
            HandedOut.ByMethods(typeof(SwanModel).Assembly));

    [Fact]
    public void A_disposed_pipeline_leaves_the_model_that_it_was_given()
    {
        using SwanModel model = SwanModel.Open(_file);
        foreach (SwanModel given in (SwanModel[])[model, SwanModel.Default])
        {
            float[] before = given.EmbedCaption("river");
            SwanEmbeddingTransformer pipeline = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", given).Fit(Rows());
            Assert.Single(pipeline.Transform(Rows()).GetColumn<float[]>("Embedding"));
            pipeline.Dispose();
            pipeline.Dispose();
            Assert.Equal(before, given.EmbedCaption("river"));
        }
    }

    [Fact]
    public void A_pipeline_that_a_prediction_engine_closed_names_the_option_that_keeps_it()
    {
        SwanEmbeddingEstimator estimator = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _file);
        using SwanEmbeddingTransformer closed = estimator.Fit(Rows()), other = estimator.Fit(Rows());
        using (var keeps = _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(
            closed, new PredictionEngineOptions { OwnsTransformer = false }))
        {
            keeps.Predict(new TextRow { Text = "river" });
        }
        Assert.Single(closed.Transform(Rows()).GetColumn<float[]>("Embedding"));
        _ml.Model.CreatePredictionEngine<TextRow, EmbeddedRow>(closed).Dispose();
        ObjectDisposedException e = Assert.Throws<ObjectDisposedException>(
            () => closed.Transform(Rows()).GetColumn<float[]>("Embedding").ToList());
        Assert.Contains("PredictionEngineOptions { OwnsTransformer = false }", e.Message, StringComparison.Ordinal);
        Assert.Single(other.Transform(Rows()).GetColumn<float[]>("Embedding"));
    }

    private IDataView Rows() => _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
}
