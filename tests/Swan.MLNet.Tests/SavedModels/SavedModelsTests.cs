using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.SavedModels;

public sealed class SavedModelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v1-captions.zip")]
    [InlineData("v2-captions.zip")]
    public void Captions_of_each_version_load_and_get_the_same_vectors(string saved)
    {
        using SwanEmbeddingTransformer loaded = Load(saved);
        Assert.Equal((SwanInput.Caption, true, null), (loaded.Input, loaded.IsRowToRowMapper, loaded.ErrorColumnName));
        IDataView data = _ml.Data.LoadFromEnumerable(TinyModel.Sentences.Select(s => new TextRow { Text = s }).ToArray());
        EmbeddedRow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(loaded.Transform(data), reuseRowObject: false)];
        for (int i = 0; i < rows.Length; i++) TinyModel.Same(TinyModel.CaptionEmbedding(TinyModel.Sentences[i]), rows[i].Embedding);
    }

    /// <summary>Version 1 had OnUnreadable = MissingValues, without an error column.</summary>
    [Theory]
    [InlineData("v1-image-paths.zip", null)]
    [InlineData("v2-image-paths.zip", "Why")]
    public void Image_paths_of_each_version_load_and_get_the_same_vectors_and_missing_values(string saved, string? errorColumn)
    {
        using var loaded = (SwanEmbeddingTransformer)_ml.Swan().LoadPipeline(
            Path.Combine(AppContext.BaseDirectory, "SavedModels", saved), out _, new SwanLoadOptions { ImageFolder = _folder.FullName });
        // What they were saved without is safe.
        Assert.True(loaded.Options.RestrictToImageFolder);
        Assert.Equal((SwanInput.ImagePath, true, errorColumn), (loaded.Input, loaded.IsRowToRowMapper, loaded.ErrorColumnName));
        string[] names =
        [
            .. Enumerable.Range(0, 5).Select(i => Path.GetFileName(TinyImages.Write(_folder.FullName, $"{i}.png", i))), "none.png",
        ];
        IDataView data = _ml.Data.LoadFromEnumerable(names.Select(n => new TextRow { Text = n }).ToArray());
        EmbeddedRow[] rows = [.. _ml.Data.CreateEnumerable<EmbeddedRow>(loaded.Transform(data), reuseRowObject: false)];
        for (int i = 0; i < 5; i++)
            TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File(names[i]))), rows[i].Embedding);
        Assert.All(rows[5].Embedding, v => Assert.True(float.IsNaN(v)));
    }

    private SwanEmbeddingTransformer Load(string saved) =>
        (SwanEmbeddingTransformer)_ml.Model.Load(Path.Combine(AppContext.BaseDirectory, "SavedModels", saved), out _);
}
