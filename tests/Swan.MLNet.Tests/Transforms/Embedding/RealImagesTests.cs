using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>Pipelines over real files, good and hostile; skipped where there are none.</summary>
public sealed class RealImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public RealImagesTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_hostile_file_is_an_embedding_or_an_error_with_a_reason_and_skipping_leaves_the_embeddings()
    {
        string[] files = Files("hostile", "*");
        IDataView data = Paths(files);
        ErrorRow[] rows = [.. _ml.Data.CreateEnumerable<ErrorRow>(Embed(data, SwanOnError.Missing), reuseRowObject: false)];
        Assert.Equal(files.Length, rows.Length);
        string[] reasons = [.. Enum.GetNames<ImageFault>().Select(n => n + ": '")];
        foreach (ErrorRow row in rows)
        {
            if (row.EmbeddingError.Length == 0) Assert.Equal(1, Math.Sqrt(row.Embedding.Sum(v => v * (double)v)), tolerance: 1e-5);
            else
            {
                Assert.True(float.IsNaN(row.Embedding[0]) && reasons.Any(r => row.EmbeddingError.StartsWith(r, StringComparison.Ordinal)),
                    row.EmbeddingError);
            }
        }
        Assert.Contains(rows, r => r.EmbeddingError.Length > 0);
        EmbeddedRow[] kept = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(Embed(data, SwanOnError.Skip), reuseRowObject: false)];
        Assert.Equal(rows.Where(r => r.EmbeddingError.Length == 0).Select(r => r.Number), kept.Select(r => r.Number));
    }

    [Fact]
    public void A_pipeline_and_EmbedImages_agree_over_a_thousand_images()
    {
        string[] files = Files(Path.Combine("rsicd", "images"), "*_1*.jpg").Take(1000).ToArray();
        using SwanModel model = SwanModel.Open(_model);
        float[] expected = model.EmbedImages(files, cancellationToken: TestContext.Current.CancellationToken);
        EmbeddedRow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(
            _ml.Transforms.SwanEmbedding("Embedding", "Text", model).Fit(Paths(files)).Transform(Paths(files)), reuseRowObject: false)];
        Assert.Equal(files.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
            TinyModel.Same(expected.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize), rows[i].Embedding);
    }

    private IDataView Embed(IDataView data, SwanOnError onError) =>
        _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { OnError = onError }).Fit(data).Transform(data);

    private IDataView Paths(string[] files) =>
        _ml.Data.LoadFromEnumerable(files.Select((f, i) => new TextRow { Text = f, Number = i }).ToArray());

    private static string[] Files(string folder, string pattern)
    {
        string? data = Environment.GetEnvironmentVariable("SWAN_DATA");
        Assert.SkipUnless(Directory.Exists(data), "SWAN_DATA names no folder with real images");
        string[] files = Directory.GetFiles(Path.Combine(data!, folder), pattern, SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        Assert.NotEmpty(files);
        return files;
    }
}
