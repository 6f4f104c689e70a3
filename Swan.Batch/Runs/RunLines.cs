using System.Text.Json.Serialization;
using Swan.Batch.Sources;

namespace Swan.Batch.Runs;

/// <summary>Where a row's embedding is.</summary>
/// <param name="Run">The number of the run that made it.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Row">Its number in that shard's Parquet file, from 0.</param>
internal sealed record RowPlace(int Run, int Shard, int Row);

/// <summary>A line of a shard's inputs: an image that the run embeds.</summary>
/// <param name="Key">The image.</param>
/// <param name="Stamp">As it was listed.</param>
/// <param name="Before">What the state has of an image of this key that had another stamp.</param>
internal sealed record InputLine(string Key, string Stamp, StateLine? Before = null) : IKeyed
{
    /// <summary>Its bytes as listed; null where the source doesn't say.</summary>
    public long? Size { get; init; }

    /// <summary>What results keep of it, by the columns of the plan's source; null where nothing is.</summary>
    public string?[]? Values { get; init; }

    /// <summary>Tells whether <see cref="Values"/> have changed.</summary>
    public string? Kept { get; init; }

    /// <summary>As the source listed it.</summary>
    [JsonIgnore]
    public SourceImage Image => new(Key, Stamp) { Size = Size };

    /// <summary>Whether the image is as it was, with its embedding, and only what is kept of it has changed.</summary>
    [JsonIgnore]
    public bool IsKnown => Before is { Place: not null, Hash: not null } && Before.Stamp == Stamp && Before.Kept != Kept;
}

/// <summary>A line of a state: what is known of an image. A shard's own results are such lines, too.</summary>
/// <param name="Key">The image.</param>
/// <param name="Stamp">That of what was read.</param>
internal sealed record StateLine(string Key, string Stamp) : IKeyed
{
    /// <summary>SHA-256 of its bytes, lower-case hex; null where it could not be read.</summary>
    public string? Hash { get; init; }

    /// <summary>Where its embedding is; null where it has none.</summary>
    public RowPlace? Place { get; init; }

    /// <summary>Why it has none; one word.</summary>
    public string? Bad { get; init; }

    /// <summary>Tells whether what the row keeps has changed; null where it keeps nothing.</summary>
    public string? Kept { get; init; }
}

/// <summary>What a listing says of an image beside its key and its stamp.</summary>
/// <param name="Values">What is kept.</param>
/// <param name="Place">Where the source says so.</param>
internal sealed record KeptLine(string?[] Values, string Place);

/// <summary>A line of the images that are gone.</summary>
/// <param name="Key">The image.</param>
/// <param name="Run">The number of the run that found it gone.</param>
internal sealed record GoneLine(string Key, int Run) : IKeyed;

/// <summary>A line that is in the order of its key's UTF-8 bytes.</summary>
internal interface IKeyed
{
    string Key { get; }
}
