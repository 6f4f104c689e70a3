namespace Swan.MLNet.Search;

/// <summary>Options of a <see cref="SwanIndexWriter"/>.</summary>
/// <remarks>Not thread-safe while it is changed; the writer reads it once.</remarks>
public sealed class SwanIndexWriterOptions
{
    private const int Mebibyte = 1 << 20;

    /// <summary>The bytes of rows kept in memory before they are written to a file (default 64 MiB).</summary>
    /// <remarks>From 1 MiB to 512 MiB. The file's rows take effect with the next commit.</remarks>
    public int BufferBytes { get; set; } = 64 * Mebibyte;

    /// <summary>Whether a pool thread merges small files after commits and rewrites those with many deleted rows; default true.
    /// </summary>
    public bool CompactInBackground { get; set; } = true;

    /// <summary>The writer's name in other processes' messages; default null: the process's program.</summary>
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
