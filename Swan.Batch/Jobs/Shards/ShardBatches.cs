using Swan.Batch.Output;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.Batch.Jobs;

/// <summary>Encodes images in batches: one is encoded while the next one is decoded.</summary>
/// <remarks>Rows for which memory ran out get <see cref="EmbeddedRow.NoMemory"/>.</remarks>
/// <param name="scorer">The model.</param>
/// <param name="size">Images a batch.</param>
/// <param name="isAlone">Whether nothing but one image is in memory.</param>
/// <param name="done">Called with each image once its row has an embedding or an error, or there is no memory for it.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class ShardBatches(
    ShardScorer scorer, int size, bool isAlone, Action<ReadImage> done, CancellationToken cancellation) : IDisposable
{
    private readonly float[] _embeddings = new float[size * scorer.Card.EmbeddingSize];
    private Batch _filling = new(scorer, size), _decoding = new(scorer, size);

    /// <summary>Takes an image; its row gets its embedding later.</summary>
    public void Add(ReadImage image, EmbeddedRow row)
    {
        _filling.Images.Add((image, row));
        if (_filling.Images.Count == size) Turn();
    }

    /// <summary>Encodes what is left.</summary>
    public void Finish()
    {
        Turn();
        Turn();
    }

    public void Dispose()
    {
        _filling.Dispose();
        _decoding.Dispose();
    }

    private void Turn()
    {
        (_filling, _decoding) = (_decoding, _filling);
        // The one that was filled begins to be decoded; the one before is decoded by now, or soon.
        _decoding.Begin(cancellation);
        Encode(_filling);
    }

    private void Encode(Batch batch)
    {
        if (batch.Images.Count == 0) return;
        PreparedImages prepared = batch.Prepare(cancellation);
        for (int i = 0; i < batch.Images.Count; i++)
        {
            if (prepared.Fault(i) is { } cause) SetFault(batch.Images[i].Row, cause);
        }
        EncodePrepared(batch, prepared);
        foreach ((ReadImage image, _) in batch.Images) done(image);
        batch.Clear();
    }

    private void EncodePrepared(Batch batch, PreparedImages prepared)
    {
        ReadOnlySpan<byte> pixels = prepared.Pack(out ReadOnlySpan<int> places);
        if (places.Length == 0) return;
        int dimension = scorer.Card.EmbeddingSize;
        try
        {
            scorer.Rotations.Encode(pixels, places.Length, _embeddings, cancellation);
            for (int i = 0; i < places.Length; i++)
                batch.Images[places[i]].Row.Embedding = _embeddings.AsSpan(i * dimension, dimension).ToArray();
        }
        // All images are of one size by now: what there is no room for alone, is no fault of this one.
        catch (OutOfMemoryException e) when (!isAlone)
        {
            foreach (int place in places) batch.Images[place].Row.NoMemory = e;
        }
    }

    // What isn't the image's fault stops the job.
    private static void SetFault(EmbeddedRow row, Exception cause)
    {
        if (ExhaustedMemory.Is(cause))
        {
            row.NoMemory = cause;
            return;
        }
        row.Error = (RowFault.From(cause) ?? throw (cause switch
        {
            IOException => new IOException($"'{row.Image}' was not embedded: {cause.Message}", cause),
            OperationCanceledException => new OperationCanceledException($"'{row.Image}' was not embedded: {cause.Message}", cause),
            _ => new InvalidOperationException($"'{row.Image}' was not embedded: {cause.Message}", cause),
        })).Text;
    }

    private sealed class Batch(ShardScorer scorer, int size) : IDisposable
    {
        private readonly PreparedImages _prepared = new(scorer.Card.Image, size);

        public List<(ReadImage Image, EmbeddedRow Row)> Images { get; } = new(size);

        public void Begin(CancellationToken cancellation)
        {
            if (Images.Count > 0) _prepared.Begin(Images.Count, Incoming, cancellation);
        }

        public PreparedImages Prepare(CancellationToken cancellation)
        {
            _prepared.Prepare(Images.Count, Incoming, cancellation);
            return _prepared;
        }

        public void Clear()
        {
            _prepared.Clear();
            Images.Clear();
        }

        public void Dispose()
        {
            _prepared.Dispose();
            foreach ((ReadImage image, _) in Images) image.Dispose();
        }

        private IncomingImage Incoming(int i) => new TimedImage(Images[i].Image, scorer.Decoding);
    }
}
