using Microsoft.ML.OnnxRuntime;
using Swan.MLNet;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Contenders;

/// <summary>
/// ONNX Runtime alone, on images that were decoded and resized before the clock started, with the session options and the images per run of
/// our encoder on a CPU: what a pipeline would reach if decoding cost nothing. Its memory includes all decoded images.
/// </summary>
internal sealed class BareContender : Contender
{
    private readonly InferenceSession _session;
    private readonly byte[] _pixels;
    private readonly long _rows;
    private readonly int _batch, _images, _side, _imageBytes, _embeddingSize;

    public BareContender(string model, string[] paths, long rows, int? batch)
    {
        _batch = batch ?? EncoderDevice.ImagesPerCpuRun(new EncoderOptions(SwanDevice.Auto));
        SwanModelFile file = SwanModelFile.Read(model);
        ImagePreprocessing preprocessing = file.Card.Image;
        (_rows, _images, _side, _imageBytes, _embeddingSize) =
            (rows, paths.Length, preprocessing.Size, preprocessing.ByteCount, file.Card.EmbeddingSize);
        _pixels = new byte[checked(_images * _imageBytes)];
        Parallel.For(0, _images,
            i => ImagePreprocessor.Prepare(ImageDecoder.Decode(paths[i]), preprocessing, _pixels.AsSpan(i * _imageBytes, _imageBytes)));
        using SessionOptions options = EncoderDevice.Options(new EncoderOptions(SwanDevice.Auto));
        _session = new InferenceSession(file.ImageBytes, options);
    }

    public override void Run(EmbeddingReader read)
    {
        string[] inputs = [ImageEncoder.InputName], outputs = [EncoderSession.OutputName];
        using var options = new RunOptions();
        for (long row = 0; row < _rows;)
        {
            int first = (int)(row % _images), count = (int)Math.Min(Math.Min(_batch, _images - first), _rows - row);
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, _pixels.AsMemory(first * _imageBytes, count * _imageBytes), [count, _side, _side, 3]);
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, inputs, [input], outputs);
            ReadOnlySpan<float> embeddings = results[0].GetTensorDataAsSpan<float>();
            for (int i = 0; i < count; i++) read(embeddings.Slice(i * _embeddingSize, _embeddingSize));
            row += count;
        }
    }

    public override void Dispose() => _session.Dispose();
}
