using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Contenders;

/// <summary>Decoding and resizing the files with the library's public parts, on all processors, and no encoder.</summary>
/// <remarks>It shows empty embeddings: nothing is embedded.</remarks>
internal sealed class DecodingContender : Contender
{
    private readonly ImagePreprocessing _preprocessing;
    private readonly string[] _paths;
    private readonly long _rows;

    public DecodingContender(string model, string[] paths, long rows) =>
        (_preprocessing, _paths, _rows) = (SwanModelFile.Read(model).Card.Image, paths, rows);

    public override void Run(EmbeddingReader read)
    {
        int threads = Environment.ProcessorCount;
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(_preprocessing);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            byte[] pixels = new byte[_preprocessing.ByteCount];
            for (long row = thread; row < _rows; row += threads)
                ImagePreprocessor.Prepare(ImageDecoder.Decode(_paths[row % _paths.Length], decoding), _preprocessing, pixels);
        });
        for (long row = 0; row < _rows; row++) read([]);
    }

    public override void Dispose()
    {
    }
}
