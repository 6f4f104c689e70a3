using Microsoft.ML.OnnxRuntime;
using Swan.MLNet;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Scheduling;

namespace Swan.Benchmarks.Contenders;

/// <summary>
/// ONNX Runtime alone, on images that were decoded and resized before the clock started: what a pipeline would reach if decoding cost
/// nothing. Its memory includes all decoded images.
/// </summary>
/// <remarks>Either with our encoder's session options, one thread a run and as many runs at once as processors, or, as
/// <see cref="ContenderKind.OneRun"/>, one run at a time with as many threads.</remarks>
internal sealed class BareContender : Contender
{
    private readonly InferenceSession _session;
    private readonly byte[] _pixels;
    private readonly long _rows;
    private readonly int _atOnce, _batch, _images, _side, _imageBytes, _embeddingSize;

    public BareContender(string model, string[] paths, long rows, int? batch, bool oneRun)
    {
        _atOnce = oneRun ? 1 : Environment.ProcessorCount;
        _batch = batch ?? EncoderDevice.ImagesPerCpuRun(new EncoderOptions(SwanDevice.Auto));
        SwanModelFile file = SwanModelFile.Read(model);
        ImagePreprocessing preprocessing = file.Card.Image;
        (_rows, _images, _side, _imageBytes, _embeddingSize) =
            (rows, paths.Length, preprocessing.Size, preprocessing.ByteCount, file.Card.EmbeddingSize);
        _pixels = new byte[checked(_images * _imageBytes)];
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(preprocessing);
        ParallelWork.Run(() => Parallel.For(0, _images, i => ImagePreprocessor.Prepare(
            ImageDecoder.Decode(paths[i], decoding), preprocessing, _pixels.AsSpan(i * _imageBytes, _imageBytes))));
        using SessionOptions options = EncoderDevice.Options(new EncoderOptions(SwanDevice.Auto));
        options.IntraOpNumThreads = oneRun ? Environment.ProcessorCount : 1;
        _session = new InferenceSession(file.Entry(ModelArchive.ImageEntry), options);
    }

    public override void Run(EmbeddingReader read)
    {
        // Each run's images: first row and count, none over the end of the files.
        var runs = new List<(long Row, int Count)>();
        for (long row = 0; row < _rows; row += runs[^1].Count)
            runs.Add((row, (int)Math.Min(Math.Min(_batch, _images - row % _images), _rows - row)));
        float[][] found = new float[runs.Count][];
        int next = -1;
        // The next one that none has taken, as a pipeline does: a thread that was held up has fewer.
        ParallelWork.Share(
            _atOnce,
            () =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < runs.Count;)
                    found[i] = Encode((int)(runs[i].Row % _images), runs[i].Count);
            },
            CancellationToken.None);
        foreach (float[] embeddings in found)
        {
            for (int start = 0; start < embeddings.Length; start += _embeddingSize) read(embeddings.AsSpan(start, _embeddingSize));
        }
    }

    public override void Dispose() => _session.Dispose();

    private float[] Encode(int first, int count)
    {
        using var options = new RunOptions();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _pixels.AsMemory(first * _imageBytes, count * _imageBytes), [count, _side, _side, 3]);
        using IDisposableReadOnlyCollection<OrtValue> results =
            _session.Run(options, [ImageEncoder.InputName], [input], [EncoderSession.OutputName]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
