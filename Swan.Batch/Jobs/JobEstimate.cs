using System.Diagnostics;
using Swan.Batch.Runs;

namespace Swan.Batch.Jobs;

/// <summary>Estimates what a run takes: embeds a sample as shards are, and multiplies by the rows of each size.</summary>
/// <param name="strata">The sample.</param>
/// <param name="batchSize">Images a batch of the encoder.</param>
/// <param name="embed">Embeds inputs, whose first row has the number that is given.</param>
internal sealed class JobEstimate(
    IReadOnlyList<SizeSample.Stratum> strata, int batchSize, Func<IReadOnlyList<InputLine>, long, Task<SampleCost>> embed)
{
    // Images that are timed together: enough for a batch to be decoded while another one is encoded.
    private const int BatchesTimed = 4;
    private const long BytesTimed = 64 << 20;

    // After that no more images are begun, but for one group of each size.
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    private readonly Measured[] _measured = [.. strata.Select(_ => new Measured())];
    private long _rows;

    /// <summary>Embeds the sample.</summary>
    /// <param name="written">The bytes that its rows take, once all are there.</param>
    public async Task<BatchEstimate?> FindAsync(Func<Task<long>> written)
    {
        if (strata.Count == 0) return null;
        var clock = Stopwatch.StartNew();
        for (bool first = true; ; first = false)
        {
            bool any = false;
            for (int i = 0; i < strata.Count; i++)
            {
                if (!first && clock.Elapsed > Most) break;
                any |= await MeasureAsync(strata[i], _measured[i]).ConfigureAwait(false);
            }
            if (!any) break;
        }
        double perRow = (double)await written().ConfigureAwait(false) / _rows;
        return new BatchEstimate
        {
            Images = (int)_rows,
            Elapsed = TimeSpan.FromSeconds(Sum(m => m.Seconds)),
            ProcessorTime = TimeSpan.FromSeconds(Sum(m => m.ProcessorSeconds)),
            BytesRead = strata.Where(s => s.IsSized).Sum(s => s.Bytes) + (long)Sum(m => m.Bytes, of: s => !s.IsSized),
            RowsReused = (long)Math.Round(Sum(m => m.Reused)),
            BytesWritten = (long)(perRow * strata.Sum(s => s.Rows)),
        };
    }

    private double Sum(Func<Measured, double> value, Func<SizeSample.Stratum, bool>? of = null) => strata.Zip(_measured)
        .Where(pair => of?.Invoke(pair.First) ?? true).Sum(pair => pair.First.Rows * value(pair.Second) / pair.Second.Images);

    // True where images of the stratum were left.
    private async Task<bool> MeasureAsync(SizeSample.Stratum stratum, Measured measured)
    {
        var group = new List<InputLine>();
        long bytes = 0;
        foreach (InputLine input in stratum.Images.Skip(measured.Images))
        {
            if (group.Count == BatchesTimed * batchSize || bytes >= BytesTimed) break;
            group.Add(input);
            bytes += input.Size ?? 0;
        }
        if (group.Count == 0) return false;
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        SampleCost cost = await embed(group, _rows).ConfigureAwait(false);
        (measured.Bytes, measured.Reused) = (measured.Bytes + cost.Bytes, measured.Reused + cost.Reused);
        measured.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        measured.ProcessorSeconds += (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        measured.Images += group.Count;
        _rows += group.Count;
        return true;
    }

    private sealed class Measured
    {
        public int Images { get; set; }

        public double Seconds { get; set; }

        public double ProcessorSeconds { get; set; }

        public long Bytes { get; set; }

        public long Reused { get; set; }
    }
}
