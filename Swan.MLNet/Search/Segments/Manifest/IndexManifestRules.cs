using Swan.MLNet.Imaging;

namespace Swan.MLNet.Search;

/// <summary>What a manifest may say.</summary>
internal static class IndexManifestRules
{
    public const string Float32 = "float32", Int8 = "int8";

    // Far from where the next numbers would overflow.
    private const long MaxNumber = long.MaxValue / 2;

    /// <exception cref="SwanFormatException">It says something else.</exception>
    public static void Check(IndexManifest manifest, Func<string, SwanFormatException> damaged)
    {
        // JSON's null passes for an element of any list.
        if (manifest.Columns.Any(column => column is null) || HasNull(manifest.Rows)
            || manifest.Reembedded is { } others && HasNull(others))
        {
            throw damaged("has null in a list of columns or of segments");
        }
        if (manifest.Generation is < 1 or > MaxNumber || manifest.NextSegment is < 1 or > MaxNumber)
            throw damaged($"claims generation {manifest.Generation} and a next segment {manifest.NextSegment}");
        if (manifest.Columns.Select(column => column.Name).Distinct(StringComparer.Ordinal).Count() != manifest.Columns.Count)
            throw damaged("names a column twice");
        if (manifest.Files().Distinct(StringComparer.Ordinal).Count() != manifest.Files().Count()) throw damaged("names a file twice");
        Check(manifest.Rows, manifest.NextSegment, damaged);
        if (manifest.Reembedded is not { } reembedded) return;
        Check(reembedded, manifest.NextSegment, damaged);
        if (reembedded.Model is null) throw damaged("doesn't say which model rows are re-embedded with");
    }

    private static bool HasNull(ManifestRows rows) => rows.Segments.Any(segment => segment is null);

    private static void Check(ManifestRows rows, long nextSegment, Func<string, SwanFormatException> damaged)
    {
        if (rows.EmbeddingSize is < 1 or > SegmentTable.MaxStride || rows.Stride != SegmentBuilder.Stride(rows.EmbeddingSize))
            throw damaged($"claims rows of {rows.EmbeddingSize:N0} values {rows.Stride:N0} apart");
        if (rows.Scan is not (Float32 or Int8))
            throw damaged($"names the scan '{rows.Scan}', which this version of Swan.MLNet doesn't know");
        if (rows.Range is { } range && !GivenRange.TryParse(range, out _)) throw damaged($"claims the range '{range}'");
        if (rows.Samples is { } samples && (rows.Range is null || GivenSamples.Parse(samples.Bands, samples.NoData) is null))
            throw damaged($"claims bands '{samples.Bands}' and no data '{samples.NoData}' of the range '{rows.Range}'");
        long sum = 0;
        foreach (ManifestSegment segment in rows.Segments)
        {
            if (!IndexFolder.IsSegmentName(segment.File) || IndexFolder.SegmentNumber(segment.File) >= nextSegment)
                throw damaged($"names a segment '{segment.File}', which is not a segment's name");
            if (segment.Rows < 1 || segment.Bytes < PartPlace.Page || !Checksum.TryParse(segment.Checksum, out _))
                throw damaged($"claims {segment.Rows:N0} rows in {segment.Bytes:N0} bytes of '{segment.File}'");
            if (segment.Deleted is { } deleted && (!IndexFolder.IsDeletedName(deleted.File, segment.File)
                || deleted.Rows < 1 || deleted.Rows > segment.Rows || !Checksum.TryParse(deleted.Checksum, out _)))
            {
                throw damaged($"claims that '{deleted.File}' has {deleted.Rows:N0} deleted rows of '{segment.File}'");
            }
            sum += segment.Rows;
        }
        if (sum > int.MaxValue) throw damaged($"claims {sum:N0} rows; an index holds at most {int.MaxValue:N0}");
    }
}
