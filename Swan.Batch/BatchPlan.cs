namespace Swan.Batch;

/// <summary>A frozen run of a batch job: the images to embed, and the number of shards.</summary>
public sealed record BatchPlan
{
    /// <summary>Its number, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>How many shards it has; 0 if images are gone but none must be embedded.</summary>
    public required int Shards { get; init; }

    /// <summary>Images to embed.</summary>
    public required long Rows { get; init; }

    /// <summary>Of these, images that are new since the run before.</summary>
    public required long New { get; init; }

    /// <summary>Of these, images whose stamp has changed.</summary>
    public required long Changed { get; init; }

    /// <summary>Of these, images that could not be embedded before, and are tried again.</summary>
    public required long Again { get; init; }

    /// <summary>Images that are unchanged.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Images that no longer exist.</summary>
    public required long Gone { get; init; }

    /// <summary>The estimate; null where <see cref="BatchJobOptions.SampleSize"/> is 0 or there is nothing to embed.</summary>
    public BatchEstimate? Estimate { get; init; }
}
