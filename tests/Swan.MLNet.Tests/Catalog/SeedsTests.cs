using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Swan.MLNet.AutoML;
using Swan.MLNet.Hosting;
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
        ["a pool"] = static (t, ml) => t.Pool(ml).Dispose(),
        ["a pool with parallel Predict"] = static (t, ml) =>
        {
            const int Threads = 4;
            using SwanPredictionEnginePool<TinyPipeline.Query, TinyPipeline.Answer> pool = t.Pool(ml);
            // Each holds an engine until all have one.
            using var all = new Barrier(Threads);
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() => pool.Predict(new MeetingQuery(all))))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
        },
        ["a pool that reloads"] = static (t, ml) =>
        {
            using SwanPredictionEnginePool<TinyPipeline.Query, TinyPipeline.Answer> pool = t.Pool(ml);
            TinyPipeline.Replace(t._folder.File("pool.zip"), TinyPipeline.Bytes(t._folder, version: 2));
            Assert.True(SpinWait.SpinUntil(() => pool.Version == 2, TimeSpan.FromMinutes(1)));
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

    [Theory]
    [InlineData(0, SwanNormalization.UnitLength, 1)]
    [InlineData(1, SwanNormalization.None, 1)]
    [InlineData(2, SwanNormalization.None, 1)]
    [InlineData(1, SwanNormalization.Standard, 0)]
    [InlineData(1, SwanNormalization.Standard, 2)]
    public void What_later_trainers_learn_does_not_depend_on_how_features_are_made(
        int dimensions, SwanNormalization normalization, int fits)
    {
        MLContext plain = AfterFeatures(dimensions: 0, SwanNormalization.None, fits: 1);
        MLContext other = AfterFeatures(dimensions, normalization, fits);
        Assert.Equal(Classifier(plain), Classifier(other));
        Assert.Equal(Centroids(plain), Centroids(other));
    }

    [Fact]
    public void The_trainers_of_these_tests_depend_on_the_seed()
    {
        Assert.NotEqual(Classifier(new MLContext(seed: 1)), Classifier(new MLContext(seed: 2)));
        Assert.NotEqual(Centroids(new MLContext(seed: 1)), Centroids(new MLContext(seed: 2)));
    }

    private static MLContext AfterFeatures(int dimensions, SwanNormalization normalization, int fits)
    {
        var ml = new MLContext(seed: 1);
        var options = new SwanFeatureStepOptions
        {
            InputColumnName = nameof(Row.Values), Dimensions = dimensions, Normalization = normalization,
        };
        IEstimator<ITransformer> features = SwanEstimatorFactories.Features(ml, options);
        for (int i = 0; i < fits; i++) features.Fit(Rows());
        return ml;
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

    private SwanPredictionEnginePool<TinyPipeline.Query, TinyPipeline.Answer> Pool(MLContext ml)
    {
        string path = _folder.File("pool.zip");
        TinyPipeline.Replace(path, TinyPipeline.Bytes(_folder, version: 1));
        return new(TinyPipeline.Options(path), ml);
    }

    private IDataView Captions(MLContext ml, params string[] texts)
    {
        IDataView rows = Data.LoadFromEnumerable(texts.Select(t => new TextRow { Text = t }).ToArray());
        var options = new SwanEmbeddingOptions { OnError = SwanOnError.Missing };
        return ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model, options).Fit(rows).Transform(rows);
    }

    private sealed class MeetingQuery(Barrier all) : TinyPipeline.Query
    {
        public override string Text
        {
            get
            {
                all.SignalAndWait();
                return "river";
            }
        }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Values { get; set; } = [];

        public bool Label { get; set; }
    }
}
