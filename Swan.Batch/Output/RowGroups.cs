using Parquet;

namespace Swan.Batch.Output;

/// <summary>How files of embeddings are written.</summary>
internal static class RowGroups
{
    /// <summary>Values of a row group, some 8 MB of them: no more is held.</summary>
    public const int Values = 1 << 21;

    // Random numbers: looking for repeated ones costs more than writing them.
    public static ParquetOptions Options { get; } =
        new() { CompressionMethod = CompressionMethod.Snappy, DictionaryEncodingThreshold = 0, DictionaryEncodingSampleSize = 100 };
}
