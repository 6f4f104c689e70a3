namespace Swan.Batch;

/// <summary>Precision of the embeddings in a batch job's files.</summary>
public enum BatchPrecision
{
    /// <summary>As float32, the values that the model gives.</summary>
    Single,

    /// <summary>As float16, rounded to the nearest: half the bytes, and cosines that are off by less than 0.0005 a side.</summary>
    /// <remarks>A row's length is then 1 to within 0.0005.</remarks>
    Half,
}
