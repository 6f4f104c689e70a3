using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>Images that several workers take one by one, while the following files are read ahead.</summary>
/// <remarks>Safe for concurrent use, except for disposal. Disposing it releases the images that nobody took.</remarks>
internal sealed class IncomingBatch : IDisposable
{
    private readonly AheadRead[] _reads;
    private readonly IncomingImage[] _images;
    private readonly int _ahead;
    private int _taken = -1;

    /// <param name="first">The first image's number.</param>
    /// <param name="end">The number after the last one's.</param>
    /// <param name="image">Gives image <c>i</c>, quickly; owned once it is given.</param>
    public IncomingBatch(int first, int end, Func<int, IncomingImage> image)
    {
        First = first;
        _images = new IncomingImage[end - first];
        _reads = new AheadRead[end - first];
        for (int i = 0; i < _images.Length; i++) _reads[i] = new AheadRead(_images[i] = image(first + i));
        _ahead = SwanResources.MaxReads;
        // The taker reads a single image.
        if (_reads.Length == 1) _ahead = _reads.Length;
        else for (int i = 0; i < Math.Min(_ahead, _reads.Length); i++) Post(i);
    }

    public int First { get; }

    /// <summary>Gives the next image, not read yet, and its number; false when there is none.</summary>
    public bool TryNext(out int number, out AheadRead read)
    {
        int i = Interlocked.Increment(ref _taken);
        number = First + i;
        read = i < _reads.Length ? _reads[i] : null!;
        if (i >= _reads.Length) return false;
        // Only as many files as may be read at a time stay ahead, so a large batch doesn't hold all its files.
        if (i + _ahead < _reads.Length) Post(i + _ahead);
        return true;
    }

    public void Dispose()
    {
        foreach (AheadRead read in _reads) read.Dispose();
    }

    private void Post(int i)
    {
        if (_images[i].IsSlow) _reads[i].Post();
    }
}
