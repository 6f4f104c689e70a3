using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.Benchmarks.Contenders;

/// <summary>Our pipeline with its defaults: <c>SwanEmbedding</c> from a column of image paths.</summary>
internal sealed class SwanContender : Contender
{
    private const string Embedding = "Embedding";
    private readonly IDataView _data;
    private readonly Swan.MLNet.Transforms.SwanEmbeddingTransformer _pipeline;

    public SwanContender(string model, string[] paths, long rows)
    {
        var ml = new MLContext();
        _data = ImageRows.Stream(ml, paths, rows);
        _pipeline = ml.Transforms.SwanEmbedding(Embedding, nameof(ImageRow.ImagePath), model).Fit(_data);
    }

    public override void Run(EmbeddingReader read) => ReadColumn(_pipeline.Transform(_data), Embedding, read);

    public override void Dispose() => _pipeline.Dispose();
}
