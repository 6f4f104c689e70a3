namespace Swan.Batch;

/// <summary>The result of a batch job for an image.</summary>
/// <param name="Image">Its key in the source, such as a path.</param>
/// <param name="Hash">SHA-256 of its bytes, lower-case hex; null where it could not be read.</param>
/// <param name="File">The key of the Parquet file with its embedding; null where it has none.</param>
/// <param name="Row">The place of its row in that file, from 0; -1 where it has no embedding.</param>
/// <param name="Fault">Why it has no embedding, in one word; null where it has one.</param>
public sealed record BatchRow(string Image, string? Hash, string? File, int Row, string? Fault);
