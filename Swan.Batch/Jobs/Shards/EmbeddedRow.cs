using Microsoft.ML.Data;

namespace Swan.Batch.Jobs;

/// <summary>An image with its embedding, or with what is wrong: what the steps after the embedding get.</summary>
internal sealed class EmbeddedRow
{
    /// <summary>Its number within the run, from 0.</summary>
    [ColumnName(BatchSteps.RowColumn)]
    public long Row { get; set; }

    /// <summary>Its key.</summary>
    [ColumnName(BatchSteps.ImageColumn)]
    public string Image { get; set; } = "";

    /// <summary>SHA-256 of its bytes, lower-case hex; empty where it could not be read.</summary>
    [ColumnName(BatchSteps.HashColumn)]
    public string Hash { get; set; } = "";

    /// <summary>D values; NaN in a bad row.</summary>
    [ColumnName(BatchSteps.EmbeddingColumn)]
    public float[] Embedding { get; set; } = [];

    /// <summary>"Reason: message"; empty in a good row.</summary>
    [ColumnName(BatchSteps.ErrorColumn)]
    public string Error { get; set; } = "";

    /// <summary>The stamp of what was read.</summary>
    [NoColumn]
    public string Stamp { get; set; } = "";

    /// <summary>What is kept of it; null where nothing is.</summary>
    [NoColumn]
    public string?[]? Values { get; set; }

    /// <summary>Tells whether <see cref="Values"/> have changed.</summary>
    [NoColumn]
    public string? Kept { get; set; }

    /// <summary>Where its embedding is already, under its key; null where it is to be written.</summary>
    [NoColumn]
    public Runs.RowPlace? Place { get; set; }

    /// <summary>Whether its content had been embedded before.</summary>
    [NoColumn]
    public bool IsReused { get; set; }

    /// <summary>A row before this one of the same content, which it gets its embedding from.</summary>
    [NoColumn]
    public EmbeddedRow? Same { get; set; }

    /// <summary>Why there was no memory for it: it is tried again, alone. Null otherwise.</summary>
    [NoColumn]
    public Exception? NoMemory { get; set; }

    /// <summary>Whether there was no memory for it, or for the one before it of the same content.</summary>
    [NoColumn]
    public bool IsAside => NoMemory is not null || Same is { IsAside: true };

    /// <summary>Whether it has an embedding or an error.</summary>
    [NoColumn]
    public bool IsDone => Error.Length > 0 || Embedding.Length > 0 || Same is { IsDone: true };
}
