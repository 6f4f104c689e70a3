using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>One state of an index: all that its readers need to know. A commit is a new manifest.</summary>
internal sealed record IndexManifest
{
    /// <summary>The version of the format; 1.</summary>
    public required int Format { get; init; }

    /// <summary>Rises with each commit.</summary>
    public required long Generation { get; init; }

    /// <summary>When the commit was made, for people.</summary>
    public required DateTime Written { get; init; }

    /// <summary>The number of the next segment. Numbers that a commit has named are not used again.</summary>
    public required long NextSegment { get; init; }

    public required IReadOnlyList<ManifestColumn> Columns { get; init; }

    /// <summary>The rows that can be found.</summary>
    public required ManifestRows Rows { get; init; }

    /// <summary>The rows that have been embedded with another model so far; null if there is no re-embedding.</summary>
    public ManifestRows? Reembedded { get; init; }

    /// <summary>The files that the manifest names.</summary>
    public IEnumerable<string> Files() => Rows.Files().Concat(Reembedded?.Files() ?? []);
}

/// <summary>Rows that one model has embedded.</summary>
internal sealed record ManifestRows
{
    /// <summary>The model; null if unknown.</summary>
    public ManifestModel? Model { get; init; }

    /// <summary>The images' range: <c>model</c>, or the caller's; null if unknown.</summary>
    public string? Range { get; init; }

    /// <summary>The images' bands and no data; null if unknown, as in manifests of earlier versions.</summary>
    public ManifestSamples? Samples { get; init; }

    /// <summary>D.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>Values from one row to the next in a segment.</summary>
    public required int Stride { get; init; }

    /// <summary>The data that a search reads: <c>float32</c> or <c>int8</c>.</summary>
    public required string Scan { get; init; }

    /// <summary>In the order of the rows.</summary>
    public required IReadOnlyList<ManifestSegment> Segments { get; init; }

    public IEnumerable<string> Files()
    {
        foreach (ManifestSegment segment in Segments)
        {
            yield return segment.File;
            if (segment.Deleted is { } deleted) yield return deleted.File;
        }
    }
}

/// <summary>A model, as <see cref="ModelIdentity"/> has it.</summary>
internal sealed record ManifestModel(string Name, string Fingerprint);

/// <summary>Which samples images were read from, as the caller gave it; null is as each file says.</summary>
internal sealed record ManifestSamples
{
    /// <summary>Such as <c>4,3,2</c>.</summary>
    public string? Bands { get; init; }

    /// <summary>A number or <c>NaN</c>.</summary>
    public string? NoData { get; init; }
}

/// <summary>A column, as the index's user named it.</summary>
internal sealed record ManifestColumn(string Name, string Type);

/// <summary>A segment's file.</summary>
internal sealed record ManifestSegment
{
    /// <summary>Its name, from the index's folder.</summary>
    public required string File { get; init; }

    public required int Rows { get; init; }

    public required long Bytes { get; init; }

    /// <summary>XXH128 of the file's first page, which has those of all others.</summary>
    public required string Checksum { get; init; }

    /// <summary>Null where no row is deleted.</summary>
    public ManifestDeleted? Deleted { get; init; }
}

/// <summary>A file with a segment's deleted rows.</summary>
internal sealed record ManifestDeleted
{
    /// <summary>Its name, from the index's folder.</summary>
    public required string File { get; init; }

    /// <summary>Rows that are deleted.</summary>
    public required int Rows { get; init; }

    /// <summary>XXH128 of the file.</summary>
    public required string Checksum { get; init; }
}
