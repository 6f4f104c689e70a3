namespace Swan.MLNet.Search;

/// <summary>How a <see cref="SwanIndexWriter"/> writes.</summary>
/// <remarks>Not thread-safe while it is changed; the writer reads it once.</remarks>
public sealed class SwanIndexWriterOptions
{
    private const int Mebibyte = 1 << 20;

    /// <summary>Bytes of rows that are kept in memory before they go to a file (default 64 MiB).</summary>
    /// <remarks>From 1 MiB to 512 MiB. The rows of the file count from the next commit on.</remarks>
    public int BufferBytes { get; set; } = 64 * Mebibyte;

    /// <summary>Whether a thread of the pool merges small files after commits, and writes those of many deleted rows again; default true.
    /// </summary>
    public bool CompactInBackground { get; set; } = true;

    /// <summary>What others are told who writes; default null: the process's program.</summary>
    public string? Program { get; set; }

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (BufferBytes < Mebibyte || BufferBytes > SegmentBuilder.MaxBytes)
            faults.Add($"{nameof(BufferBytes)} is {BufferBytes:N0}; expected {Mebibyte:N0} to {SegmentBuilder.MaxBytes:N0}");
        if (Program is { Length: 0 or > 1000 })
            faults.Add($"{nameof(Program)} has {Program.Length:N0} characters; expected 1 to 1,000, or null");
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options of the writer are not valid: {string.Join("; ", faults)}.");
    }
}
