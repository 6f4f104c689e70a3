using Microsoft.ML;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace PipelineTour;

/// <summary>What the examples share: the model, the images, and their embeddings, which are computed once.</summary>
internal sealed class ExampleContext : IDisposable
{
    private const int MaxImages = 200;
    private IDataView? _embedded;

    public ExampleContext(Request request)
    {
        if (!File.Exists(request.Model))
        {
            throw new FileNotFoundException(
                $"There is no model '{request.Model}'. Train one in two minutes, without downloads:\n  dotnet run -c Release --project "
                + "samples/QuickStart -- --train\nor name your own:\n  dotnet run -c Release --project samples/PipelineTour "
                + "-- --model X.swan --images DIR");
        }

        ModelFile = request.Model;
        Images = Find(request.Images);
        StockImages = [.. Images.Select(image => image.ImagePath)
            .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG")];
        if (StockImages.Count == 0)
        {
            throw new FileNotFoundException(
                $"There are no PNG or JPEG files among the images of '{request.Images}', which two of the examples need.");
        }
        Out = Directory.CreateDirectory(request.Out).FullName;
        Model = ML.Swan().LoadModel(ModelFile);
    }

    public MLContext ML { get; } = new(seed: 0);

    public string ModelFile { get; }

    /// <summary>The same file, opened once for the examples that can share it.</summary>
    public SwanModel Model { get; }

    /// <summary>Images the model hasn't learned from, each with its captions.</summary>
    public IReadOnlyList<CaptionedImage> Images { get; }

    /// <summary>Those of them that ML.NET's own components read, too.</summary>
    public IReadOnlyList<string> StockImages { get; }

    public string Out { get; }

    /// <summary>What the first example leaves for the others: Embedding, ImagePath and Scene.</summary>
    public IDataView Embedded
    {
        get => _embedded
            ?? throw new InvalidOperationException("The first example embeds the images; it must run before this one.");
        set => _embedded = value;
    }

    public string FileIn(string name) => Path.Combine(Out, name);

    public void Print(string line) => Console.WriteLine($"  {line}");

    public void Dispose() => Model.Dispose();

    // A data folder has captions. In any other folder, an image's caption is what its file's name says: storage_tanks_3.png, "storage
    // tanks".
    private static CaptionedImage[] Find(string folder)
    {
        if (File.Exists(Path.Combine(folder, "train.jsonl")) || File.Exists(Path.Combine(folder, "dataset_rsicd.json")))
        {
            (CaptionedImageSet train, CaptionedImageSet? heldOut) = CaptionedImageSet.Open(folder);
            return [.. (heldOut ?? train).Images.Take(MaxImages)];
        }

        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"There is no folder '{folder}'. samples/QuickStart draws images into quickstart-out/scenes; --images names others.");
        }

        IReadOnlyList<string> names = ImageFolder.List(folder);
        if (names.Count == 0)
        {
            throw new FileNotFoundException(
                $"There are no images in '{folder}' (looked for {string.Join(", ", ImageDecoder.Extensions)}).");
        }
        return
        [
            .. names.Take(MaxImages)
                .Select(name => new CaptionedImage(
                    Path.Combine(folder, name), name, CaptionedImage.SceneOf(Path.GetFileName(name)), [Words(name)])),
        ];
    }

    private static string Words(string path) =>
        new string([.. Path.GetFileNameWithoutExtension(path).Select(c => char.IsLetter(c) ? c : ' ')]).Trim() is { Length: > 0 } words
            ? words
            : "an image";
}
