using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Swan.MLNet.Search;

namespace BatchClassification;

/// <summary>What a job computes from each embedding: the class, its probability, the most similar example, and a doubt.</summary>
internal sealed class ExampleClassifier
{
    private const float LeastProbability = 0.5f;

    private readonly MLContext _ml;
    private readonly ITransformer _classes;
    private readonly SwanIndex _examples;

    private ExampleClassifier(MLContext ml, ITransformer classes, SwanIndex examples, float leastSimilarity) =>
        (_ml, _classes, _examples, LeastSimilarity) = (ml, classes, examples, leastSimilarity);

    /// <summary>The columns beside <c>label</c>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["probability", "nearest", "similarity", "review"];

    /// <summary>19 of 20 examples are more similar than this to another one.</summary>
    public float LeastSimilarity { get; }

    public static ExampleClassifier Train(MLContext ml, Examples examples)
    {
        // Trainers read their rows many times, so the embeddings are kept in memory.
        IDataView rows = ml.Data.LoadFromEnumerable(examples.Rows);
        IDataView embedded = ml.Data.Cache(ml.Transforms.SwanEmbedding("embedding", "Path").Fit(rows).Transform(rows));
        SwanIndex index = ml.Swan().BuildIndex(embedded, "embedding", "Key");

        // One thread: on several, the sums of the trainer vary in their last bits, and shards of one job run on many machines.
        ITransformer classes = ml.Transforms.Conversion
            .MapValueToKey("Class", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = "Class",
                FeatureColumnName = "embedding",
                L1Regularization = 0,
                L2Regularization = 0.01f,
                NumberOfThreads = 1,
            }))
            .Fit(embedded).LastTransformer;

        float[] similarities = [.. index.Keys.Select(key => index.SearchLike(key, new() { K = 1 })[0].Score).Order()];
        return new ExampleClassifier(ml, classes, index, similarities[similarities.Length / 20]);
    }

    /// <summary>The steps of the job. A row that could not be embedded has NaN everywhere, and is not written.</summary>
    public ITransformer Create(IDataView rows)
    {
        IEstimator<ITransformer> rest = _ml.Transforms.Conversion.MapKeyToValue("label", "PredictedLabel")
            .Append(_ml.Transforms.SwanSearch("Keys", "Scores", "embedding", _examples, new() { K = 1 }))
            .Append(_ml.Transforms.CustomMapping<Scored, Judged>(Judge, contractName: null));
        return new TransformerChain<ITransformer>(_classes, rest.Fit(_classes.Transform(rows)));
    }

    private void Judge(Scored scored, Judged judged)
    {
        judged.Probability = scored.Score.DenseValues().Max();
        judged.Nearest = scored.Keys.DenseValues().First();
        judged.Similarity = scored.Scores.DenseValues().First();
        judged.Review = judged.Probability < LeastProbability || judged.Similarity < LeastSimilarity;
    }

    private sealed class Scored
    {
        [VectorType]
        public VBuffer<float> Score { get; set; }

        [VectorType]
        public VBuffer<ReadOnlyMemory<char>> Keys { get; set; }

        [VectorType]
        public VBuffer<float> Scores { get; set; }
    }

    private sealed class Judged
    {
        [ColumnName("probability")]
        public float Probability { get; set; }

        [ColumnName("nearest")]
        public ReadOnlyMemory<char> Nearest { get; set; }

        [ColumnName("similarity")]
        public float Similarity { get; set; }

        [ColumnName("review")]
        public bool Review { get; set; }
    }
}
