using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Swan.MLNet.AutoML;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Catalog;

/// <summary>Nothing of Swan changes what a trainer learns that is made after it in the same context.</summary>
public sealed class SeedsTests : IDisposable
{
    // Of another context: loading rows draws from a context's generator, too.
    private static readonly DataOperationsCatalog Data = new MLContext(seed: 7).Data;
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public SeedsTests() => _model = TinyModel.Write(_folder.FullName);

    public static TheoryData<string> Calls => [.. Actions.Keys];

    private static Dictionary<string, Action<SeedsTests, MLContext>> Actions { get; } = new()
    {
        ["LoadModel"] = static (t, ml) => ml.Swan().LoadModel(t._model).Dispose(),
        ["BuildIndex"] = static (t, ml) => ml.Swan().BuildIndex(t.Captions(ml, "river", "bridge"), "Embedding", "Text"),
        ["BuildIndex with rows that can't be found"] =
            static (t, ml) => ml.Swan().BuildIndex(t.Captions(ml, "river", "", "bridge", "..."), "Embedding"),
        ["LoadIndex"] = static (t, ml) =>
        {
            SearchRows.Index().Save(t._folder.File("gallery.swanindex"));
            ml.Swan().LoadIndex(t._folder.File("gallery.swanindex"));
        },
        ["EvaluateRetrieval"] = static (t, ml) =>
        {
            IDataView captions = t.Captions(ml, "river", "bridge");
            ml.Swan().EvaluateRetrieval(captions, captions, imageKeyColumnName: "Text");
        },
        ["SaveRows"] = static (t, ml) => ml.Swan().SaveRows(Rows(), t._folder.File("rows.idv")),
        ["LoadPipeline"] = static (t, ml) =>
        {
            string path = t._folder.File("pipeline.zip");
            File.WriteAllBytes(path, TinyPipeline.Bytes(t._folder, version: 1));
            ((IDisposable)ml.Swan().LoadPipeline(path, out _)).Dispose();
        },
        ["SavePortable"] = static (t, ml) =>
        {
            IDataView images = Data.LoadFromEnumerable(Array.Empty<ImageRow>());
            using SwanEmbeddingTransformer embedding = ml.Transforms.SwanEmbedding("Embedding", "Image", t._model).Fit(images);
            ml.Swan().SavePortable(embedding, images.Schema, t._folder.File("portable.zip"));
        },
        ["SwanSearch"] = static (_, ml) =>
        {
            IDataView queries = Data.LoadFromEnumerable(SearchRows.Queries(3));
            IDataView found = ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index()).Fit(queries).Transform(queries);
            Assert.Equal(3, found.GetColumn<float[]>("Scores").Count());
        },
        ["SwanZeroShot"] = static (t, ml) =>
        {
            IDataView captions = t.Captions(ml, "river", "bridge");
            var options = new SwanZeroShotOptions { Classes = ["river", "bridge", "terminal"] };
            IDataView labeled = ml.Transforms.SwanZeroShot("Label", "Scores", "Embedding", t._model, options).Fit(captions)
                .Transform(captions);
            Assert.Equal(2, labeled.GetColumn<float[]>("Scores").Count());
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public void What_later_trainers_learn_does_not_depend_on(string call)
    {
        var plain = new MLContext(seed: 1);
        var used = new MLContext(seed: 1);
        Actions[call](this, used);
        Assert.Equal(Classifier(plain), Classifier(used));
        Assert.Equal(Centroids(plain), Centroids(used));
    }

    [Fact]
    public void What_later_trainers_learn_does_not_depend_on_whether_features_were_projected()
    {
        MLContext[] contexts = [.. new[] { 1, 2 }.Select(dimensions =>
        {
            var ml = new MLContext(seed: 1);
            var options = new SwanFeatureStepOptions { InputColumnName = nameof(Row.Values), Dimensions = dimensions };
            SwanEstimatorFactories.Features(ml, options).Fit(Rows());
            return ml;
        })];
        Assert.Equal(Classifier(contexts[0]), Classifier(contexts[1]));
    }

    [Fact]
    public void The_trainers_of_these_tests_depend_on_the_seed()
    {
        Assert.NotEqual(Classifier(new MLContext(seed: 1)), Classifier(new MLContext(seed: 2)));
        Assert.NotEqual(Centroids(new MLContext(seed: 1)), Centroids(new MLContext(seed: 2)));
    }

    private static float[] Classifier(MLContext ml)
    {
        var trainer = ml.BinaryClassification.Trainers.SdcaLogisticRegression(
            new() { LabelColumnName = nameof(Row.Label), FeatureColumnName = nameof(Row.Values), NumberOfThreads = 1 });
        return [.. trainer.Fit(Rows()).Model.SubModel.Weights];
    }

    private static float[] Centroids(MLContext ml)
    {
        var trainer = ml.Clustering.Trainers.KMeans(
            new() { FeatureColumnName = nameof(Row.Values), NumberOfClusters = 5, NumberOfThreads = 1 });
        VBuffer<float>[] centroids = [];
        trainer.Fit(Rows()).Model.GetClusterCentroids(ref centroids, out _);
        return [.. centroids.SelectMany(c => c.DenseValues())];
    }

    private static IDataView Rows()
    {
        var random = new Random(3);
        return Data.LoadFromEnumerable(
            Enumerable.Range(0, 60).Select(i => new Row { Values = [random.NextSingle(), random.NextSingle()], Label = i % 3 == 0 })
                .ToArray());
    }

    private IDataView Captions(MLContext ml, params string[] texts)
    {
        IDataView rows = Data.LoadFromEnumerable(texts.Select(t => new TextRow { Text = t }).ToArray());
        var options = new SwanEmbeddingOptions { OnError = SwanOnError.Missing };
        return ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model, options).Fit(rows).Transform(rows);
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Values { get; set; } = [];

        public bool Label { get; set; }
    }
}
