namespace Swan.Batch;

/// <summary>A run of a batch job, frozen: what is to be embedded, and in how many shards.</summary>
public sealed record BatchPlan
{
    /// <summary>Its number, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>How many shards it has; 0 where images are gone and none is to be embedded.</summary>
    public required int Shards { get; init; }

    /// <summary>Images to embed.</summary>
    public required long Rows { get; init; }

    /// <summary>Of these, images that the run before did not know.</summary>
    public required long New { get; init; }

    /// <summary>Of these, images whose stamp is another one than before.</summary>
    public required long Changed { get; init; }

    /// <summary>Of these, images that could not be embedded before, and are tried again.</summary>
    public required long Again { get; init; }

    /// <summary>Images that are as they were.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Images that are no longer there.</summary>
    public required long Gone { get; init; }

    /// <summary>What it will take; null where <see cref="BatchJobOptions.SampleSize"/> is 0 or there is nothing to embed.</summary>
    public BatchEstimate? Estimate { get; init; }
}
