using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Contenders;

/// <summary>
/// What ML.NET offers without Swan on the same network and files: <c>LoadImages → ResizeImages → ExtractPixels → ApplyOnnxModel</c>.
/// </summary>
/// <remarks>
/// It runs one row at a time, whatever batch the network takes, and resizes with the nearest neighbor, so that its embeddings are others.
/// <c>ApplyOnnxModel</c> has its own defaults: ONNX Runtime's threads, one per core, spinning.
/// </remarks>
internal sealed class StockContender : Contender
{
    private readonly IDataView _data;
    private readonly ITransformer _pipeline;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("swan-benchmarks-");

    public StockContender(string model, string[] paths, long rows)
    {
        SwanModelFile file = SwanModelFile.Read(model);
        int side = file.Card.Image.Size;
        string onnx = Path.Combine(_folder.FullName, "image.onnx");
        File.WriteAllBytes(onnx, file.ImageOnnx.Span);

        var ml = new MLContext();
        _data = ImageRows.Stream(ml, paths, rows);
        _pipeline = ml.Transforms.LoadImages("Image", null, nameof(ImageRow.ImagePath))
            .Append(ml.Transforms.ResizeImages("Sized", side, side, "Image", ImageResizingEstimator.ResizingKind.Fill))
            .Append(ml.Transforms.ExtractPixels(ImageEncoder.InputName, "Sized", interleavePixelColors: true, outputAsFloatArray: false))
            .Append(ml.Transforms.ApplyOnnxModel(
                EncoderSession.OutputName, ImageEncoder.InputName, onnx,
                new Dictionary<string, int[]> { [ImageEncoder.InputName] = [1, side, side, 3] }))
            .Fit(_data);
    }

    public override void Run(EmbeddingReader read) => ReadColumn(_pipeline.Transform(_data), EncoderSession.OutputName, read);

    public override void Dispose()
    {
        (_pipeline as IDisposable)?.Dispose();
        _folder.Delete(recursive: true);
    }
}
