using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Scheduling;

namespace Swan.Benchmarks.Contenders;

/// <summary>Decoding and resizing the files as a pipeline does it, on all processors, and no encoder.</summary>
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
        long next = -1;
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(_preprocessing);
        ParallelWork.Share(
            Environment.ProcessorCount,
            () =>
            {
                byte[] pixels = new byte[_preprocessing.ByteCount];
                for (long row; (row = Interlocked.Increment(ref next)) < _rows;)
                {
                    // As in a pipeline, whose pictures are in pooled memory.
                    using DecodeTurn turn = DecodeTurn.Begin(CancellationToken.None);
                    ImagePreprocessor.Prepare(ImageDecoder.Decode(_paths[row % _paths.Length], decoding), _preprocessing, pixels);
                }
            },
            CancellationToken.None);
        for (long row = 0; row < _rows; row++) read([]);
    }

    public override void Dispose()
    {
    }
}
