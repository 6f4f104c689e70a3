using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Queries that share a scan. Used again.</summary>
internal sealed class ScanQueries
{
    private ReadOnlyMemory<float> _values;

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary><c>values[q * D + d]</c>, unit length.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>The same as integers; only for galleries that have bytes.</summary>
    public Int8Queries Integers { get; } = new();

    /// <summary>Takes queries.</summary>
    /// <param name="values"><c>values[q * D + d]</c>, unit length; must stay until <see cref="Clear"/>.</param>
    /// <param name="gallery">What is scanned.</param>
    public void Set(ReadOnlyMemory<float> values, ScannedRows gallery)
    {
        (_values, Count) = (values, values.Length / gallery.Dimension);
        if (gallery.Codes is not null) Integers.Set(values.Span, gallery.Dimension);
    }

    /// <summary>Holds the queries no longer.</summary>
    public void Clear() => (_values, Count) = (default, 0);
}
