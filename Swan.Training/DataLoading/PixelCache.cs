using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.Training.DataLoading;

/// <summary>A set's images, decoded, identified and squashed once, as bytes.</summary>
/// <remarks>
/// <c>pixels[((image * Size + y) * Size + x) * 3 + channel]</c>.
/// Held in memory, or beyond a limit in a memory-mapped temporary file that disappears with the process. Safe for concurrent reading;
/// spans are valid until <see cref="Dispose"/>.
/// </remarks>
internal sealed unsafe class PixelCache : IDisposable
{
    private const int MaxFaultsListed = 50;
    private readonly ImageIdentity[] _identities;
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _pixels;

    private PixelCache(int count, int size, long memoryLimit, string? folder)
    {
        (Count, Size, _identities) = (count, size, new ImageIdentity[count]);
        long bytes = Math.Max(1, (long)count * BytesPerImage);
        InMemory = bytes <= memoryLimit;
        if (InMemory)
        {
            _pixels = (byte*)NativeMemory.Alloc((nuint)bytes);
            return;
        }
        string path = Path.Combine(folder ?? Path.GetTempPath(), $"swan-pixels-{Guid.NewGuid():N}");
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, PreallocationSize = bytes,
        });
        // On Windows the system deletes it when the process ends. On Unix only Dispose would, and a killed process leaves gigabytes behind.
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        stream.SetLength(bytes);
        _file = MemoryMappedFile.CreateFromFile(stream, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None,
            leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pixels);
    }

    /// <summary>How many images.</summary>
    public int Count { get; }

    /// <summary>Side of each in pixels.</summary>
    public int Size { get; }

    /// <summary>Whether the pixels are in memory rather than in a memory-mapped file.</summary>
    public bool InMemory { get; }

    /// <summary>Which image each file holds, in the images' order.</summary>
    public IReadOnlyList<ImageIdentity> Identities => _identities;

    /// <summary>Bytes of one image.</summary>
    public int BytesPerImage => Size * Size * 3;

    /// <summary>One image's pixels.</summary>
    /// <param name="image">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public ReadOnlySpan<byte> this[int image]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(image);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Count);
            return Slot(image);
        }
    }

    /// <summary>Images <paramref name="start"/> to <c>start + count − 1</c>, one after the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range isn't inside the cache, or longer than 2 GB.</exception>
    public ReadOnlySpan<byte> Range(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + count, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * BytesPerImage, Array.MaxLength);
        ObjectDisposedException.ThrowIf(_pixels is null, this);
        return new(_pixels + (long)start * BytesPerImage, count * BytesPerImage);
    }

    /// <summary>Decodes and squashes all images in parallel.</summary>
    /// <param name="images">Where they are.</param>
    /// <param name="size">Side of the result in pixels.</param>
    /// <param name="memoryLimit">Bytes that may be held in memory; a larger cache lies in a memory-mapped temporary file.</param>
    /// <param name="threads">How many threads decode; 0 for one a core.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="folder">Where the temporary file lies; null: where the system has them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SwanDataException">Images that can't be read; all of them are named.</exception>
    public static PixelCache Build(
        IReadOnlyList<CaptionedImage> images, int size, long memoryLimit = 4L << 30, int threads = 0,
        IProgress<int>? progress = null, string? folder = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        var cache = new PixelCache(images.Count, size, memoryLimit, folder);
        try
        {
            cache.Fill(images, threads, progress, cancellationToken);
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>Frees the pixels.</summary>
    public void Dispose()
    {
        if (_pixels is null)
            return;
        if (InMemory)
            NativeMemory.Free(_pixels);
        else
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _pixels = null;
        _view?.Dispose();
        _file?.Dispose();
    }

    private void Fill(IReadOnlyList<CaptionedImage> images, int threads, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var preprocessing = new ImagePreprocessing { Size = Size };
        var faults = new ConcurrentDictionary<int, string>();
        int done = 0;
        ParallelWork.Run(() => Parallel.For(
            0, images.Count,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = threads == 0 ? SwanResources.MaxDecodes : threads, CancellationToken = cancellationToken,
            },
            image =>
            {
                try
                {
                    (RgbImage picture, _identities[image]) = ImageIdentities.Decode(images[image].ImagePath);
                    ImagePreprocessor.Prepare(picture, preprocessing, Slot(image));
                }
                catch (SwanImageException fault)
                {
                    faults[image] = fault.Message;
                }
                int now = Interlocked.Increment(ref done);
                if (now % 256 == 0 || now == images.Count)
                    progress?.Report(now);
            }));
        if (!faults.IsEmpty)
            throw Unreadable(faults, images);
    }

    private static SwanDataException Unreadable(ConcurrentDictionary<int, string> faults, IReadOnlyList<CaptionedImage> images)
    {
        var listed =
            faults.OrderBy(f => f.Key).Take(MaxFaultsListed).Select(f => new DataFault(images[f.Key].ImagePath, 0, f.Value)).ToList();
        if (faults.Count > listed.Count)
            listed.Add(new DataFault("", 0, $"… and {faults.Count - listed.Count} more images."));
        return new SwanDataException(listed);
    }

    private Span<byte> Slot(int image)
    {
        ObjectDisposedException.ThrowIf(_pixels is null, this);
        return new(_pixels + (long)image * BytesPerImage, BytesPerImage);
    }
}
