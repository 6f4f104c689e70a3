using System.Diagnostics;
using Swan.Batch.Runs;
using Swan.Batch.Sources;
using Swan.Batch.Stores;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Jobs;

/// <summary>What it takes to read images together that can't be read alone, measured by itself: a sample has few images of each group.
/// </summary>
/// <param name="reads">What the shards read.</param>
internal sealed class GroupReading(GroupReads reads)
{
    private long _bytes;
    private TimeSpan _elapsed, _processor;

    /// <summary>Reads the groups of a sample's images, which are at hand after that.</summary>
    public async Task ReadAsync(ImageSource source, IEnumerable<InputLine> images, CancellationToken cancellation)
    {
        var read = new HashSet<int>();
        foreach (SourceImage image in images.Where(input => !input.IsKnown).Select(input => input.Image))
        {
            if (source.GroupOf(image) is not { } group || !read.Add(group)) continue;
            long start = Stopwatch.GetTimestamp();
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            try
            {
                using StoredContent? opened = await source.OpenAsync(image, cancellation).ConfigureAwait(false);
            }
            catch (SwanImageException)
            {
                // A row without an image; its group is read all the same.
            }
            _elapsed += Stopwatch.GetElapsedTime(start);
            _processor += Environment.CpuUsage.TotalTime - processor;
            _bytes += reads.BytesOf(group);
        }
    }

    /// <summary>Adds what all shards read to an estimate of the rest.</summary>
    public BatchEstimate AddTo(BatchEstimate rest)
    {
        double times = (double)reads.All / Math.Max(1, _bytes);
        return rest with
        {
            Elapsed = rest.Elapsed + times * _elapsed,
            ProcessorTime = rest.ProcessorTime + times * _processor,
            BytesRead = reads.All,
        };
    }
}
