using Microsoft.ML.Data;

namespace Swan.Testing;

/// <summary>One row that a cursor gave: its values as text, by the column's index.</summary>
public sealed record ViewRow(DataViewRowId Id, long Position, Dictionary<int, string> Values);
