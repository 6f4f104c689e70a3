using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Hosting;

namespace Swan.Testing;

/// <summary>Saved pipelines that embed a caption and answer which of them they are.</summary>
public static class TinyPipeline
{
    /// <summary>The bytes of a saved pipeline.</summary>
    /// <param name="folder">For the model file.</param>
    /// <param name="version">What <see cref="Answer.Version"/> is going to be.</param>
    /// <param name="length">The length to fill up to; 0 leaves it as it is.</param>
    public static byte[] Bytes(TemporaryFolder folder, int version, int length = 0)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new Query { Text = "river" }]);
        IEstimator<ITransformer> pipeline = ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(folder.FullName))
            .Append(ml.Transforms.Expression("Version", $"(x) => x * 0f + {version}f", "Number"));
        using var stream = new MemoryStream();
        ITransformer fitted = pipeline.Fit(data);
        ml.Model.Save(fitted, data.Schema, stream);
        ((IDisposable)fitted).Dispose();
        if (length == 0) return stream.ToArray();
        using var padded = new MemoryStream();
        padded.Write(stream.ToArray());
        int missing = length - (int)padded.Length;
        using (var zip = new ZipArchive(padded, ZipArchiveMode.Update, leaveOpen: true)) zip.Comment = new string('.', missing);
        return padded.ToArray();
    }

    /// <summary>Times for tests: short, because nothing but the tests waits for them.</summary>
    public static SwanPredictionEnginePoolOptions Options(string path) => new()
    {
        PipelinePath = path,
        QuietPeriod = TimeSpan.FromMilliseconds(20),
        PollInterval = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>The safe way: a rename over the file.</summary>
    public static void Replace(string path, byte[] bytes)
    {
        string temporary = $"{path}.new";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }

    public class Query
    {
        public virtual string Text { get; set; } = "";

        public float Number { get; set; }
    }

    public sealed class Answer
    {
        [VectorType(TinyModel.EmbeddingSize)]
        public float[] Embedding { get; set; } = [];

        public float Version { get; set; }
    }
}
