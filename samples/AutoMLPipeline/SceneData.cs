using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Swan.MLNet.AutoML;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;

namespace AutoMLPipeline;

/// <summary>An image with its scene.</summary>
/// <param name="ImagePath">The file.</param>
/// <param name="Scene">In words, such as <c>storage tanks</c>.</param>
/// <param name="Neighbors">Images that must not be torn apart by a split.</param>
internal sealed record SceneImage(string ImagePath, string Scene, string Neighbors);

/// <summary>A set of images whose embeddings are computed once for each model and number of rotations, and kept in files.</summary>
internal sealed class SceneData
{
    private readonly MLContext _ml;
    private readonly string _folder;
    private readonly IDataView _classes;
    private readonly Dictionary<string, IDataView> _embedded = [];

    public SceneData(MLContext ml, CaptionedImageSet set, IReadOnlyList<string> classes, string folder)
    {
        (_ml, _folder) = (ml, folder);
        Images = [.. set.Images.Where(i => i.Scene is not null)
            .Select(i => new SceneImage(i.ImagePath, SceneWords.Describe(i.Scene!), SceneWords.Neighbors(i.FileName)))];
        // The order of the classes is the order of the keys, here and in the zero-shot step: so the evaluator compares like with like.
        _classes = ml.Data.LoadFromEnumerable(classes.Select(c => new { Class = c }));
    }

    public IReadOnlyList<SceneImage> Images { get; }

    public static string[] ClassesOf(CaptionedImageSet set) =>
        [.. set.Scenes.OfType<string>().Select(SceneWords.Describe).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The images as rows, not embedded.</summary>
    public IDataView Rows() => _ml.Data.LoadFromEnumerable(Images);

    /// <summary>The rows with embeddings and label keys, in memory.</summary>
    public IDataView Embedded(SwanEmbeddingStepOptions step, IEstimator<ITransformer> embed)
    {
        ModelIdentity model = SwanModelFile.Read(step.ModelPath).Card.Identity!;
        string key = $"{model.Fingerprint[..16]}-{step.Options.Rotations}-{Hash()}";
        if (_embedded.TryGetValue(key, out IDataView? view)) return view;
        string file = Path.Combine(_folder, $"{key}.idv");
        if (!File.Exists(file)) Write(file, step, embed);
        IDataView rows = _ml.Transforms.Conversion.MapValueToKey(SceneClassifier.Label, nameof(SceneImage.Scene), keyData: _classes)
            .Fit(Rows()).Transform(_ml.Data.LoadFromBinary(file));
        return _embedded[key] = _ml.Data.Cache(rows);
    }

    private void Write(string file, SwanEmbeddingStepOptions step, IEstimator<ITransformer> embed)
    {
        Console.WriteLine(
            $"  embedding {Images.Count:N0} images with {Path.GetFileName(step.ModelPath)}, {step.Options.Rotations} rotation(s)");
        ITransformer transformer = embed.Fit(Rows());
        // What has the name is whole, even if this program is killed.
        _ml.Swan().SaveRows(transformer.Transform(Rows()), file);
        (transformer as IDisposable)?.Dispose();
    }

    // Of the files as they are now, however the folder was given.
    private string Hash()
    {
        string Line(SceneImage image)
        {
            var file = new FileInfo(image.ImagePath);
            long length = file.Exists ? file.Length : 0;
            return FormattableString.Invariant(
                $"{file.FullName} {length} {file.LastWriteTimeUtc.Ticks} {image.Scene} {image.Neighbors}");
        }
        string lines = string.Join('\n', Images.Select(Line));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)))[..12];
    }
}
