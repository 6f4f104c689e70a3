namespace Swan.Batch;

/// <summary>One row, as the pipeline gives it.</summary>
internal sealed class ScoredRow
{
    public long Row { get; set; }

    public string Image { get; set; } = "";

    /// <summary>D values of length 1; NaN in a bad row.</summary>
    public float[] Embedding { get; set; } = [];

    /// <summary>Empty in a good row.</summary>
    public string Error { get; set; } = "";
}

/// <summary>Why a row has no embedding.</summary>
/// <param name="Reason">One word, such as <c>Truncated</c>.</param>
/// <param name="Message">What was found, and what to do.</param>
internal sealed record BadRow(string Reason, string Message)
{
    /// <summary>From the pipeline's error column, "Reason: message"; null where the row is good.</summary>
    public static BadRow? Parse(string error)
    {
        if (error.Length == 0) return null;
        int colon = error.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new BadRow("Unknown", error) : new BadRow(error[..colon], error[(colon + 2)..]);
    }
}
