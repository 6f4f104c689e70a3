using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Swan.Batch.Runs;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Transforms;

namespace Swan.Batch.Jobs;

/// <summary>Reads images in order, several at a time and ahead of their use.</summary>
/// <param name="source">Where they are.</param>
/// <param name="limits">The most bytes that one may have.</param>
/// <param name="exhausted">Says which are left for later; null: none.</param>
/// <param name="degree">How many are read at a time.</param>
/// <param name="budget">How many bytes may be held.</param>
/// <param name="knowsVectors">Whether an image that is known need not be read, because its embedding can be taken over.</param>
internal sealed class ImageReader(
    ImageSource source, ImageDecodingOptions limits, ExhaustedMemory? exhausted, int degree, long budget, bool knowsVectors)
{
    private readonly ReadBudget _budget = new(budget);

    /// <summary>Gives the images, in the order of the inputs; <see cref="Release"/> follows for each.</summary>
    public async IAsyncEnumerable<ReadImage> ReadAsync(
        IAsyncEnumerable<InputLine> inputs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // What is in the channel has begun: so many are read at a time, and the one that is waited for.
        var begun = Channel.CreateBounded<Task<ReadImage>>(Math.Max(1, degree - 1));
        Task beginning = BeginAllAsync(inputs, begun.Writer, stop.Token);
        long place = 0;
        try
        {
            await foreach (Task<ReadImage> reading in begun.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                _budget.Await(place++);
                yield return await reading.ConfigureAwait(false);
            }
            await beginning.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await beginning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (begun.Reader.TryRead(out Task<ReadImage>? left))
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (left.IsCompletedSuccessfully) left.Result.Dispose();
            }
        }
    }

    /// <summary>Gives back the room that an image's bytes took.</summary>
    public void Release(ReadImage image)
    {
        image.Dispose();
        if (image.Held > 0) _budget.Return(image.Held);
    }

    private async Task BeginAllAsync(IAsyncEnumerable<InputLine> inputs, ChannelWriter<Task<ReadImage>> begun, CancellationToken stop)
    {
        Exception? fault = null;
        try
        {
            long place = 0;
            await foreach (InputLine input in inputs.WithCancellation(stop).ConfigureAwait(false))
            {
                if (!await begun.WaitToWriteAsync(stop).ConfigureAwait(false)) return;
                long mine = place++;
                // Opening a local file doesn't wait asynchronously.
                await begun.WriteAsync(Task.Run(() => ReadOneAsync(input, mine, stop), CancellationToken.None), stop).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            fault = e;
        }
        begun.Complete(fault);
    }

    private async Task<ReadImage> ReadOneAsync(InputLine input, long place, CancellationToken cancellation)
    {
        if (knowsVectors && input.IsKnown) return new ReadImage(input, input.Stamp) { Hash = input.Before!.Hash };
        if (exhausted?.NeedsAll(input.Key) == true)
            return new ReadImage(input, input.Stamp) { NoMemory = new OutOfMemoryException("Memory ran out at this image before.") };
        var image = new SourceImage(input.Key, input.Stamp);
        long held = 0;
        PooledBuffer? bytes = null;
        var clock = Stopwatch.StartNew();
        try
        {
            using StoredContent? opened = await source.OpenAsync(image, cancellation).ConfigureAwait(false);
            if (opened is null)
            {
                var gone = new SwanImageException(input.Key, ImageFault.Missing, WhyMissing(input.Stamp));
                return new ReadImage(input, LocalImage.Missing) { Fault = gone, ReadTime = clock.Elapsed };
            }
            using StoredContent content =
                opened.Object.Size >= 0 ? opened : await CopyAsync(opened, cancellation).ConfigureAwait(false);
            long size = content.Object.Size;
            ImageDecoder.CheckLength(input.Key, size, limits);
            clock.Stop();
            await _budget.TakeAsync(place, size, cancellation).ConfigureAwait(false);
            clock.Start();
            held = size;
            bytes = WorkFrame.Process.Buffers.Rent((int)size);
            int read = await content.Content.ReadAtLeastAsync(bytes.Memory[..(int)size], (int)size, throwOnEndOfStream: false, cancellation)
                .ConfigureAwait(false);
            if (read < size)
            {
                throw new SwanImageException(input.Key, ImageFault.Truncated,
                    $"it had {size} bytes but ends after {read}: it is being written to. Retry it later.");
            }
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span[..(int)size]));
            return new ReadImage(input, content.Object.Stamp) { Hash = hash, Bytes = bytes, Held = held, ReadTime = clock.Elapsed };
        }
        // Whatever a source can't read now, it may be able to read later.
        catch (Exception e) when (e is not IOException && !ExhaustedMemory.Is(e) && RowFault.From(e) is not null)
        {
            bytes?.Dispose();
            if (held > 0) _budget.Return(held);
            return new ReadImage(input, input.Stamp) { Fault = e, ReadTime = clock.Elapsed };
        }
        catch (Exception e)
        {
            bytes?.Dispose();
            if (held > 0) _budget.Return(held);
            if (ExhaustedMemory.Is(e)) return new ReadImage(input, input.Stamp) { NoMemory = e, ReadTime = clock.Elapsed };
            // A store's messages name the object.
            if (e is IOException and not StoreException) throw new IOException($"'{input.Key}' can't be read: {e.Message}", e);
            throw;
        }
    }

    private string WhyMissing(string planned) => source.IsNamed
        ? $"there is {(planned == LocalImage.Missing ? "no such image" : "no such image any longer")}. Correct its name in the list or "
            + "manifest, or remove it from there and run the job again."
        : "the image no longer exists. Plan again to leave it out.";

    // A server that doesn't say how long a file is: how much room it takes is only known at its end.
    private async Task<StoredContent> CopyAsync(StoredContent opened, CancellationToken cancellation)
    {
        FileStream file = LocalFile.Create();
        try
        {
            byte[] part = new byte[1 << 16];
            while (file.Length <= limits.MaxBytes
                && await opened.Content.ReadAsync(part, cancellation).ConfigureAwait(false) is > 0 and var count)
                await file.WriteAsync(part.AsMemory(0, count), cancellation).ConfigureAwait(false);
            file.Position = 0;
            return new StoredContent(opened.Object with { Size = file.Length }, file);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
