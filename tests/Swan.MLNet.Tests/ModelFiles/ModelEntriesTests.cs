using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.ModelFiles;

/// <summary>Entries stay in their file: no memory, and never those of another file.</summary>
public sealed class ModelEntriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_file_keeps_no_entry_in_memory()
    {
        SwanModelFile file = SwanModelFile.Read(TinyModel.Write(_folder.FullName));
        using SwanModel model = SwanModel.Open(file, new SwanModelOptions { Towers = SwanTowers.AtOnce });
        WeakReference[] entries = Entries(file);
        GC.Collect();
        Assert.All(entries, entry => Assert.False(entry.IsAlive));
        Assert.Equal(TinyModel.ImageOnnx, file.ImageOnnx.ToArray());
        Assert.NotEmpty(model.EmbedCaption("river"));
    }

    [Fact]
    public void A_model_goes_on_with_its_file_after_another_replaced_it()
    {
        string path = TinyModel.Write(_folder.FullName);
        using SwanModel model = SwanModel.Open(path), same = SwanModel.Open(path);
        float[] expected = model.EmbedCaption("green river");
        string other = _folder.File("other.swan");
        SwanModelFile.Write(
            other, TinyModel.Card, TinyModel.ImageOnnx, TinyModel.TextOnnx, [.. TinyModel.Vocabulary, (byte)'\n']);
        File.Move(other, path, overwrite: true);
        Assert.Equal(expected, same.EmbedCaption("green river"));
        File.Delete(path);
        using SwanModel third = SwanModel.Open(same.File);
        Assert.Equal(expected, third.EmbedCaption("green river"));
    }

    [Fact]
    public void A_file_that_was_written_into_is_refused_and_never_mixed()
    {
        string path = TinyModel.Write(_folder.FullName);
        SwanModelFile file = SwanModelFile.Read(path);
        using SwanModel model = SwanModel.Open(file);
        Assert.NotEmpty(model.EmbedCaption("green river"));
        byte[] other = File.ReadAllBytes(Other());
        File.WriteAllBytes(path, other);
        Assert.Contains("SHA-256", Assert.Throws<SwanFormatException>(() => SwanModel.Open(
            file, new SwanModelOptions { Towers = SwanTowers.AtOnce })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "SHA-256", Assert.Throws<SwanFormatException>(() => file.Save(_folder.File("copy.swan"))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("copy.swan")));
        // What is open stays usable.
        Assert.NotEmpty(model.EmbedCaption("green river"));
        File.WriteAllBytes(path, other[..40]);
        Assert.Throws<SwanFormatException>(() => file.Validate());
    }

    [Fact]
    public void A_pipeline_can_be_saved_after_its_model_file_is_gone()
    {
        string path = TinyModel.Write(_folder.FullName);
        IDataView rows = _ml.Data.LoadFromEnumerable([new TextRow { Text = "green river" }]);
        using SwanEmbeddingTransformer fitted = Captions(path).Fit(rows);
        File.Delete(path);
        _ml.Model.Save(fitted, rows.Schema, _folder.File("captions.zip"));
        ITransformer loaded = _ml.Model.Load(_folder.File("captions.zip"), out _);
        using var owned = loaded as IDisposable;
        Assert.Equal(
            fitted.Transform(rows).GetColumn<float[]>("Embedding").Single(),
            loaded.Transform(rows).GetColumn<float[]>("Embedding").Single());
    }

    [Fact]
    public void A_pipeline_of_captions_does_not_read_the_image_tower()
    {
        string path = EditedModelFile.Write(
            TinyModel.Write(_folder.FullName), _folder.File("damaged.swan"), entries => entries["image.onnx"][^1] ^= 1, null);
        IDataView rows = _ml.Data.LoadFromEnumerable([new TextRow { Text = "green river" }]);
        using SwanEmbeddingTransformer fitted = Captions(path).Fit(rows);
        Assert.Single(fitted.Transform(rows).GetColumn<float[]>("Embedding"));
    }

    [Fact]
    public void A_pipeline_that_only_serves_keeps_no_bytes_to_save()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new TextRow { Text = "green river" }]);
        string saved = _folder.File("captions.zip");
        using (SwanEmbeddingTransformer fitted = Captions(TinyModel.Write(_folder.FullName)).Fit(rows))
            _ml.Model.Save(fitted, rows.Schema, saved);
        ITransformer serving = _ml.Swan().LoadPipeline(saved, out DataViewSchema schema, new SwanLoadOptions { ServesOnly = true });
        using var owned = serving as IDisposable;
        Assert.Single(serving.Transform(rows).GetColumn<float[]>("Embedding"));
        Exception refused = Assert.ThrowsAny<Exception>(() => _ml.Model.Save(serving, schema, _folder.File("again.zip")));
        Assert.Contains("released its model's bytes", refused.ToString(), StringComparison.Ordinal);
    }

    private SwanEmbeddingEstimator Captions(string path) => _ml.Transforms.SwanEmbedding(
        "Embedding", nameof(TextRow.Text), path, new SwanEmbeddingOptions { Input = SwanInput.Caption });

    // A vocabulary with one line break more: the same words under another hash.
    private string Other()
    {
        string other = _folder.File("other.swan");
        byte[] image = [.. TinyModel.ImageOnnxOf(16)];
        SwanModelFile.Write(other, TinyModel.Card, image, TinyModel.TextOnnx, [.. TinyModel.Vocabulary, (byte)'\n']);
        return other;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Entries(SwanModelFile file) =>
        [.. new[] { file.ImageOnnx, file.TextOnnx, file.Vocabulary }.Select(memory =>
            new WeakReference(MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> bytes) ? bytes.Array : new object()))];
}
