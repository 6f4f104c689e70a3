using Microsoft.ML.Data;

namespace Swan.Testing;

public sealed class QueryRow
{
    [VectorType(SearchRows.Size)]
    public float[] Query { get; set; } = [];

    public float Number { get; set; }
}
